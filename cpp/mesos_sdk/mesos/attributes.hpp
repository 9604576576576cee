// Describes mesos/attributes.hpp.
#ifndef MESOS_SDK_MESOS_ATTRIBUTES_HPP
#define MESOS_SDK_MESOS_ATTRIBUTES_HPP

namespace mesos {

// As `Resources`: room for a return value, never made here.
class Attributes
{
public:
  Attributes(const Attributes&) = delete;

private:
  alignas(8) unsigned char storage[24];
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_ATTRIBUTES_HPP
