// Describes mesos/module/hook.hpp.
#ifndef MESOS_SDK_MESOS_MODULE_HOOK_HPP
#define MESOS_SDK_MESOS_MODULE_HOOK_HPP

#include <mesos/module.hpp>

#include <mesos/hook.hpp>

namespace mesos {
namespace modules {

template <>
inline const char* kind<mesos::Hook>()
{
  return "Hook";
}

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_HOOK_HPP
