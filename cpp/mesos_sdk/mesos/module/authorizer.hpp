// Describes mesos/module/authorizer.hpp.
#ifndef MESOS_SDK_MESOS_MODULE_AUTHORIZER_HPP
#define MESOS_SDK_MESOS_MODULE_AUTHORIZER_HPP

#include <mesos/module.hpp>

#include <mesos/authorizer/authorizer.hpp>

namespace mesos {
namespace modules {

template <>
inline const char* kind<mesos::Authorizer>()
{
  return "Authorizer";
}

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_AUTHORIZER_HPP
