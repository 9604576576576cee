// glog, set as Mesos sets it in src/logging/logging.cpp with --log_dir: nothing
// is held back (logbufsecs = 0). With --quiet, that is without the copy to
// standard error that Mesos writes otherwise: the cheaper of its two ways.

#include "peer.hpp"

#include <cstdlib>

#include <glog/logging.h>

namespace {

Event event;

}  // namespace


int peer_open(
    const char* folder, const char* settings, const Text* texts, size_t count)
{
  event = Event(texts, count);
  event.rest.assign(std::strtoul(settings, nullptr, 10), 'x');

  FLAGS_logbufsecs = 0;
  FLAGS_stderrthreshold = google::FATAL;
  google::InitGoogleLogging("mesos-master");
  google::SetLogDestination(
      google::INFO, (std::string(folder) + "/events.").c_str());
  google::SetLogSymlink(google::INFO, "");
  return 0;
}


void peer_emit(int64_t timestamp, uint64_t duration, double cpus, double mem)
{
  if (event.taskId.empty()) {
    LOG(INFO) << "timestamp=" << timestamp << " host=" << event.host
              << " service=" << event.service
              << " principal=" << event.principal << " action=" << event.action
              << " decision=" << event.decision << " duration_ns=" << duration
              << event.rest;
    return;
  }

  LOG(INFO) << "timestamp=" << timestamp << " host=" << event.host
            << " service=" << event.service << " principal=" << event.principal
            << " action=" << event.action << " decision=" << event.decision
            << " duration_ns=" << duration
            << " framework_id=" << event.frameworkId
            << " framework=" << event.framework << " user=" << event.user
            << " role=" << event.role << " task_id=" << event.taskId
            << " task=" << event.task << " agent_id=" << event.agentId
            << " executor_id=" << event.executorId << " cpus=" << cpus
            << " mem=" << mem << event.rest;
}
