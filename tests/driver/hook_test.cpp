// Every hook, with nothing, with something and with hostile messages: Mesos
// gets "no change", and the event is in the trail.

#include <map>
#include <string>

#include "check.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

struct Messages
{
  mesos::TaskInfo task;
  mesos::FrameworkInfo framework;
  mesos::SlaveInfo agent;
  mesos::ExecutorInfo executor;
  mesos::ContainerID container;
  mesos::FrameworkID frameworkId;
  mesos::TaskStatus status;
  std::string text;
};


void callAll(mesos::Hook& hook, const Messages& m, const std::string& what)
{
  // The module does not look at them, and mesos_sdk cannot make any.
  alignas(
      mesos::Resources) unsigned char storage[sizeof(mesos::Resources)] = {};
  const auto& resources = *reinterpret_cast<mesos::Resources*>(storage);

  const Option<std::map<std::string, std::string>> environment =
      std::map<std::string, std::string>{{"CANARY-name", "CANARY-value"}};
  const Option<mesos::TaskInfo> none = None();
  const Option<mesos::TaskInfo> some = m.task;

  check(
      hook.masterLaunchTaskLabelDecorator(m.task, m.framework, m.agent)
          .isNone(),
      what + ": masterLaunchTaskLabelDecorator");
  check(
      hook.masterLaunchTaskResourceDecorator(m.task, resources).isNone(),
      what + ": masterLaunchTaskResourceDecorator");
  check(
      hook.slaveRunTaskLabelDecorator(m.task, m.executor, m.framework, m.agent)
          .isNone(),
      what + ": slaveRunTaskLabelDecorator");
  check(
      hook.masterSlaveLostHook(m.agent).isSome(),
      what + ": masterSlaveLostHook");
  check(
      hook.slaveExecutorEnvironmentDecorator(m.executor).isNone(),
      what + ": slaveExecutorEnvironmentDecorator");
  for (const Option<mesos::TaskInfo>& task : {none, some}) {
    const process::Future<Option<mesos::DockerTaskExecutorPrepareInfo>> future =
        hook.slavePreLaunchDockerTaskExecutorDecorator(
            task, m.executor, m.text, m.text, m.text, environment);
    check(
        future.isReady() && future.get().isNone() && !future.isAbandoned(),
        what + ": slavePreLaunchDockerTaskExecutorDecorator");
  }
  check(
      hook.slavePostFetchHook(m.container, m.text).isSome(),
      what + ": slavePostFetchHook");
  check(
      hook.slaveRemoveExecutorHook(m.framework, m.executor).isSome(),
      what + ": slaveRemoveExecutorHook");
  check(
      hook.slaveTaskStatusDecorator(m.frameworkId, m.status).isNone(),
      what + ": slaveTaskStatusDecorator");
  check(
      hook.slaveResourcesDecorator(m.agent).isNone(),
      what + ": slaveResourcesDecorator");
  check(
      hook.slaveAttributesDecorator(m.agent).isNone(),
      what + ": slaveAttributesDecorator");
}


Messages messages(const std::string& id)
{
  Messages m;
  fill(&m.task, taskInfo(id));
  fill(&m.framework, frameworkInfo(id, id));
  fill(&m.agent, slaveInfo(id));
  fill(&m.executor, executorInfo(id));
  fill(&m.container, fields({{1, id}, {2, fields({{1, id}})}}));
  fill(&m.frameworkId, fields({{1, id}}));
  fill(
      &m.status,
      fields({{1, fields({{1, id}})}, {4, "CANARY-message"}}) + number(2, 1));
  m.text = id;
  return m;
}

}  // namespace


void testHooks()
{
  group("hooks");

  const auto hook = create<mesos::Hook>("org_mesos_audit_Hook", parameters({}));
  if (!check(hook != nullptr, "created")) {
    return;
  }

  // The docker hook is called twice.
  const size_t perRound = 12;
  const char* const hooks[] = {
      "Hook::masterLaunchTaskLabelDecorator",
      "Hook::masterLaunchTaskResourceDecorator",
      "Hook::slaveRunTaskLabelDecorator",
      "Hook::masterSlaveLostHook",
      "Hook::slaveExecutorEnvironmentDecorator",
      "Hook::slavePreLaunchDockerTaskExecutorDecorator",
      "Hook::slavePostFetchHook",
      "Hook::slaveRemoveExecutorHook",
      "Hook::slaveTaskStatusDecorator",
      "Hook::slaveResourcesDecorator",
      "Hook::slaveAttributesDecorator"};

  // Without even the required fields.
  callAll(*hook, Messages(), "empty");
  await(perRound, {"\"Hook::"});
  for (const char* name : hooks) {
    check(matching({name}) >= 1, std::string(name) + " left an event");
  }

  callAll(*hook, messages("id-42"), "ordinary");
  for (const char* name : hooks) {
    check(
        await(1, {name, "id-42"}) >= 1,
        std::string(name) + " recorded what it was given");
  }

  callAll(*hook, messages(HOSTILE), "hostile");
  check(
      await(3 * perRound, {"\"Hook::"}) == 3 * perRound,
      "hostile messages left an event each");

  // A cyclic or very deep message does not exist on the wire beyond protobuf's
  // own limit of a hundred levels; long ones do.
  const std::string huge(512 * 1024, 'x');
  callAll(*hook, messages(huge), "huge");
  check(
      await(4 * perRound, {"\"Hook::"}) == 4 * perRound,
      "huge messages left an event each");

  bool fit = true;
  bool plain = true;
  for (const std::string& line : trail()) {
    fit = fit && line.size() <= 7680;
    for (const char c : line) {
      plain = plain && static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
    }
  }
  check(fit, "no line is too long");
  check(plain, "no line holds a control character");
  checkNowhere("CANARY");
}

}  // namespace driver
