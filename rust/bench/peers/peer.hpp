// What a peer in C++ offers to the program that measures it, which loads it as
// a library: so that every peer is timed by the same code.
#ifndef MESOS_AUDIT_BENCH_PEER_HPP
#define MESOS_AUDIT_BENCH_PEER_HPP

#include <cstddef>
#include <cstdint>
#include <string>

// Bytes of the caller's, for the length of a call.
struct Text
{
  const char* data;
  size_t size;
};


// The event that is recorded over and over; its text in this order.
struct Event
{
  Event() = default;

  Event(const Text* texts, size_t count)
  {
    std::string* fields[] = {
        &host,
        &service,
        &principal,
        &action,
        &decision,
        &frameworkId,
        &framework,
        &user,
        &role,
        &taskId,
        &task,
        &agentId,
        &executorId,
        &subject,
        &taskInfo,
        &frameworkInfo};
    for (size_t i = 0; i < count && i < sizeof(fields) / sizeof(*fields); ++i) {
      fields[i]->assign(texts[i].data, texts[i].size);
    }
  }

  std::string host;
  std::string service;
  std::string principal;
  std::string action;
  std::string decision;
  std::string frameworkId;
  std::string framework;
  std::string user;
  std::string role;
  std::string taskId;
  std::string task;
  std::string agentId;
  std::string executorId;

  // The same as Mesos's messages, serialised.
  std::string subject;
  std::string taskInfo;
  std::string frameworkInfo;

  // What makes a line as long as that of mesos-audit; mostly nothing.
  std::string rest;
};


extern "C" {

// Opens an output in `folder`, to a file whose name begins with "events".
// Returns 0, or what went wrong. Of glog and spdlog `settings` is by how many
// bytes a line is to be longer, if it is.
int peer_open(
    const char* folder, const char* settings, const Text* texts, size_t count);

// Records the event, on any thread.
void peer_emit(int64_t timestamp, uint64_t duration, double cpus, double mem);

// Of spdlog only, which otherwise keeps in memory what fills no buffer: once
// all is emitted.
void peer_flush();

// Of the module only: what the next calls ask, and whom.
void peer_select(int which);
}

#endif  // MESOS_AUDIT_BENCH_PEER_HPP
