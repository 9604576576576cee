// A framework that logs in over SASL: Mesos's own libprocess scheduler driver,
// with its CRAM-MD5 authenticatee, around a scheduler that only reports.
//
// It prints one JSON line for each thing that happens, `registered` or
// `refused` first of all, and leaves when its standard input is closed. The
// master then sees the framework unregister.
//
// Principal and secret come from the environment (TESTBED_PRINCIPAL,
// TESTBED_SECRET) so that they are not in the process list.

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <vector>

#include <stdlib.h>
#include <unistd.h>

#include "mesos_abi.hpp"

namespace mesos {

class ExecutorID;
class FrameworkID;
class MasterInfo;
class Offer;
class OfferID;
class SlaveID;
class TaskStatus;
class SchedulerDriver;

// Slot for slot the interface that Mesos calls.
class Scheduler
{
public:
  virtual ~Scheduler() {}

  virtual void registered(
      SchedulerDriver*, const FrameworkID&, const MasterInfo&) = 0;
  virtual void reregistered(SchedulerDriver*, const MasterInfo&) = 0;
  virtual void disconnected(SchedulerDriver*) = 0;
  virtual void resourceOffers(SchedulerDriver*, const std::vector<Offer>&) = 0;
  virtual void offerRescinded(SchedulerDriver*, const OfferID&) = 0;
  virtual void statusUpdate(SchedulerDriver*, const TaskStatus&) = 0;
  virtual void frameworkMessage(
      SchedulerDriver*,
      const ExecutorID&,
      const SlaveID&,
      const std::string&) = 0;
  virtual void slaveLost(SchedulerDriver*, const SlaveID&) = 0;
  virtual void executorLost(
      SchedulerDriver*, const ExecutorID&, const SlaveID&, int) = 0;
  virtual void error(SchedulerDriver*, const std::string&) = 0;
};

class MesosSchedulerDriver
{
public:
  MesosSchedulerDriver(
      Scheduler* scheduler,
      const FrameworkInfo& framework,
      const std::string& master,
      bool implicitAcknowledgements,
      const Credential& credential);

  int start();
  int stop(bool failover);
  int join();

private:
  alignas(16) unsigned char storage[4096];
};

}  // namespace mesos

namespace {

using std::string;

// A length-delimited protobuf field; every field needed here is a string
// shorter than 128 bytes or is refused.
string field(int number, const string& value)
{
  if (value.size() > 127) {
    std::cerr << "Value too long" << std::endl;
    _exit(EXIT_FAILURE);
  }

  return string(1, static_cast<char>(number << 3 | 2)) +
         static_cast<char>(value.size()) + value;
}


string json(const string& value)
{
  string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}


void emit(const string& event, const string& key, const string& value)
{
  std::cout << "{\"event\":" << json(event) << "," << json(key) << ":"
            << json(value) << "}" << std::endl;
}


class Reporter : public mesos::Scheduler
{
public:
  void registered(
      mesos::SchedulerDriver*,
      const mesos::FrameworkID& id,
      const mesos::MasterInfo&) override
  {
    // FrameworkID holds one string in field 1: two bytes, then the value.
    const string bytes =
        reinterpret_cast<const google::protobuf::MessageLite&>(id)
            .SerializeAsString();

    emit("registered", "framework_id", bytes.substr(2));
  }

  void error(mesos::SchedulerDriver*, const string& message) override
  {
    // The driver's own words for a rejected CRAM-MD5 answer.
    const bool refused = message.find("refused authentication") != string::npos;

    emit(refused ? "refused" : "error", "message", message);
    _exit(refused ? 2 : 1);
  }

  void disconnected(mesos::SchedulerDriver*) override
  {
    emit("disconnected", "message", "");
  }

  void reregistered(mesos::SchedulerDriver*, const mesos::MasterInfo&) override
  {}
  void resourceOffers(
      mesos::SchedulerDriver*, const std::vector<mesos::Offer>&) override
  {}
  void offerRescinded(mesos::SchedulerDriver*, const mesos::OfferID&) override
  {}
  void statusUpdate(mesos::SchedulerDriver*, const mesos::TaskStatus&) override
  {}
  void frameworkMessage(
      mesos::SchedulerDriver*,
      const mesos::ExecutorID&,
      const mesos::SlaveID&,
      const string&) override
  {}
  void slaveLost(mesos::SchedulerDriver*, const mesos::SlaveID&) override {}
  void executorLost(
      mesos::SchedulerDriver*,
      const mesos::ExecutorID&,
      const mesos::SlaveID&,
      int) override
  {}
};


string environment(const char* name)
{
  const char* value = getenv(name);
  if (value == nullptr) {
    std::cerr << "Missing in the environment: " << name << std::endl;
    _exit(EXIT_FAILURE);
  }
  return value;
}

}  // namespace


int main(int argc, char** argv)
{
  if (argc != 5) {
    std::cerr << "Usage: sasl-framework MASTER NAME USER ROLE" << std::endl;
    return EXIT_FAILURE;
  }

  const string principal = environment("TESTBED_PRINCIPAL");
  const string secret = environment("TESTBED_SECRET");

  // FrameworkInfo: user = 1, name = 2, role = 6, hostname = 7, principal = 8.
  // Without a hostname the driver would ask the machine's name servers.
  mesos::FrameworkInfo framework;
  mesos::Credential credential;

  if (!framework.ParseFromString(
          field(1, argv[3]) + field(2, argv[2]) + field(6, argv[4]) +
          field(7, "localhost") + field(8, principal)) ||
      !credential.ParseFromString(field(1, principal) + field(2, secret))) {
    std::cerr << "Failed to build the messages" << std::endl;
    return EXIT_FAILURE;
  }

  Reporter* reporter = new Reporter();
  mesos::MesosSchedulerDriver* driver = new mesos::MesosSchedulerDriver(
      reporter, framework, argv[1], true, credential);

  driver->start();

  char ignored[256];
  while (read(STDIN_FILENO, ignored, sizeof(ignored)) > 0) {
  }

  // `stop` only queues the unregistration; the actor sends it before `join`
  // returns, and the socket needs a moment to flush.
  driver->stop(false);
  driver->join();
  usleep(100 * 1000);
  _exit(EXIT_SUCCESS);
}
