// For the functions that a recorded decision runs through: the linker puts them
// side by side. A call with cold caches pays for every page of code that it
// touches, more than for what the code does.
#ifndef MESOS_AUDIT_HOT_HPP
#define MESOS_AUDIT_HOT_HPP

#define MESOS_AUDIT_HOT __attribute__((hot))

// Not to be inlined into them: for what is called from many places, and for
// what is never called as a rule.
#define MESOS_AUDIT_NOINLINE __attribute__((noinline))
#define MESOS_AUDIT_COLD __attribute__((cold, noinline))

#endif  // MESOS_AUDIT_HOT_HPP
