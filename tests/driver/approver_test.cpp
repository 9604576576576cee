// What an approver records, and what it only counts.

#include <memory>
#include <string>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

typedef mesos::ObjectApprover::Object Object;

const int RUN_TASK = 2;
const int VIEW_TASK = 14;  // Summarised, by the driver's configuration.


SharedApprover approver(
    const std::string& principal, int action, std::function<Try<bool>()> answer)
{
  FakeAuthorizer* fake = new FakeAuthorizer();
  fake->onGetApprover = [=]() {
    return process::Future<SharedApprover>(
        SharedApprover(std::make_shared<FakeApprover>(answer)));
  };
  nextAuthorizer = fake;

  const auto authorizer =
      create<mesos::Authorizer>("org_mesos_audit_Authorizer", parameters({}));
  mesos::authorization::Subject subject;
  fill(
      &subject,
      fields(
          {{1, principal},
           {2,
            fields(
                {{1, fields({{1, "fid"}, {2, "f-7"}})},
                 {1, fields({{1, "other"}, {2, "CANARY-claim"}})}})}}));
  return authorizer
      ->getApprover(subject, static_cast<mesos::authorization::Action>(action))
      .get();
}


// Every part of an object set.
struct Everything
{
  Everything()
  {
    fill(&framework, frameworkInfo("framework-9", "p"));
    fill(&task, fields({{2, fields({{1, "task-9"}})}}));
    fill(&taskInfo, driver::taskInfo("task-9"));
    fill(&executor, executorInfo("executor-9"));
    fill(&quota, fields({{1, "role-9"}}));
    fill(&weight, fields({{2, "role-9"}}));
    fill(&resource, fields({{1, "cpus"}}));
    fill(
        &command,
        fields(
            {{2, fields({{1, fields({{1, "NAME"}, {2, "CANARY-command"}})}})},
             {5, "root"}}));
    fill(&container, fields({{1, "container-9"}}));
    fill(&machine, fields({{1, "host-9"}}));

    object.value = &value;
    object.framework_info = &framework;
    object.task = &task;
    object.task_info = &taskInfo;
    object.executor_info = &executor;
    object.quota_info = &quota;
    object.weight_info = &weight;
    object.resource = &resource;
    object.command_info = &command;
    object.container_id = &container;
    object.machine_id = &machine;
  }

  const std::string value = "value-9";
  mesos::FrameworkInfo framework;
  mesos::Task task;
  mesos::TaskInfo taskInfo;
  mesos::ExecutorInfo executor;
  mesos::quota::QuotaInfo quota;
  mesos::WeightInfo weight;
  mesos::Resource resource;
  mesos::CommandInfo command;
  mesos::ContainerID container;
  mesos::MachineID machine;
  Object object;
};

}  // namespace


void testApproved()
{
  group("approved");

  const Everything everything;
  const SharedApprover yes =
      approver("yes", RUN_TASK, []() { return Try<bool>(true); });

  check(yes->approved(None()).get(), "no object");
  check(yes->approved(Object()).get(), "an object without parts");
  check(yes->approved(everything.object).get(), "an object with all parts");
  check(
      await(
          3,
          {"\"authorization\"",
           "RUN_TASK",
           "\"name\":\"yes\"",
           "\"decision\":\"allowed\"",
           "duration",
           "f-7"}) == 3,
      "each is an event, with the subject's claims");
  check(
      matching(
          {"\"name\":\"yes\"", "value-9", "task-9", "executor-9", "host-9"}) ==
          1,
      "which holds the object's parts");

  const SharedApprover error = approver("error", RUN_TASK, []() {
    return Try<bool>(Error("the approver's\nerror"));
  });
  const Try<bool> result = error->approved(None());
  check(
      result.isError() && result.error() == "the approver's\nerror",
      "an error reaches Mesos as it is");
  check(
      await(1, {"\"name\":\"error\"", "\"decision\":\"error\""}) == 1,
      "and is recorded");

  int asked = 0;
  SharedApprover counted = approver("counted", VIEW_TASK, [&]() -> Try<bool> {
    ++asked;
    if (asked % 10 == 0) {
      return Error("tenth");
    }
    return asked % 2 == 1;
  });
  for (int i = 0; i < 100; ++i) {
    counted->approved(everything.object);
  }
  check(asked == 100, "every question is asked");
  check(matching({"\"name\":\"counted\""}) == 0, "but not an event each");
  counted.reset();
  check(
      await(
          1,
          {"authorization_summary",
           "\"name\":\"counted\"",
           "VIEW_TASK",
           "\"allowed\":50,\"denied\":40,\"errors\":10"}) == 1,
      "the counts are, once the approver is gone");

  approver("unused", VIEW_TASK, []() { return Try<bool>(true); });
  approver("known", RUN_TASK, []() { return Try<bool>(true); });
  check(matching({"unused"}) == 0, "an approver nobody asked says nothing");

  checkNowhere("CANARY");
}


// Records outgrow the stack, and messages what is extracted from them.
void testLargeObjects()
{
  group("large objects");

  for (const int labels : {30, 300, 3000}) {
    const std::string id = "task-with-" + std::to_string(labels);
    std::string list;
    for (int i = 0; i < labels; ++i) {
      list += fields(
          {{1,
            fields(
                {{1, "label-" + std::string(60, 'k') + std::to_string(i)},
                 {2, "CANARY-label"}})}});
    }
    mesos::TaskInfo taskInfo;
    fill(
        &taskInfo,
        driver::taskInfo(id) + fields({{10, list}, {6, "CANARY-data"}}));
    mesos::FrameworkInfo framework;
    fill(&framework, frameworkInfo("framework-of-" + id, "p"));

    Object object;
    object.task_info = &taskInfo;
    object.framework_info = &framework;
    approver("large", RUN_TASK, []() {
      return Try<bool>(true);
    })->approved(object);

    // Behind the labels.
    check(
        await(
            1, {"RUN_TASK", "\"name\":\"large\"", id, "framework-of-" + id}) ==
            1,
        "an event with " + std::to_string(labels) + " labels");
  }
  checkNowhere("CANARY");
}

}  // namespace driver
