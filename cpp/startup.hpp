// What `create` of every module has in common.
#ifndef MESOS_AUDIT_STARTUP_HPP
#define MESOS_AUDIT_STARTUP_HPP

#include <exception>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <mesos/mesos.hpp>

#include "parameters.hpp"

#include "mesos-audit-core/rust/core/bridge/mod.rs.h"

namespace mesos_audit {

// Starts the process's pipeline or joins it. Throws what is wrong with the
// configuration.
void join(const Parameters& parameters);

// Records that the module has come to life: its name, and the keys (not the
// values) that it was given.
void recordStart(const char* module, const Parameters& parameters) noexcept;

// One line on stderr, which is all that Mesos lets a module say: from a null
// pointer it makes an error of its own that names no reason.
void refuse(const char* module, const char* reason) noexcept;


// A module that cannot do what it is configured to do must not come to life
// and must not take Mesos down by an exception: Mesos ends itself, in order.
template <typename T, typename F>
T* create(
    const char* module,
    const mesos::Parameters& parameters,
    std::initializer_list<std::string_view> known,
    F&& make) noexcept
{
  try {
    const Parameters given(parameters);
    given.allowOnly(known);
    join(given);

    T* result = std::forward<F>(make)(given);
    recordStart(module, given);
    return result;
  } catch (const std::exception& e) {
    refuse(module, e.what());
  } catch (...) {
    refuse(module, "unknown exception");
  }
  return nullptr;
}


// Calls one of the core's readers, which names the file and the reason, and
// adds the parameter.
template <typename F>
std::string read(std::string_view key, const std::string& value, F&& reader)
{
  try {
    return std::string(std::forward<F>(reader)(rust::Str(value)));
  } catch (const std::exception& e) {
    throw std::runtime_error(
        "parameter '" + std::string(key) + "': " + e.what());
  }
}

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_STARTUP_HPP
