// Describes mesos/module/anonymous.hpp: a module that only exists.
#ifndef MESOS_SDK_MESOS_MODULE_ANONYMOUS_HPP
#define MESOS_SDK_MESOS_MODULE_ANONYMOUS_HPP

#include <mesos/module.hpp>

namespace mesos {
namespace modules {

class Anonymous
{
public:
  virtual ~Anonymous() {}
};


template <>
inline const char* kind<Anonymous>()
{
  return "Anonymous";
}

}  // namespace modules
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MODULE_ANONYMOUS_HPP
