// Counts what holds and what does not.
#ifndef MESOS_AUDIT_DRIVER_CHECK_HPP
#define MESOS_AUDIT_DRIVER_CHECK_HPP

#include <string>

namespace driver {

// Begins a group of checks; its name goes before what fails in it.
void group(const std::string& name);

bool check(bool holds, const std::string& what);

// Prints the totals; true if nothing failed.
bool report();

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_CHECK_HPP
