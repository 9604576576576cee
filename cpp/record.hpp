// Writes a `Record` (schema/record.proto) as protobuf wire bytes and hands it
// to the core. Of Mesos's frequent messages the recorded fields go in
// (extract.hpp), the others as Mesos serialises them.
#ifndef MESOS_AUDIT_RECORD_HPP
#define MESOS_AUDIT_RECORD_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <google/protobuf/message_lite.h>

#include <stout/option.hpp>

#include "extract.hpp"
#include "hot.hpp"
#include "mesos-audit-core/rust/core/bridge/mod.rs.h"

namespace mesos_audit {

typedef std::chrono::steady_clock Clock;


// Small ones are put together on the stack: no allocation, and nothing that is
// looked up per thread.
class Record
{
public:
  Record() : data(inlined), end(inlined + INLINED), at(inlined) {}

  // Goes on with one that was `take`n earlier.
  explicit Record(std::string_view begun);

  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  MESOS_AUDIT_HOT void number(Field field, uint64_t value);
  void bytes(Field field, std::string_view value)
  {
    bytes(static_cast<uint32_t>(field), value);
  }

  template <typename T>
  void message(Field field, const T& value)
  {
    message(static_cast<uint32_t>(field), extract::layout(value), value);
  }

  MESOS_AUDIT_HOT void verdict(Verdict value);

  // The time since `start`, which ends here: the record's own time.
  MESOS_AUDIT_HOT void duration(Clock::time_point start);

  // A claim of an authenticated principal, or a part of an authorization's
  // object: `body` writes the sub-message's fields by number.
  template <typename F>
  void nested(Field field, F&& body)
  {
    nested(static_cast<uint32_t>(field), std::forward<F>(body));
  }

  template <typename F>
  void nested(uint32_t number, F&& body)
  {
    const size_t offset = open(number);
    body();
    close(offset);
  }

  MESOS_AUDIT_HOT void bytes(uint32_t number, std::string_view value);

  // Null writes nothing.
  template <typename T>
  void message(uint32_t number, const T* value)
  {
    if (value != nullptr) {
      message(number, extract::layout(*value), *value);
    }
  }

  // What has been written, so that it can wait for a verdict.
  std::string take() const;

  MESOS_AUDIT_HOT void send(Callback callback);

  // The same, but waits for nothing. A number for `await_record`.
  uint64_t sendAtOnce(Callback callback);

  // The same, and waits until it is on disk or the configured deadline has
  // passed. Whether the answer may be given then: it may not where the record
  // is not on disk and the configuration says to deny.
  bool sendBeforeAnswer(Callback callback);

private:
  static constexpr size_t INLINED = 2048;

  MESOS_AUDIT_HOT void message(
      uint32_t number,
      const extract::Layout* layout,
      const google::protobuf::MessageLite& value);

  // Offsets of a field that is open: the bytes may move until it is closed.
  MESOS_AUDIT_HOT size_t open(uint32_t number);
  MESOS_AUDIT_HOT void close(size_t offset);

  // There must be room.
  void varint(uint64_t value)
  {
    if (value < 0x80) {
      *at++ = static_cast<uint8_t>(value);
    } else {
      longer(value);
    }
  }
  // Once, and not in each that needs it: with cold caches, code that has been
  // fetched already is worth more than a call that is saved.
  MESOS_AUDIT_HOT MESOS_AUDIT_NOINLINE void longer(uint64_t value);
  void room(size_t bytes)
  {
    if (static_cast<size_t>(end - at) < bytes) {
      grow(bytes);
    }
  }
  MESOS_AUDIT_COLD void grow(size_t bytes);
  size_t size() const { return at - data; }

  uint8_t* data;
  uint8_t* end;
  uint8_t* at;
  // By the monotonic clock, in nanoseconds; 0: when it is sent.
  int64_t ended = 0;
  std::unique_ptr<uint8_t[]> grown;
  uint8_t inlined[INLINED];
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_RECORD_HPP
