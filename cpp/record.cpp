#include "record.hpp"

#include <utility>

#include "slice.hpp"

namespace mesos_audit {
namespace {

constexpr uint32_t VARINT = 0;
constexpr uint32_t LENGTH_DELIMITED = 2;

// A length is only known once the message is written. Five bytes hold any
// length that protobuf allows, padded with continuation bits.
constexpr size_t LENGTH_BYTES = 5;

// A thread that once carried a huge message does not hold on to its memory.
constexpr size_t KEPT_CAPACITY = 64 * 1024;
constexpr size_t FIRST_CAPACITY = 1024;


// Set when the thread's buffer is gone: static destructors and other threads'
// endings still call Mesos, and Mesos us. Has no destructor itself, so it can
// be read then.
thread_local bool ended = false;


struct Buffer
{
  ~Buffer() { ended = true; }

  std::string bytes;
};


thread_local Buffer kept;

}  // namespace


// The buffer is moved out while a record is written: should serialising it
// ever come back to us, the inner record simply begins with an empty one.
Record::Record()
{
  if (!ended) {
    buffer = std::move(kept.bytes);
  }
  buffer.clear();

  if (buffer.capacity() < FIRST_CAPACITY) {
    buffer.reserve(FIRST_CAPACITY);
  }
}


Record::Record(std::string&& begun) : buffer(std::move(begun)) {}


Record::~Record()
{
  if (!ended && buffer.capacity() <= KEPT_CAPACITY &&
      buffer.capacity() > kept.bytes.capacity()) {
    kept.bytes = std::move(buffer);
  }
}


void Record::number(Field field, uint64_t value)
{
  varint(static_cast<uint32_t>(field) << 3 | VARINT);
  varint(value);
}


void Record::bytes(Field field, std::string_view value)
{
  bytes(static_cast<uint32_t>(field), value);
}


void Record::bytes(uint32_t number, std::string_view value)
{
  varint(number << 3 | LENGTH_DELIMITED);
  varint(value.size());
  buffer.append(value);
}


void Record::message(Field field, const google::protobuf::MessageLite& value)
{
  message(static_cast<uint32_t>(field), &value);
}


void Record::message(
    uint32_t number, const google::protobuf::MessageLite* value)
{
  if (value == nullptr) {
    return;
  }

  const size_t at = open(number);
  if (value->AppendPartialToString(&buffer)) {
    close(at);
  } else {
    // Only a message of 2 GiB and more fails: the record goes without it.
    buffer.resize(at);
  }
}


void Record::verdict(Verdict value)
{
  number(Field::Verdict, static_cast<uint64_t>(value));
}


void Record::duration(Clock::time_point start)
{
  number(
      Field::DurationNs,
      std::chrono::nanoseconds(Clock::now() - start).count());
}


void Record::send(Callback callback)
{
  record(callback, slice(buffer));
}


bool Record::sendBeforeAnswer(Callback callback)
{
  return record_before_answer(callback, slice(buffer));
}


// Returns where the field begins.
size_t Record::open(uint32_t number)
{
  const size_t at = buffer.size();
  varint(number << 3 | LENGTH_DELIMITED);
  buffer.append(LENGTH_BYTES, '\0');
  return at;
}


void Record::close(size_t at)
{
  // Behind the tag, whose last byte is the first without continuation bit.
  while (buffer[at] & 0x80) {
    ++at;
  }
  ++at;

  uint64_t length = buffer.size() - at - LENGTH_BYTES;
  for (size_t i = 0; i < LENGTH_BYTES; ++i) {
    const bool last = i + 1 == LENGTH_BYTES;
    buffer[at + i] = static_cast<char>((length & 0x7f) | (last ? 0 : 0x80));
    length >>= 7;
  }
}


void Record::varint(uint64_t value)
{
  while (value >= 0x80) {
    buffer.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  buffer.push_back(static_cast<char>(value));
}

}  // namespace mesos_audit
