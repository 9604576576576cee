// Describes stout/none.hpp.
#ifndef MESOS_SDK_STOUT_NONE_HPP
#define MESOS_SDK_STOUT_NONE_HPP

struct None
{};

#endif  // MESOS_SDK_STOUT_NONE_HPP
