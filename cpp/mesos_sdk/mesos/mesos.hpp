// Describes the messages of mesos/mesos.proto (and, for brevity, of
// mesos/quota/quota.proto and mesos/module/hook.proto) that the module
// interfaces mention. Sizes are those of the generated classes.
#ifndef MESOS_SDK_MESOS_MESOS_HPP
#define MESOS_SDK_MESOS_MESOS_HPP

#include <cstddef>
#include <functional>

#include <google/protobuf/message_lite.h>

namespace mesos {

MESOS_SDK_MESSAGE(CommandInfo, 104);
MESOS_SDK_MESSAGE(ContainerID, 40);
MESOS_SDK_MESSAGE(Credentials, 48);
MESOS_SDK_MESSAGE(DockerTaskExecutorPrepareInfo, 40);
MESOS_SDK_MESSAGE(Environment, 48);
MESOS_SDK_MESSAGE(ExecutorInfo, 136);
MESOS_SDK_MESSAGE(Filters, 32);
MESOS_SDK_MESSAGE(FrameworkID, 32);
MESOS_SDK_MESSAGE(FrameworkInfo, 224);
MESOS_SDK_MESSAGE(Labels, 48);
MESOS_SDK_MESSAGE(MachineID, 40);
MESOS_SDK_MESSAGE(Offer_Operation, 120);
MESOS_SDK_MESSAGE(Parameters, 48);
MESOS_SDK_MESSAGE(Request, 56);
MESOS_SDK_MESSAGE(Resource, 144);
MESOS_SDK_MESSAGE(SlaveID, 32);
MESOS_SDK_MESSAGE(Task, 248);
MESOS_SDK_MESSAGE(TaskInfo, 224);
MESOS_SDK_MESSAGE(TaskStatus, 136);
MESOS_SDK_MESSAGE(Unavailability, 40);
MESOS_SDK_MESSAGE(Value_Scalar, 32);
MESOS_SDK_MESSAGE(WeightInfo, 40);

// Messages of which only a nested one is needed: protoc names that one with
// an underscore and makes it a typedef.
class Offer
{
public:
  typedef Offer_Operation Operation;
};


class Value
{
public:
  typedef Value_Scalar Scalar;
};


MESOS_SDK_MESSAGE(SlaveInfo_Capability, 32);

class SlaveInfo : public google::protobuf::MessageLite
{
public:
  typedef SlaveInfo_Capability Capability;

  SlaveInfo();
  SlaveInfo(const SlaveInfo& that);
  ~SlaveInfo() override;

private:
  alignas(8) unsigned char storage[104 - sizeof(google::protobuf::MessageLite)];
};

namespace quota {

MESOS_SDK_MESSAGE(QuotaInfo, 64);

}  // namespace quota
}  // namespace mesos

// Declared only: maps that the host filled are walked, never looked up in. As
// with CaseInsensitiveHash, that they are not `noexcept` is part of the layout.
namespace std {

template <>
struct hash<mesos::FrameworkID>
{
  size_t operator()(const mesos::FrameworkID& id) const;
};


template <>
struct hash<mesos::SlaveID>
{
  size_t operator()(const mesos::SlaveID& id) const;
};

}  // namespace std

#endif  // MESOS_SDK_MESOS_MESOS_HPP
