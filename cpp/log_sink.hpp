// Hears every line that Mesos logs, and records those that are about errors
// and security.
//
// `send` runs inside glog's lock, on whatever thread logs: it must not log,
// wait or throw.
#ifndef MESOS_AUDIT_LOG_SINK_HPP
#define MESOS_AUDIT_LOG_SINK_HPP

#include <ctime>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sys/types.h>

#include <glog/logging.h>

namespace mesos_audit {

class LogSink : public google::LogSink
{
public:
  // Only this process's lines: a child that was forked has no worker.
  LogSink();

  // What Mesos's own glog calls; 3rdparty/glog-0.4.0.patch adds the last
  // argument. No `override`: a Mesos that was built with another glog does not
  // have it.
  virtual void send(
      google::LogSeverity severity,
      const char* path,
      const char* file,
      int line,
      const struct ::tm* time,
      const char* text,
      size_t size,
      int32_t micros);

  // What any other calls.
  void send(
      google::LogSeverity severity,
      const char* path,
      const char* file,
      int line,
      const struct ::tm* time,
      const char* text,
      size_t size) override;

  // Outside the lock, after each line; after a fatal one the process aborts.
  void WaitTillSent() override;

private:
  void take(
      int severity, const char* file, int line, std::string_view text) noexcept;

  const pid_t process;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_LOG_SINK_HPP
