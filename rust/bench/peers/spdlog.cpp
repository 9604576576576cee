// spdlog with its queue and its one thread as they are by default: 8,192
// messages; a full queue blocks.

#include "peer.hpp"

#include <cstdlib>

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

namespace {

Event event;
std::shared_ptr<spdlog::logger> logger;

}  // namespace


int peer_open(
    const char* folder, const char* settings, const Text* texts, size_t count)
{
  event = Event(texts, count);
  event.rest.assign(std::strtoul(settings, nullptr, 10), 'x');

  logger = spdlog::basic_logger_mt<spdlog::async_factory>(
      "bench", std::string(folder) + "/events.log");
  return 0;
}


void peer_emit(int64_t timestamp, uint64_t duration, double cpus, double mem)
{
  if (event.taskId.empty()) {
    logger->info(
        "timestamp={} host={} service={} principal={} action={} decision={} "
        "duration_ns={}{}",
        timestamp,
        event.host,
        event.service,
        event.principal,
        event.action,
        event.decision,
        duration,
        event.rest);
    return;
  }

  logger->info(
      "timestamp={} host={} service={} principal={} action={} decision={} "
      "duration_ns={} framework_id={} framework={} user={} role={} task_id={} "
      "task={} agent_id={} executor_id={} cpus={} mem={}{}",
      timestamp,
      event.host,
      event.service,
      event.principal,
      event.action,
      event.decision,
      duration,
      event.frameworkId,
      event.framework,
      event.user,
      event.role,
      event.taskId,
      event.task,
      event.agentId,
      event.executorId,
      cpus,
      mem,
      event.rest);
}


void peer_flush()
{
  logger->flush();
}
