// Describes mesos/authorizer/authorizer.hpp and the messages of
// mesos/authorizer/authorizer.proto that it mentions.
#ifndef MESOS_SDK_MESOS_AUTHORIZER_AUTHORIZER_HPP
#define MESOS_SDK_MESOS_AUTHORIZER_AUTHORIZER_HPP

#include <memory>
#include <string>

#include <mesos/mesos.hpp>

#include <process/future.hpp>

#include <stout/option.hpp>
#include <stout/try.hpp>

namespace mesos {
namespace authorization {

MESOS_SDK_MESSAGE(Subject, 40);
MESOS_SDK_MESSAGE(Request, 48);

// Handed through as the number it is; the names are in
// schema/authorizer.proto.
enum Action : int
{
};

}  // namespace authorization


class ObjectApprover
{
public:
  // What is to be accessed; absent parts are null.
  struct Object
  {
    const std::string* value = nullptr;
    const FrameworkInfo* framework_info = nullptr;
    const Task* task = nullptr;
    const TaskInfo* task_info = nullptr;
    const ExecutorInfo* executor_info = nullptr;
    const quota::QuotaInfo* quota_info = nullptr;
    const WeightInfo* weight_info = nullptr;
    const Resource* resource = nullptr;
    const CommandInfo* command_info = nullptr;
    const ContainerID* container_id = nullptr;
    const MachineID* machine_id = nullptr;
  };

  // Before the destructor: this is the first slot of the virtual table.
  virtual Try<bool> approved(const Option<Object>& object) const noexcept = 0;

  virtual ~ObjectApprover() = default;
};


class Authorizer
{
public:
  virtual ~Authorizer() {}

  virtual process::Future<bool> authorized(
      const authorization::Request& request) = 0;

  virtual process::Future<std::shared_ptr<const ObjectApprover>> getApprover(
      const Option<authorization::Subject>& subject,
      const authorization::Action& action) = 0;
};

}  // namespace mesos

#endif  // MESOS_SDK_MESOS_AUTHORIZER_AUTHORIZER_HPP
