// The audit module beside a real libmesos: `approved` as the master calls it,
// with the module's authorizer and with Mesos's own alone.
//
// What differs from a master is who calls: there it is an actor's thread.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <dlfcn.h>

#include <mesos/authorizer/authorizer.hpp>
#include <mesos/module/authorizer.hpp>

#include "internals.hpp"
#include "peer.hpp"

namespace process {

bool initialize(
    const Option<std::string>& delegate,
    const Option<std::string>& readwriteRealm,
    const Option<std::string>& readonlyRealm);

}  // namespace process

namespace {

typedef std::shared_ptr<const mesos::ObjectApprover> SharedApprover;

const int RUN_TASK = 2;
const int VIEW_TASK = 14;  // Only counted, by default.

// Decides by a rule, as in a cluster whose operator cares for audit.
const char ACLS[] =
    "{\"run_tasks\":[{\"principals\":{\"values\":[\"marathon-production\"]},"
    "\"users\":{\"values\":[\"www-data\"]}}],"
    "\"view_tasks\":[{\"principals\":{\"values\":[\"marathon-production\"]},"
    "\"users\":{\"type\":\"ANY\"}}]}";


struct Question
{
  SharedApprover approver;
  Option<mesos::ObjectApprover::Object> object = None();
};


// By `which` of peer_select.
Question questions[4];
const Question* current = &questions[0];

mesos::TaskInfo taskInfo;
mesos::Task task;
mesos::FrameworkInfo frameworkInfo;


void field(std::string* wire, char tag, const std::string& value)
{
  wire->push_back(tag);
  size_t size = value.size();
  for (; size >= 0x80; size >>= 7) {
    wire->push_back(static_cast<char>(size | 0x80));
  }
  wire->push_back(static_cast<char>(size));
  wire->append(value);
}


// Both fields of a Parameter are strings.
mesos::Parameters parameters(
    std::initializer_list<std::pair<std::string, std::string>> list)
{
  std::string wire;
  for (const auto& pair : list) {
    std::string parameter;
    field(&parameter, 0x0a, pair.first);
    field(&parameter, 0x12, pair.second);
    field(&wire, 0x0a, parameter);
  }
  mesos::Parameters result;
  result.ParsePartialFromString(wire);
  return result;
}


SharedApprover approver(
    mesos::Authorizer* authorizer, const Event& event, int action)
{
  mesos::authorization::Subject subject;
  subject.ParsePartialFromString(event.subject);
  return authorizer
      ->getApprover(subject, static_cast<mesos::authorization::Action>(action))
      .get();
}


mesos::Authorizer* audited(const std::string& config)
{
  const char* path = ::getenv("MESOS_AUDIT_BENCH_MODULE");
  void* library = path == nullptr ? nullptr : ::dlopen(path, RTLD_NOW);
  void* symbol = library == nullptr
                     ? nullptr
                     : ::dlsym(library, "org_mesos_audit_Authorizer");
  if (symbol == nullptr) {
    std::fprintf(stderr, "MESOS_AUDIT_BENCH_MODULE: %s\n", ::dlerror());
    return nullptr;
  }
  return static_cast<mesos::modules::Module<mesos::Authorizer>*>(symbol)
      ->create(parameters({{"config", config}, {"acls", ACLS}}));
}

}  // namespace


int peer_open(
    const char*, const char* settings, const Text* texts, size_t count)
{
  const Event event(texts, count);

  ::setenv("LIBPROCESS_IP", "127.0.0.1", 1);
  ::setenv("LIBPROCESS_NUM_WORKER_THREADS", "2", 1);
  ::setenv("GLOG_minloglevel", "2", 1);
  process::initialize(None(), None(), None());

  mesos::Authorizer* ours = audited(settings);
  if (ours == nullptr) {
    return 1;
  }
  Try<mesos::Authorizer*> bare =
      mesos::internal::LocalAuthorizer::create(parameters({{"acls", ACLS}}));
  if (bare.isError()) {
    std::fprintf(stderr, "%s\n", bare.error().c_str());
    return 2;
  }

  taskInfo.ParsePartialFromString(event.taskInfo);
  frameworkInfo.ParsePartialFromString(event.frameworkInfo);
  std::string wire;
  field(&wire, 0x0a, event.task);
  field(&wire, 0x72, event.user);
  task.ParsePartialFromString(wire);

  mesos::ObjectApprover::Object run;
  run.task_info = &taskInfo;
  run.framework_info = &frameworkInfo;
  mesos::ObjectApprover::Object view;
  view.task = &task;
  view.framework_info = &frameworkInfo;

  questions[0] = {approver(ours, event, RUN_TASK), run};
  questions[1] = {approver(bare.get(), event, RUN_TASK), run};
  questions[2] = {approver(ours, event, VIEW_TASK), view};
  questions[3] = {approver(bare.get(), event, VIEW_TASK), view};

  for (const Question& question : questions) {
    const Try<bool> allowed = question.approver->approved(question.object);
    if (allowed.isError() || !allowed.get()) {
      std::fprintf(stderr, "the ACLs do not allow what they should\n");
      return 3;
    }
  }
  return 0;
}


void peer_emit(int64_t, uint64_t, double, double)
{
  current->approver->approved(current->object);
}


void peer_select(int which)
{
  current = &questions[which & 3];
}
