#include "extract.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include <mesos/version.hpp>

#include "extract_layout.hpp"
#include "extract_trial.hpp"
#include "hot.hpp"

#ifdef MESOS_AUDIT_FAULT_INJECTION
#include <cstdlib>
#endif

#define INLINED inline __attribute__((always_inline))

namespace mesos_audit {
namespace extract {
namespace {

// In a message: behind the virtual table and the unknown fields.
constexpr size_t HAS_BITS = 16;

// In a RepeatedPtrField, and in what it points to.
constexpr size_t COUNT = 8;
constexpr size_t ELEMENTS = 16;
constexpr size_t FIRST_ELEMENT = 8;

// Set before anything is recorded.
bool enabled = false;


template <typename T>
INLINED T load(const char* address)
{
  T value;
  std::memcpy(&value, address, sizeof(value));
  return value;
}


// Every generated class begins with its MessageLite.
const google::protobuf::MessageLite& message(const char* object)
{
  return *reinterpret_cast<const google::protobuf::MessageLite*>(object);
}


// Any size between one and two times N, by two loads that overlap.
template <size_t N>
INLINED void copyEnds(uint8_t* to, const char* from, size_t size)
{
  uint8_t first[N];
  uint8_t last[N];
  std::memcpy(first, from, N);
  std::memcpy(last, from + size - N, N);
  std::memcpy(to, first, N);
  std::memcpy(to + size - N, last, N);
}


// As memcpy, whose call would take longer than the copying: nearly all texts
// are short.
INLINED void copy(uint8_t* to, const char* from, size_t size)
{
  if (size > 64) {
    std::memcpy(to, from, size);
  } else if (size > 32) {
    copyEnds<32>(to, from, size);
  } else if (size >= 16) {
    copyEnds<16>(to, from, size);
  } else if (size >= 8) {
    copyEnds<8>(to, from, size);
  } else if (size >= 4) {
    copyEnds<4>(to, from, size);
  } else {
    for (size_t i = 0; i < size; ++i) {
      to[i] = static_cast<uint8_t>(from[i]);
    }
  }
}


// Each of these returns what is behind it, or null where there is no room.

INLINED bool fits(size_t size, const uint8_t* to, const uint8_t* end)
{
  return size <= LONGEST &&
         static_cast<size_t>(end - to) >= PREFIX_BYTES + size;
}


// One for all fields: inlined into each, it would be most of the code, and a
// call with cold caches pays for every line of that.
MESOS_AUDIT_NOINLINE MESOS_AUDIT_HOT uint8_t* putText(
    uint8_t number, const std::string& text, uint8_t* to, const uint8_t* end)
{
  const size_t size = text.size();
  if (!fits(size, to, end)) {
    return nullptr;
  }
  to = prefix(number, size, to);
  copy(to, text.data(), size);
  return to + size;
}


uint8_t* putWhole(
    uint8_t number,
    const google::protobuf::MessageLite& message,
    uint8_t* to,
    const uint8_t* end)
{
  const size_t size = message.ByteSizeLong();
  if (!fits(size, to, end)) {
    return nullptr;
  }
  return message.SerializeWithCachedSizesToArray(prefix(number, size, to));
}


INLINED uint8_t* putNumber(
    uint8_t number, uint64_t value, uint8_t* to, const uint8_t* end)
{
  // Tag, and ten bytes of a negative value.
  if (!fits(11 - PREFIX_BYTES, to, end)) {
    return nullptr;
  }
  *to++ = static_cast<uint8_t>(number << 3 | VARINT);
  while (value >= 0x80) {
    *to++ = static_cast<uint8_t>(value | 0x80);
    value >>= 7;
  }
  *to++ = static_cast<uint8_t>(value);
  return to;
}


INLINED uint8_t* putDouble(
    uint8_t number, const char* value, uint8_t* to, const uint8_t* end)
{
  if (!fits(1 + sizeof(double) - PREFIX_BYTES, to, end)) {
    return nullptr;
  }
  *to++ = static_cast<uint8_t>(number << 3 | FIXED64);
  std::memcpy(to, value, sizeof(double));
  return to + sizeof(double);
}


typedef uint8_t* (*Write)(const char*, uint8_t*, const uint8_t*);

template <Write part>
INLINED uint8_t* putPart(
    uint8_t number, const char* object, uint8_t* to, const uint8_t* end)
{
  if (!fits(0, to, end)) {
    return nullptr;
  }
  uint8_t* const behind = part(object, to + PREFIX_BYTES, end);
  if (behind == nullptr || !fits(behind - to - PREFIX_BYTES, to, end)) {
    return nullptr;
  }
  prefix(number, behind - to - PREFIX_BYTES, to);
  return behind;
}


template <Kind kind, Write part>
INLINED uint8_t* putElement(
    uint8_t number, const char* element, uint8_t* to, const uint8_t* end)
{
  if constexpr (kind == Kind::Texts) {
    const auto* const text = reinterpret_cast<const std::string*>(element);
    return putText(number, *text, to, end);
  } else if constexpr (kind == Kind::Parts) {
    return putPart<part>(number, element, to, end);
  } else {
    return putWhole(number, message(element), to, end);
  }
}


template <Kind kind, Write part>
INLINED uint8_t* putRepeated(
    uint8_t number, const char* repeated, uint8_t* to, const uint8_t* end)
{
  const int count = load<int>(repeated + COUNT);
  if (count == 0) {
    return to;
  }
  const char* element = load<const char*>(repeated + ELEMENTS) + FIRST_ELEMENT;
  for (int i = 0; i < count && to != nullptr; ++i) {
    to = putElement<kind, part>(number, load<const char*>(element), to, end);
    element += sizeof(element);
  }
  return to;
}


template <Kind kind, uint8_t number, uint8_t bit, size_t offset, Write part>
INLINED uint8_t* put(
    const char* object, uint32_t set, uint8_t* to, const uint8_t* end)
{
  const char* const place = object + offset;

  if constexpr (bit == REPEATED) {
    return putRepeated<kind, part>(number, place, to, end);
  } else {
    if ((set >> bit & 1) == 0) {
      return to;
    }
    if constexpr (kind == Kind::Text) {
      return putText(number, *load<const std::string*>(place), to, end);
    } else if constexpr (kind == Kind::Part) {
      return putPart<part>(number, load<const char*>(place), to, end);
    } else if constexpr (kind == Kind::Double) {
      return putDouble(number, place, to, end);
    } else if constexpr (kind == Kind::Enum) {
      const int64_t value = load<int32_t>(place);
      return putNumber(number, value, to, end);
    } else if constexpr (kind == Kind::Bool) {
      return putNumber(number, load<uint8_t>(place), to, end);
    } else {
      return putWhole(number, message(load<const char*>(place)), to, end);
    }
  }
}


// Has the processor fetch what the message points to, so that it waits for all
// of it once: read one after the other, each is known only when the one before
// is written. Nothing is read there, so it may be null.
template <Kind kind, uint8_t bit, size_t offset>
INLINED void fetch(const char* object)
{
  if constexpr (bit == REPEATED) {
    __builtin_prefetch(load<const char*>(object + offset + ELEMENTS));
  } else if constexpr (
      kind == Kind::Text || kind == Kind::Part || kind == Kind::Whole) {
    __builtin_prefetch(load<const char*>(object + offset));
  }
}

#define MESSAGE(name, type)                    \
  INLINED void fetch##name(const char* object) \
  {
#define FIELD(type, member, number, kind, part, offset, bit) \
  fetch<Kind::kind, bit, offset>(object);
#define END(name) }
#include "mesos_sdk/fields.hpp"
#undef MESSAGE
#undef FIELD
#undef END


// A function for each message: a walk over a table takes twice as long.
constexpr Write writeNone = nullptr;

#define MESSAGE(name, type)                                                  \
  MESOS_AUDIT_HOT uint8_t* write##name(                                      \
      const char* object, uint8_t* to, const uint8_t* end)                   \
  {                                                                          \
    [[maybe_unused]] const uint32_t set = load<uint32_t>(object + HAS_BITS); \
    fetch##name(object);
#define FIELD(type, member, number, kind, part, offset, bit)                   \
  to =                                                                         \
      put<Kind::kind, number, bit, offset, write##part>(object, set, to, end); \
  if (to == nullptr) {                                                         \
    return nullptr;                                                            \
  }
#define END(name) \
  return to;      \
  }
#include "mesos_sdk/fields.hpp"
#undef MESSAGE
#undef FIELD
#undef END


// And a table for trying it out.
constexpr const Layout* None = nullptr;

#define MESSAGE(name, type) constexpr Field name##Fields[] = {
#define FIELD(type, member, number, kind, part, offset, bit) \
  {part, number, bit, Kind::kind},
#define END(name)                                          \
  }                                                        \
  ;                                                        \
  constexpr Layout name##Layout = {                        \
      name##Fields,                                        \
      name##Fields + sizeof(name##Fields) / sizeof(Field), \
      write##name};                                        \
  constexpr const Layout* name = &name##Layout;
#include "mesos_sdk/fields.hpp"
#undef MESSAGE
#undef FIELD
#undef END

}  // namespace


MESOS_AUDIT_HOT uint8_t* write(
    const Layout& layout,
    const google::protobuf::MessageLite& message,
    uint8_t* to,
    const uint8_t* end)
{
  return layout.write(reinterpret_cast<const char*>(&message), to, end);
}


bool enable()
{
  // Mesos gives a module only to the version that it was built for.
  constexpr std::string_view version = MESOS_VERSION;
  if (version.substr(0, 5) != "1.11.") {
    return false;
  }
#ifdef MESOS_AUDIT_FAULT_INJECTION
  const char* fault = std::getenv("MESOS_AUDIT_FAULT");
  if (fault != nullptr && std::string_view(fault) == "whole") {
    return false;
  }
#endif
  // What the others hold as parts is tried out with them.
  enabled = readsBack<mesos::CommandInfo>(*CommandInfo) &&
            readsBack<mesos::ExecutorInfo>(*ExecutorInfo) &&
            readsBack<mesos::FrameworkInfo>(*FrameworkInfo) &&
            readsBack<mesos::Resource>(*Resource) &&
            readsBack<mesos::Task>(*Task) &&
            readsBack<mesos::TaskInfo>(*TaskInfo) &&
            readsBack<mesos::authorization::Request>(*Request);
  return enabled;
}


#define LAYOUT(type, name)                                   \
  MESOS_AUDIT_HOT const Layout* layout(const type&) noexcept \
  {                                                          \
    return enabled ? name : None;                            \
  }

LAYOUT(mesos::CommandInfo, CommandInfo)
LAYOUT(mesos::ExecutorInfo, ExecutorInfo)
LAYOUT(mesos::FrameworkInfo, FrameworkInfo)
LAYOUT(mesos::Resource, Resource)
LAYOUT(mesos::Task, Task)
LAYOUT(mesos::TaskInfo, TaskInfo)
LAYOUT(mesos::authorization::Request, Request)

}  // namespace extract
}  // namespace mesos_audit
