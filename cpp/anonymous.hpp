// Starts the pipeline, and records errors and security lines of Mesos's own
// log. Mesos creates anonymous modules before all others, so whatever is wrong
// with the configuration is found first, and hardly a line is missed.
#ifndef MESOS_AUDIT_ANONYMOUS_HPP
#define MESOS_AUDIT_ANONYMOUS_HPP

#include <mesos/module/anonymous.hpp>

#include "log_sink.hpp"

namespace mesos_audit {

class Anonymous : public mesos::modules::Anonymous
{
public:
  static mesos::modules::Anonymous* create(const mesos::Parameters& parameters);

  // Mesos never destroys one.
  ~Anonymous() override;

  Anonymous(const Anonymous&) = delete;
  Anonymous& operator=(const Anonymous&) = delete;

private:
  Anonymous();

  LogSink sink;

  // Only one of a process's instances is: a line is recorded once.
  bool hears = false;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_ANONYMOUS_HPP
