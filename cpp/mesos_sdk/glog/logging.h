// Describes glog/logging.h of the glog 0.4.0 that Mesos bundles and patches
// (3rdparty/glog-0.4.0.patch): what hears the lines that are logged.
#ifndef MESOS_SDK_GLOG_LOGGING_H
#define MESOS_SDK_GLOG_LOGGING_H

#include <ctime>

#include <cstddef>
#include <cstdint>

namespace google {

// 0 INFO, 1 WARNING, 2 ERROR, 3 FATAL.
typedef int LogSeverity;
typedef int32_t int32;


class LogSink
{
public:
  virtual ~LogSink();

  // With the microseconds of the time; calls the other unless overridden. The
  // patch put it first.
  virtual void send(
      LogSeverity severity,
      const char* path,
      const char* file,
      int line,
      const struct ::tm* time,
      const char* text,
      size_t size,
      int32 micros);

  virtual void send(
      LogSeverity severity,
      const char* path,
      const char* file,
      int line,
      const struct ::tm* time,
      const char* text,
      size_t size) = 0;

  virtual void WaitTillSent();
};


void AddLogSink(LogSink* sink);
void RemoveLogSink(LogSink* sink);

}  // namespace google

#endif  // MESOS_SDK_GLOG_LOGGING_H
