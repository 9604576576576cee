// Describes mesos/module/authenticator.hpp.
#ifndef MESOS_SDK_MESOS_MODULE_AUTHENTICATOR_HPP
#define MESOS_SDK_MESOS_MODULE_AUTHENTICATOR_HPP

#include <mesos/module.hpp>

#include <mesos/authentication/authenticator.hpp>

namespace mesos {
namespace modules {

template <>
inline const char* kind<mesos::Authenticator>()
{
  return "Authenticator";
}

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_AUTHENTICATOR_HPP
