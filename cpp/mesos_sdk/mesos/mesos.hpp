// Describes the messages of mesos/mesos.proto (and, for brevity, of
// mesos/quota/quota.proto and mesos/module/hook.proto) that the module
// interfaces mention. Sizes are those of the generated classes.
#ifndef MESOS_SDK_MESOS_MESOS_HPP
#define MESOS_SDK_MESOS_MESOS_HPP

#include <google/protobuf/message_lite.h>

namespace mesos {

MESOS_SDK_MESSAGE(CommandInfo, 104);
MESOS_SDK_MESSAGE(ContainerID, 40);
MESOS_SDK_MESSAGE(Credentials, 48);
MESOS_SDK_MESSAGE(DockerTaskExecutorPrepareInfo, 40);
MESOS_SDK_MESSAGE(Environment, 48);
MESOS_SDK_MESSAGE(ExecutorInfo, 136);
MESOS_SDK_MESSAGE(FrameworkID, 32);
MESOS_SDK_MESSAGE(FrameworkInfo, 224);
MESOS_SDK_MESSAGE(Labels, 48);
MESOS_SDK_MESSAGE(MachineID, 40);
MESOS_SDK_MESSAGE(Parameters, 48);
MESOS_SDK_MESSAGE(Resource, 144);
MESOS_SDK_MESSAGE(SlaveInfo, 104);
MESOS_SDK_MESSAGE(Task, 248);
MESOS_SDK_MESSAGE(TaskInfo, 224);
MESOS_SDK_MESSAGE(TaskStatus, 136);
MESOS_SDK_MESSAGE(WeightInfo, 40);

namespace quota {

MESOS_SDK_MESSAGE(QuotaInfo, 64);

}  // namespace quota
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_MESOS_HPP
