// Describes mesos/authentication/authenticator.hpp.
#ifndef MESOS_SDK_MESOS_AUTHENTICATION_AUTHENTICATOR_HPP
#define MESOS_SDK_MESOS_AUTHENTICATION_AUTHENTICATOR_HPP

#include <string>

#include <mesos/mesos.hpp>

#include <process/future.hpp>
#include <process/pid.hpp>

#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <stout/try.hpp>

namespace mesos {

class Authenticator
{
public:
  virtual ~Authenticator() {}

  virtual Try<Nothing> initialize(const Option<Credentials>& credentials) = 0;

  // The principal, or None if the credentials are wrong. A failed future is
  // an error, after which the peer may try again.
  virtual process::Future<Option<std::string>> authenticate(
      const process::UPID& from) = 0;
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_AUTHENTICATION_AUTHENTICATOR_HPP
