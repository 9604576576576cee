#include "allocator_record.hpp"

namespace mesos_audit {
namespace {

// ResourceQuantities or ResourceLimits, as `Quantity` of schema/record.proto.
template <typename T>
void writeQuantities(Record& record, Field field, const T& quantities)
{
  for (const auto& quantity : quantities) {
    record.nested(field, [&]() {
      record.bytes(1, quantity.first);
      record.message(2, &quantity.second);
    });
  }
}


void write(Record& record, uint32_t number, const mesos::Resources& resources)
{
  for (const mesos::Resource& resource : resources) {
    record.message(number, &resource);
  }
}

}  // namespace


void write(Record& record, Field field, const mesos::Resources& resources)
{
  for (const mesos::Resource& resource : resources) {
    record.message(field, resource);
  }
}


void write(Record& record, const mesos::UnavailableResources& unavailable)
{
  write(record, Field::Resource, unavailable.resources);
  record.message(Field::Unavailability, unavailable.unavailability);
}


void write(
    Record& record, const std::vector<mesos::ResourceConversion>& conversions)
{
  for (const mesos::ResourceConversion& conversion : conversions) {
    record.nested(Field::Conversion, [&]() {
      write(record, 1, conversion.consumed);
      write(record, 2, conversion.converted);
    });
  }
}


void writeRoles(Record& record, const std::set<std::string>& roles)
{
  for (const std::string& role : roles) {
    record.bytes(Field::Roles, role);
  }
}


void tellQuota(
    Callback callback, const std::string& role, const mesos::Quota& quota)
{
  tell(callback, [&](Record& record) {
    record.bytes(Field::Role, role);
    writeQuantities(record, Field::Guarantee, quota.guarantees);
    writeQuantities(record, Field::Limit, quota.limits);
  });
}


void tellHeld(
    Callback callback,
    const mesos::FrameworkID& framework,
    const mesos::SlaveID& agent,
    const mesos::Resources& resources)
{
  tell(callback, [&](Record& record) {
    record.message(Field::FrameworkId, framework);
    record.message(Field::AgentId, agent);
    write(record, Field::Resource, resources);
  });
}


void tellFramework(Callback callback, const mesos::FrameworkID& framework)
{
  tell(callback, [&](Record& record) {
    record.message(Field::FrameworkId, framework);
  });
}


void tellAgent(Callback callback, const mesos::SlaveID& agent)
{
  tell(
      callback, [&](Record& record) { record.message(Field::AgentId, agent); });
}


void tellRoles(
    Callback callback,
    const mesos::FrameworkID& framework,
    const std::set<std::string>& roles)
{
  tell(callback, [&](Record& record) {
    record.message(Field::FrameworkId, framework);
    writeRoles(record, roles);
  });
}


// One record per agent and role: a framework that is offered a whole cluster
// must not make one that is larger than the queue.
OfferCallback recording(const OfferCallback& callback)
{
  return
      [callback](
          const mesos::FrameworkID& framework,
          const hashmap<std::string, hashmap<mesos::SlaveID, mesos::Resources>>&
              offered) {
        for (const auto& role : offered) {
          for (const auto& agent : role.second) {
            tell(Callback::AllocatorOffer, [&](Record& record) {
              record.message(Field::FrameworkId, framework);
              record.message(Field::AgentId, agent.first);
              record.bytes(Field::Role, role.first);
              write(record, Field::Resource, agent.second);
            });
          }
        }
        callback(framework, offered);
      };
}


InverseOfferCallback recording(const InverseOfferCallback& callback)
{
  return [callback](
             const mesos::FrameworkID& framework,
             const hashmap<mesos::SlaveID, mesos::UnavailableResources>&
                 unavailable) {
    for (const auto& agent : unavailable) {
      tell(Callback::AllocatorInverseOffer, [&](Record& record) {
        record.message(Field::FrameworkId, framework);
        record.message(Field::AgentId, agent.first);
        write(record, agent.second);
      });
    }
    callback(framework, unavailable);
  };
}

}  // namespace mesos_audit
