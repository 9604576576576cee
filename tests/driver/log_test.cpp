// Lines that Mesos logs, logged by Mesos's own glog.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/wait.h>

#include "check.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace google {

// glog's LOG(severity) makes one; the line is logged when it goes.
class LogMessage
{
public:
  LogMessage(const char* path, int line, int severity);
  ~LogMessage();

  std::ostream& stream();

private:
  // It has two pointers.
  void* room[8];
};

}  // namespace google

namespace driver {
namespace {

constexpr int INFO = 0;
constexpr int WARNING = 1;
constexpr int ERROR = 2;
constexpr int FATAL = 3;


std::string content(const std::string& path)
{
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}


void testKinds()
{
  log(WARNING,
      "../../src/master/master.cpp",
      6239,
      "Refusing registration of agent at slave(1)@127.0.0.9:5051 because it "
      "is not authenticated");
  check(
      await(
          1,
          {"\"agent_refused\"",
           "\"level\":\"warning\"",
           "\"name\":\"master.cpp\",\"line\":6239",
           "\"ip\":\"127.0.0.9\""}) == 1,
      "an agent that is refused");

  log(INFO, "src/master/master.cpp", 1, "Sending 1 offers to marker-info");
  log(INFO,
      "src/master/master.cpp",
      9807,
      "Authentication of x@127.0.0.9:1 was unsuccessful: Invalid credentials");
  log(ERROR, "src/slave/slave.cpp", 2, "Something went wrong: marker-error");
  check(
      await(1, {"\"error_logged\"", "\"error\"", "marker-error"}) == 1,
      "an error that is not recognised");
  check(
      matching({"\"authentication_refused\"", "\"level\":\"info\""}) == 1,
      "a line of INFO about security");
  check(matching({"marker-info"}) == 0, "any other line of INFO");
}


void testText()
{
  log(WARNING, "a.cpp", 3, HOSTILE + "marker-hostile");
  log(WARNING, "b.cpp", 4, std::string(20000, 'x') + "CANARY-end");
  log(ERROR,
      "slave.cpp",
      2724,
      "Authorization failed for task 'marker-task' of framework F-1: "
      "Framework F-1 is not authorized to launch task name: \"n\"\n"
      "task_id {\n  value: \"marker-task\"\n}\ncommand {\n  environment {\n"
      "    variables {\n      name: \"P\"\n      value: \"CANARY-env\"\n");
  check(
      await(
          1,
          {"\"task_refused\"",
           "\"truncated\":[\"error.message\"]",
           "\"id\":\"marker-task\"",
           "\"trace\""}) == 1,
      "a line that prints a whole task");
  check(
      matching({"\"b.cpp\"", "\"truncated\":[\"error.message\"]"}) == 1,
      "a long line is cut");
  checkNowhere("CANARY");
}


void testFlood()
{
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([]() {
      for (int j = 0; j < 100; ++j) {
        log(WARNING, "flood.cpp", 5, "marker-flood");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }

  check(await(1, {"marker-flood", "\"repeated\""}) >= 1, "repeats are told");
  check(matching({"marker-flood"}) < 40, "and they do not flood the trail");
}


// A child that was forked has no worker; its lines are not those of Mesos.
void testFork()
{
  const pid_t child = ::fork();
  if (child == 0) {
    log(WARNING, "fork.cpp", 6, "marker-fork");
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  log(WARNING, "fork.cpp", 7, "marker-parent");
  check(await(1, {"marker-parent"}) == 1, "the parent's line");
  check(matching({"marker-fork"}) == 0, "no line of a forked child");
}


// Another process that dies of it: its trail must be on the disk by then.
void testFatal(const std::string& module)
{
  const std::string folder = scratch("fatal");
  const std::string trail = folder + ".jsonl";
  const std::string config =
      write("fatal.toml", "[output]\npath = \"" + trail + "\"\n");
  const std::string errors = folder + ".stderr";

  const pid_t child = ::fork();
  if (child == 0) {
    const int file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDERR_FILENO);
    // Of `startLibprocess`, to keep this process quiet.
    ::unsetenv("GLOG_minloglevel");
    // Not /proc/self/exe: under valgrind that is valgrind.
    ::execl(
        program_invocation_name,
        "driver",
        module.c_str(),
        "fatal",
        config.c_str(),
        static_cast<char*>(nullptr));
    ::_exit(3);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  check(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "it aborted");
  const std::string told = content(trail);
  check(
      told.find("\"level\":\"fatal\"") != std::string::npos &&
          told.find("marker-fatal") != std::string::npos,
      "the fatal line is on the disk: " + told);
  check(
      told.find("\"repeated\":{\"count\":2,") != std::string::npos,
      "and so is what was counted: " + told);
  check(
      content(errors).find("marker-fatal") != std::string::npos,
      "glog has written it as well");
}

}  // namespace


void log(int severity, const char* path, int line, const std::string& text)
{
  google::LogMessage(path, line, severity).stream() << text;
}


void testLog(const std::string& module)
{
  group("log");

  const auto anonymous = create<mesos::modules::Anonymous>(
      "org_mesos_audit_Anonymous", parameters({}));
  if (!check(anonymous != nullptr, "created")) {
    return;
  }
  // A second one does not record a line twice.
  const auto second = create<mesos::modules::Anonymous>(
      "org_mesos_audit_Anonymous", parameters({}));

  testKinds();
  testText();
  testFlood();
  testFork();
  testFatal(module);
}


void dieOfFatalLine(const std::string& config)
{
  const auto anonymous = create<mesos::modules::Anonymous>(
      "org_mesos_audit_Anonymous", parameters({{"config", config}}));
  for (int i = 0; i < 3; ++i) {
    log(WARNING, "a.cpp", 1, "marker-repeated");
  }
  log(FATAL, "src/master/registrar.cpp", 2, "marker-fatal");
}

}  // namespace driver
