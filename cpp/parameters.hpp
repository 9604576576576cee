// A module's parameters: what an operator wrote beside its name.
#ifndef MESOS_AUDIT_PARAMETERS_HPP
#define MESOS_AUDIT_PARAMETERS_HPP

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mesos/mesos.hpp>

#include <stout/option.hpp>

namespace mesos_audit {

class Parameters
{
public:
  explicit Parameters(const mesos::Parameters& parameters);

  // Throws if there is a key that is not among `known`, or one twice: a typing
  // error must not leave a default in force.
  void allowOnly(std::initializer_list<std::string_view> known) const;

  Option<std::string> get(std::string_view key) const;

  // Throws, naming the key, where there is none or an empty one.
  std::string require(std::string_view key, std::string_view why) const;

  typedef std::pair<std::string, std::string> KeyValue;

  const std::vector<KeyValue>& all() const { return pairs; }

private:
  std::vector<KeyValue> pairs;
};


// Parameters for a wrapped authorizer or authenticator, which gets to see the
// keys that it knows and no other.
void assign(
    mesos::Parameters* parameters,
    std::initializer_list<std::pair<std::string_view, std::string_view>> pairs);

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_PARAMETERS_HPP
