// Writes a `Record` (schema/record.proto) as protobuf wire bytes and hands it
// to the core. Mesos's messages go in as Mesos serialises them: nothing is
// taken apart on Mesos's threads.
#ifndef MESOS_AUDIT_RECORD_HPP
#define MESOS_AUDIT_RECORD_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/message_lite.h>

#include <stout/option.hpp>

#include "mesos-audit-core/rust/core/bridge/mod.rs.h"

namespace mesos_audit {

typedef std::chrono::steady_clock Clock;


class Record
{
public:
  // Begins one in a buffer that the thread keeps between records.
  Record();

  // Goes on with one that was `take`n earlier.
  explicit Record(std::string&& begun);

  ~Record();

  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  void number(Field field, uint64_t value);
  void bytes(Field field, std::string_view value);
  void message(Field field, const google::protobuf::MessageLite& value);
  void verdict(Verdict value);

  // The time since `start`.
  void duration(Clock::time_point start);

  // A claim of an authenticated principal, or a part of an authorization's
  // object: `body` writes the sub-message's fields by number.
  template <typename F>
  void nested(Field field, F&& body)
  {
    const size_t at = open(static_cast<uint32_t>(field));
    body();
    close(at);
  }

  template <typename F>
  void nested(uint32_t number, F&& body)
  {
    const size_t at = open(number);
    body();
    close(at);
  }

  void bytes(uint32_t number, std::string_view value);

  // Null writes nothing.
  void message(uint32_t number, const google::protobuf::MessageLite* value);

  // What has been written, so that it can wait for a verdict. The thread's
  // buffer stays with the thread.
  std::string take() const { return buffer; }

  void send(Callback callback);

  // The same, and waits until it is on disk or the configured deadline has
  // passed. Whether the answer may be given then: it may not where the record
  // is not on disk and the configuration says to deny.
  bool sendBeforeAnswer(Callback callback);

private:
  size_t open(uint32_t number);
  void close(size_t at);
  void varint(uint64_t value);

  std::string buffer;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_RECORD_HPP
