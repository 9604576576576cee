// Describes mesos/module/allocator.hpp.
#ifndef MESOS_SDK_MESOS_MODULE_ALLOCATOR_HPP
#define MESOS_SDK_MESOS_MODULE_ALLOCATOR_HPP

#include <mesos/module.hpp>

#include <mesos/allocator/allocator.hpp>

namespace mesos {
namespace modules {

template <>
inline const char* kind<mesos::allocator::Allocator>()
{
  return "Allocator";
}

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_ALLOCATOR_HPP
