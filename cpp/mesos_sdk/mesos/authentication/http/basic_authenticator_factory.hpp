// Describes mesos/authentication/http/basic_authenticator_factory.hpp.
#ifndef MESOS_SDK_MESOS_AUTHENTICATION_HTTP_BASIC_AUTHENTICATOR_FACTORY_HPP
#define MESOS_SDK_MESOS_AUTHENTICATION_HTTP_BASIC_AUTHENTICATOR_FACTORY_HPP

#include <mesos/mesos.hpp>

#include <process/authenticator.hpp>

#include <stout/try.hpp>

namespace mesos {
namespace http {
namespace authentication {

class BasicAuthenticatorFactory
{
public:
  // Knows the keys `authentication_realm` and `credentials` (a JSON array)
  // and refuses every other.
  static Try<process::http::authentication::Authenticator*> create(
      const Parameters& parameters);
};

}  // namespace authentication
}  // namespace http
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_AUTHENTICATION_HTTP_BASIC_AUTHENTICATOR_FACTORY_HPP
