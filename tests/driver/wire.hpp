// Messages from hand-written wire bytes, so that no generated code is needed
// and none stands between the test and what a hostile peer can send.
#ifndef MESOS_AUDIT_DRIVER_WIRE_HPP
#define MESOS_AUDIT_DRIVER_WIRE_HPP

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include <mesos/mesos.hpp>

namespace driver {

// Length-delimited fields, one after the other.
std::string fields(
    std::initializer_list<std::pair<uint32_t, std::string>> list);

std::string number(uint32_t field, uint64_t value);

// Control characters, broken UTF-8, terminal escapes, newlines, JSON.
extern const std::string HOSTILE;

// Some messages by what the tests tell them apart by.
std::string taskInfo(const std::string& id);
std::string executorInfo(const std::string& id);
std::string frameworkInfo(const std::string& id, const std::string& principal);
std::string slaveInfo(const std::string& hostname);


template <typename M>
void fill(M* message, const std::string& wire)
{
  message->ParsePartialFromString(wire);
}


mesos::Parameters parameters(
    std::initializer_list<std::pair<std::string, std::string>> list);

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_WIRE_HPP
