// Describes mesos/resources.hpp.
#ifndef MESOS_SDK_MESOS_RESOURCES_HPP
#define MESOS_SDK_MESOS_RESOURCES_HPP

namespace mesos {

// Room for the value that a hook could return. Never made here, so it needs
// no constructor, and its destructor may do nothing.
class Resources
{
public:
  Resources(const Resources&) = delete;

private:
  alignas(8) unsigned char storage[264];
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_RESOURCES_HPP
