#include "hook.hpp"

#include "record.hpp"
#include "startup.hpp"
#include "tell.hpp"

namespace mesos_audit {
namespace {

const char NAME[] = "org_mesos_audit_Hook";

}  // namespace


mesos::Hook* Hook::create(const mesos::Parameters& parameters)
{
  return mesos_audit::create<mesos::Hook>(
      NAME, parameters, {"config"}, [](const Parameters&) {
        return new Hook();
      });
}


Result<mesos::Labels> Hook::masterLaunchTaskLabelDecorator(
    const mesos::TaskInfo& task,
    const mesos::FrameworkInfo& framework,
    const mesos::SlaveInfo& agent)
{
  tell(Callback::MasterLaunchTaskLabels, [&](Record& record) {
    record.message(Field::Task, task);
    record.message(Field::Framework, framework);
    record.message(Field::Agent, agent);
  });
  return None();
}


// The agent's resources say nothing about who wants to launch what, and in a
// large cluster they are longer than all the rest.
Result<mesos::Resources> Hook::masterLaunchTaskResourceDecorator(
    const mesos::TaskInfo& task, const mesos::Resources&)
{
  tell(Callback::MasterLaunchTaskResources, [&](Record& record) {
    record.message(Field::Task, task);
  });
  return None();
}


Result<mesos::Labels> Hook::slaveRunTaskLabelDecorator(
    const mesos::TaskInfo& task,
    const mesos::ExecutorInfo& executor,
    const mesos::FrameworkInfo& framework,
    const mesos::SlaveInfo& agent)
{
  tell(Callback::SlaveRunTaskLabels, [&](Record& record) {
    record.message(Field::Task, task);
    record.message(Field::Executor, executor);
    record.message(Field::Framework, framework);
    record.message(Field::Agent, agent);
  });
  return None();
}


Try<Nothing> Hook::masterSlaveLostHook(const mesos::SlaveInfo& agent)
{
  tell(Callback::MasterSlaveLost, [&](Record& record) {
    record.message(Field::Agent, agent);
  });
  return Nothing();
}


Result<mesos::Environment> Hook::slaveExecutorEnvironmentDecorator(
    const mesos::ExecutorInfo& executor)
{
  tell(Callback::SlaveExecutorEnvironment, [&](Record& record) {
    record.message(Field::Executor, executor);
  });
  return None();
}


// The environment is where tasks keep their secrets: not looked at.
process::Future<Option<mesos::DockerTaskExecutorPrepareInfo>>
Hook::slavePreLaunchDockerTaskExecutorDecorator(
    const Option<mesos::TaskInfo>& task,
    const mesos::ExecutorInfo& executor,
    const std::string& containerName,
    const std::string& containerWorkDirectory,
    const std::string&,
    const Option<std::map<std::string, std::string>>&)
{
  tell(Callback::SlavePreLaunchDocker, [&](Record& record) {
    if (task.isSome()) {
      record.message(Field::Task, task.get());
    }
    record.message(Field::Executor, executor);
    record.bytes(Field::ContainerName, containerName);
    record.bytes(Field::Directory, containerWorkDirectory);
  });
  return None();
}


Try<Nothing> Hook::slavePostFetchHook(
    const mesos::ContainerID& container, const std::string& directory)
{
  tell(Callback::SlavePostFetch, [&](Record& record) {
    record.message(Field::ContainerId, container);
    record.bytes(Field::Directory, directory);
  });
  return Nothing();
}


Try<Nothing> Hook::slaveRemoveExecutorHook(
    const mesos::FrameworkInfo& framework, const mesos::ExecutorInfo& executor)
{
  tell(Callback::SlaveRemoveExecutor, [&](Record& record) {
    record.message(Field::Framework, framework);
    record.message(Field::Executor, executor);
  });
  return Nothing();
}


Result<mesos::TaskStatus> Hook::slaveTaskStatusDecorator(
    const mesos::FrameworkID& framework, const mesos::TaskStatus& status)
{
  tell(Callback::SlaveTaskStatus, [&](Record& record) {
    record.message(Field::FrameworkId, framework);
    record.message(Field::Status, status);
  });
  return None();
}


Result<mesos::Resources> Hook::slaveResourcesDecorator(
    const mesos::SlaveInfo& agent)
{
  tell(Callback::SlaveResources, [&](Record& record) {
    record.message(Field::Agent, agent);
  });
  return None();
}


Result<mesos::Attributes> Hook::slaveAttributesDecorator(
    const mesos::SlaveInfo& agent)
{
  tell(Callback::SlaveAttributes, [&](Record& record) {
    record.message(Field::Agent, agent);
  });
  return None();
}

}  // namespace mesos_audit
