// The implementations that the module wraps by default. Mesos exports them
// but does not install their headers, so they are declared here in both builds,
// from src/authorizer/local/authorizer.hpp and
// src/authentication/cram_md5/authenticator.hpp.
#ifndef MESOS_AUDIT_INTERNALS_HPP
#define MESOS_AUDIT_INTERNALS_HPP

#include <mesos/authentication/authenticator.hpp>
#include <mesos/authorizer/authorizer.hpp>
#include <mesos/mesos.hpp>

#include <stout/try.hpp>

namespace mesos {
namespace internal {

class LocalAuthorizer
{
public:
  // Reads the parameter `acls`, which must be there, and no other.
  static Try<Authorizer*> create(const Parameters& parameters);
};


namespace cram_md5 {

class CRAMMD5Authenticator
{
public:
  static Try<Authenticator*> create();
};

}  // namespace cram_md5
}  // namespace internal
}  // namespace mesos

#endif  // MESOS_AUDIT_INTERNALS_HPP
