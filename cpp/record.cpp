#include "record.hpp"

#include <algorithm>
#include <climits>
#include <cstring>

#include "slice.hpp"

namespace mesos_audit {
namespace {

constexpr uint32_t VARINT = 0;
constexpr uint32_t LENGTH_DELIMITED = 2;

constexpr size_t LONGEST_VARINT = 10;

// A length is only known once the message is written. Five bytes hold any
// length that protobuf allows, padded with continuation bits.
constexpr size_t LENGTH_BYTES = 5;

// Fields of a message that do not fit into that much are taken with all of it.
constexpr size_t MOST_EXTRACTED = 64 * 1024;

}  // namespace


Record::Record(std::string_view begun) : Record()
{
  room(begun.size());
  std::memcpy(at, begun.data(), begun.size());
  at += begun.size();
}


void Record::number(Field field, uint64_t value)
{
  room(2 * LONGEST_VARINT);
  varint(static_cast<uint32_t>(field) << 3 | VARINT);
  varint(value);
}


void Record::bytes(uint32_t number, std::string_view value)
{
  room(2 * LONGEST_VARINT + value.size());
  varint(number << 3 | LENGTH_DELIMITED);
  varint(value.size());
  std::memcpy(at, value.data(), value.size());
  at += value.size();
}


void Record::message(
    uint32_t number,
    const extract::Layout* layout,
    const google::protobuf::MessageLite& value)
{
  const size_t offset = open(number);

  while (layout != nullptr) {
    uint8_t* const behind = extract::write(*layout, value, at, end);
    if (behind != nullptr) {
      at = behind;
      close(offset);
      return;
    }
    if (static_cast<size_t>(end - at) >= MOST_EXTRACTED) {
      break;
    }
    grow(end - at + 1);
  }

  const size_t bytes = value.ByteSizeLong();
  if (bytes > INT_MAX) {
    // More than protobuf can write: the record goes without it.
    at = data + offset;
    return;
  }
  room(bytes);
  at = value.SerializeWithCachedSizesToArray(at);
  close(offset);
}


void Record::verdict(Verdict value)
{
  number(Field::Verdict, static_cast<uint64_t>(value));
}


void Record::duration(Clock::time_point start)
{
  const Clock::time_point now = Clock::now();

  ended = std::chrono::nanoseconds(now.time_since_epoch()).count();
  number(Field::DurationNs, std::chrono::nanoseconds(now - start).count());
}


std::string Record::take() const
{
  return std::string(reinterpret_cast<const char*>(data), size());
}


void Record::send(Callback callback)
{
  record(callback, data, size(), ended);
}


uint64_t Record::sendAtOnce(Callback callback)
{
  return record_at_once(callback, rust::Slice<const uint8_t>(data, size()));
}


bool Record::sendBeforeAnswer(Callback callback)
{
  return record_before_answer(
      callback, rust::Slice<const uint8_t>(data, size()), ended);
}


// Returns where the field begins.
size_t Record::open(uint32_t number)
{
  const size_t offset = size();
  room(LONGEST_VARINT + LENGTH_BYTES);
  varint(number << 3 | LENGTH_DELIMITED);
  at += LENGTH_BYTES;
  return offset;
}


void Record::close(size_t offset)
{
  uint8_t* length = data + offset;

  // Behind the tag, whose last byte is the first without continuation bit.
  while (*length & 0x80) {
    ++length;
  }
  ++length;

  uint64_t bytes = at - length - LENGTH_BYTES;
  for (size_t i = 0; i < LENGTH_BYTES; ++i) {
    const bool last = i + 1 == LENGTH_BYTES;
    length[i] = static_cast<uint8_t>((bytes & 0x7f) | (last ? 0 : 0x80));
    bytes >>= 7;
  }
}


void Record::longer(uint64_t value)
{
  while (value >= 0x80) {
    *at++ = static_cast<uint8_t>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<uint8_t>(value);
}


void Record::grow(size_t bytes)
{
  const size_t used = size();
  const size_t capacity =
      std::max(2 * static_cast<size_t>(end - data), used + bytes);

  std::unique_ptr<uint8_t[]> larger(new uint8_t[capacity]);
  std::memcpy(larger.get(), data, used);
  grown = std::move(larger);
  data = grown.get();
  at = data + used;
  end = data + capacity;
}

}  // namespace mesos_audit
