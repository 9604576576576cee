// For the functions that a recorded decision runs through: the linker puts them
// side by side. A call with cold caches pays for every page of code that it
// touches, more than for what the code does.
#ifndef MESOS_AUDIT_HOT_HPP
#define MESOS_AUDIT_HOT_HPP

#define MESOS_AUDIT_HOT __attribute__((hot))

#endif  // MESOS_AUDIT_HOT_HPP
