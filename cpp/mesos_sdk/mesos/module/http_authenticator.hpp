// Describes mesos/module/http_authenticator.hpp.
#ifndef MESOS_SDK_MESOS_MODULE_HTTP_AUTHENTICATOR_HPP
#define MESOS_SDK_MESOS_MODULE_HTTP_AUTHENTICATOR_HPP

#include <mesos/module.hpp>

#include <process/authenticator.hpp>

namespace mesos {
namespace modules {

template <>
inline const char* kind<process::http::authentication::Authenticator>()
{
  return "HttpAuthenticator";
}

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_HTTP_AUTHENTICATOR_HPP
