// The audit trail that the module writes, as text.
#ifndef MESOS_AUDIT_DRIVER_TRAIL_HPP
#define MESOS_AUDIT_DRIVER_TRAIL_HPP

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

namespace driver {

// Makes a scratch folder with a configuration whose output is in it; `more` is
// added to it.
void prepareTrail(const std::string& more = "");

// Removes it.
void removeTrail();

// A path in the scratch folder; `write` makes a file there and returns it.
std::string scratch(const std::string& name);
std::string write(const std::string& name, const std::string& content);

std::string config();

// All lines so far.
std::vector<std::string> trail();

// Lines that hold every one of `parts`. Waits for `count` of them, for the
// worker's sake, and gives up after some seconds.
size_t await(size_t count, std::initializer_list<std::string> parts);

// The same without waiting.
size_t matching(std::initializer_list<std::string> parts);

// One check: no line holds `secret`.
void checkNowhere(const std::string& secret);

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_TRAIL_HPP
