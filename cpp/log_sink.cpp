#include "log_sink.hpp"

#include <algorithm>

#include <unistd.h>

#include "guard.hpp"
#include "record.hpp"
#include "slice.hpp"

namespace mesos_audit {
namespace {

constexpr int FATAL = 3;

// Enough to recognise any line, and to find secrets that are cut in two by what
// an event has room for. glog itself ends at 30,000.
constexpr size_t MOST = 4096;

// The fatal line that this thread has handed over and not waited for.
thread_local uint64_t awaited = 0;

}  // namespace


LogSink::LogSink() : process(::getpid()) {}


void LogSink::send(
    google::LogSeverity severity,
    const char*,
    const char* file,
    int line,
    const struct ::tm*,
    const char* text,
    size_t size,
    int32_t)
{
  take(severity, file, line, std::string_view(text, size));
}


void LogSink::send(
    google::LogSeverity severity,
    const char*,
    const char* file,
    int line,
    const struct ::tm*,
    const char* text,
    size_t size)
{
  take(severity, file, line, std::string_view(text, size));
}


void LogSink::WaitTillSent()
{
  if (awaited != 0) {
    await_record(awaited);
    awaited = 0;
  }
}


void LogSink::take(
    int severity, const char* file, int line, std::string_view text) noexcept
{
  const std::string_view name = file == nullptr ? "" : file;
  const std::string_view begin = text.substr(0, std::min(text.size(), MOST));

  if (!wants_line(severity, slice(name), slice(begin)) ||
      ::getpid() != process) {
    return;
  }

  observe(Callback::LogLine, [&]() {
    Record record;
    record.number(Field::Severity, severity);
    record.bytes(Field::File, name);
    record.number(Field::Line, line);
    record.bytes(Field::Text, begin);
    record.number(Field::TextBytes, text.size());

    const uint64_t number = record.sendAtOnce(Callback::LogLine);
    if (severity >= FATAL) {
      awaited = number;
    }
  });
}

}  // namespace mesos_audit
