// Records what Mesos's eleven hooks see, and decorates nothing.
#ifndef MESOS_AUDIT_HOOK_HPP
#define MESOS_AUDIT_HOOK_HPP

#include <map>
#include <string>

#include <mesos/hook.hpp>

namespace mesos_audit {

class Hook : public mesos::Hook
{
public:
  static mesos::Hook* create(const mesos::Parameters& parameters);

  Result<mesos::Labels> masterLaunchTaskLabelDecorator(
      const mesos::TaskInfo& task,
      const mesos::FrameworkInfo& framework,
      const mesos::SlaveInfo& agent) override;

  Result<mesos::Resources> masterLaunchTaskResourceDecorator(
      const mesos::TaskInfo& task,
      const mesos::Resources& agentResources) override;

  Result<mesos::Labels> slaveRunTaskLabelDecorator(
      const mesos::TaskInfo& task,
      const mesos::ExecutorInfo& executor,
      const mesos::FrameworkInfo& framework,
      const mesos::SlaveInfo& agent) override;

  Try<Nothing> masterSlaveLostHook(const mesos::SlaveInfo& agent) override;

  Result<mesos::Environment> slaveExecutorEnvironmentDecorator(
      const mesos::ExecutorInfo& executor) override;

  process::Future<Option<mesos::DockerTaskExecutorPrepareInfo>>
  slavePreLaunchDockerTaskExecutorDecorator(
      const Option<mesos::TaskInfo>& task,
      const mesos::ExecutorInfo& executor,
      const std::string& containerName,
      const std::string& containerWorkDirectory,
      const std::string& mappedSandboxDirectory,
      const Option<std::map<std::string, std::string>>& environment) override;

  Try<Nothing> slavePostFetchHook(
      const mesos::ContainerID& container,
      const std::string& directory) override;

  Try<Nothing> slaveRemoveExecutorHook(
      const mesos::FrameworkInfo& framework,
      const mesos::ExecutorInfo& executor) override;

  Result<mesos::TaskStatus> slaveTaskStatusDecorator(
      const mesos::FrameworkID& framework,
      const mesos::TaskStatus& status) override;

  Result<mesos::Resources> slaveResourcesDecorator(
      const mesos::SlaveInfo& agent) override;

  Result<mesos::Attributes> slaveAttributesDecorator(
      const mesos::SlaveInfo& agent) override;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_HOOK_HPP
