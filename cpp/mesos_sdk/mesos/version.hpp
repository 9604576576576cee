// Describes mesos/version.hpp. Mesos refuses a module whose version string is
// not its own; CMake's -DMESOS_VERSION picks another than the default.
#ifndef MESOS_SDK_MESOS_VERSION_HPP
#define MESOS_SDK_MESOS_VERSION_HPP

#ifndef MESOS_VERSION
#define MESOS_VERSION "1.11.0"
#endif

#endif  // MESOS_SDK_MESOS_VERSION_HPP
