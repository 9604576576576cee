#include "parameters.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

// `Parameters` of mesos/mesos.proto:
//   repeated Parameter parameter = 1 { string key = 1; string value = 2; }
// Two levels of strings do not warrant generated code, whose version would
// have to be the host's.

namespace mesos_audit {
namespace {

constexpr uint32_t FIRST = 1 << 3 | 2;
constexpr uint32_t SECOND = 2 << 3 | 2;


uint64_t varint(std::string_view* wire)
{
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !wire->empty(); shift += 7) {
    const unsigned char byte = wire->front();
    wire->remove_prefix(1);
    value |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) {
      return value;
    }
  }
  throw std::runtime_error("malformed parameters");
}


std::string_view bytes(std::string_view* wire)
{
  const uint64_t length = varint(wire);
  if (length > wire->size()) {
    throw std::runtime_error("malformed parameters");
  }

  const std::string_view result = wire->substr(0, length);
  wire->remove_prefix(length);
  return result;
}


void append(std::string* wire, uint32_t tag, std::string_view value)
{
  wire->push_back(static_cast<char>(tag));
  for (size_t rest = value.size();; rest >>= 7) {
    if (rest < 0x80) {
      wire->push_back(static_cast<char>(rest));
      break;
    }
    wire->push_back(static_cast<char>(rest | 0x80));
  }
  wire->append(value);
}

}  // namespace


Parameters::Parameters(const mesos::Parameters& parameters)
{
  const std::string serialized = parameters.SerializePartialAsString();

  // Just serialised from a message with known fields only, except for what
  // a newer Mesos may add: such a field would be length-delimited or, then,
  // refused here.
  std::string_view wire = serialized;
  while (!wire.empty()) {
    const uint64_t outer = varint(&wire);
    std::string_view parameter = bytes(&wire);
    if (outer != FIRST) {
      continue;
    }

    KeyValue pair;
    while (!parameter.empty()) {
      const uint64_t inner = varint(&parameter);
      const std::string_view text = bytes(&parameter);
      if (inner == FIRST) {
        pair.first = text;
      } else if (inner == SECOND) {
        pair.second = text;
      }
    }
    pairs.push_back(std::move(pair));
  }
}


void Parameters::allowOnly(std::initializer_list<std::string_view> known) const
{
  for (auto pair = pairs.begin(); pair != pairs.end(); ++pair) {
    if (std::find(known.begin(), known.end(), pair->first) == known.end()) {
      std::string list;
      for (std::string_view key : known) {
        list += list.empty() ? "" : ", ";
        list += key;
      }
      throw std::runtime_error(
          "unknown parameter '" + pair->first + "' (known: " + list + ")");
    }

    const auto same = [pair](const KeyValue& other) {
      return other.first == pair->first;
    };
    if (std::find_if(pairs.begin(), pair, same) != pair) {
      throw std::runtime_error(
          "parameter '" + pair->first + "' is given twice");
    }
  }
}


Option<std::string> Parameters::get(std::string_view key) const
{
  for (const KeyValue& pair : pairs) {
    if (pair.first == key) {
      return pair.second;
    }
  }
  return None();
}


std::string Parameters::require(
    std::string_view key, std::string_view why) const
{
  const Option<std::string> value = get(key);
  if (value.isNone() || value.get().empty()) {
    throw std::runtime_error(
        "missing parameter '" + std::string(key) + "': " + std::string(why));
  }
  return value.get();
}


void assign(
    mesos::Parameters* parameters,
    std::initializer_list<std::pair<std::string_view, std::string_view>> pairs)
{
  std::string wire;
  for (const auto& pair : pairs) {
    std::string parameter;
    append(&parameter, FIRST, pair.first);
    append(&parameter, SECOND, pair.second);
    append(&wire, FIRST, parameter);
  }

  if (!parameters->ParsePartialFromString(wire)) {
    throw std::runtime_error("cannot build parameters");
  }
}

}  // namespace mesos_audit
