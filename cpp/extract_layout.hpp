// What extract.cpp knows of a message, for extract_trial.cpp as well.
#ifndef MESOS_AUDIT_EXTRACT_LAYOUT_HPP
#define MESOS_AUDIT_EXTRACT_LAYOUT_HPP

#include <cstddef>
#include <cstdint>

#include "extract.hpp"

namespace mesos_audit {
namespace extract {

enum class Kind : uint8_t
{
  Text,
  Texts,
  // Another message of which we know the layout.
  Part,
  Parts,
  // Another message, of which only libmesos does.
  Whole,
  Wholes,
  Double,
  Enum,
  Bool,
};

// In place of a bit.
constexpr uint8_t REPEATED = 32;

struct Field
{
  const Layout* part;
  uint8_t number;
  uint8_t bit;
  Kind kind;
};

struct Layout
{
  const Field* first;
  const Field* last;
  // As `write`, of what is at `object`.
  uint8_t* (*write)(const char* object, uint8_t* to, const uint8_t* end);
};

constexpr uint8_t VARINT = 0;
constexpr uint8_t FIXED64 = 1;
constexpr uint8_t LENGTH_DELIMITED = 2;

// Tag, and a length of two bytes.
constexpr size_t PREFIX_BYTES = 3;
constexpr size_t LONGEST = 0x3fff;

inline uint8_t* prefix(uint8_t number, size_t length, uint8_t* to)
{
  to[0] = static_cast<uint8_t>(number << 3 | LENGTH_DELIMITED);
  to[1] = static_cast<uint8_t>((length & 0x7f) | 0x80);
  to[2] = static_cast<uint8_t>(length >> 7);
  return to + PREFIX_BYTES;
}

}  // namespace extract
}  // namespace mesos_audit

#endif  // MESOS_AUDIT_EXTRACT_LAYOUT_HPP
