// Describes stout/nothing.hpp.
#ifndef MESOS_SDK_STOUT_NOTHING_HPP
#define MESOS_SDK_STOUT_NOTHING_HPP

struct Nothing
{};

#endif  // MESOS_SDK_STOUT_NOTHING_HPP
