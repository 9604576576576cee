// Describes mesos/hook.hpp: eleven virtual functions, in this order. Mesos's
// own have bodies that change nothing; here they are pure, so that the module
// cannot forget one.
#ifndef MESOS_SDK_MESOS_HOOK_HPP
#define MESOS_SDK_MESOS_HOOK_HPP

#include <map>
#include <string>

#include <mesos/attributes.hpp>
#include <mesos/mesos.hpp>
#include <mesos/resources.hpp>

#include <process/future.hpp>

#include <stout/none.hpp>
#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <stout/result.hpp>
#include <stout/try.hpp>

namespace mesos {

class Hook
{
public:
  virtual ~Hook() {}

  virtual Result<Labels> masterLaunchTaskLabelDecorator(
      const TaskInfo& task,
      const FrameworkInfo& framework,
      const SlaveInfo& agent) = 0;

  virtual Result<Resources> masterLaunchTaskResourceDecorator(
      const TaskInfo& task, const Resources& agentResources) = 0;

  virtual Result<Labels> slaveRunTaskLabelDecorator(
      const TaskInfo& task,
      const ExecutorInfo& executor,
      const FrameworkInfo& framework,
      const SlaveInfo& agent) = 0;

  virtual Try<Nothing> masterSlaveLostHook(const SlaveInfo& agent) = 0;

  virtual Result<Environment> slaveExecutorEnvironmentDecorator(
      const ExecutorInfo& executor) = 0;

  virtual process::Future<Option<DockerTaskExecutorPrepareInfo>>
  slavePreLaunchDockerTaskExecutorDecorator(
      const Option<TaskInfo>& task,
      const ExecutorInfo& executor,
      const std::string& containerName,
      const std::string& containerWorkDirectory,
      const std::string& mappedSandboxDirectory,
      const Option<std::map<std::string, std::string>>& environment) = 0;

  virtual Try<Nothing> slavePostFetchHook(
      const ContainerID& container, const std::string& directory) = 0;

  virtual Try<Nothing> slaveRemoveExecutorHook(
      const FrameworkInfo& framework, const ExecutorInfo& executor) = 0;

  virtual Result<TaskStatus> slaveTaskStatusDecorator(
      const FrameworkID& framework, const TaskStatus& status) = 0;

  virtual Result<Resources> slaveResourcesDecorator(const SlaveInfo& agent) = 0;

  virtual Result<Attributes> slaveAttributesDecorator(
      const SlaveInfo& agent) = 0;
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_HOOK_HPP
