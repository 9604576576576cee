#include "anonymous.hpp"

#include <atomic>

#include "startup.hpp"

namespace mesos_audit {
namespace {

const char NAME[] = "org_mesos_audit_Anonymous";

std::atomic<bool> heard{false};

}  // namespace


mesos::modules::Anonymous* Anonymous::create(
    const mesos::Parameters& parameters)
{
  return mesos_audit::create<mesos::modules::Anonymous>(
      NAME, parameters, {"config"}, [](const Parameters&) {
        return new Anonymous();
      });
}


Anonymous::Anonymous()
{
  if (watches_log() && !heard.exchange(true)) {
    hears = true;
    google::AddLogSink(&sink);
  }
}


Anonymous::~Anonymous()
{
  // When it returns no thread is in the sink any more.
  if (hears) {
    google::RemoveLogSink(&sink);
    heard = false;
  }
}

}  // namespace mesos_audit
