#include "allocator.hpp"

#include <utility>

#include "guard.hpp"
#include "inner_allocator.hpp"
#include "record.hpp"
#include "settled.hpp"
#include "startup.hpp"

// What the wrapped allocator throws goes on to Mesos, as it would without us:
// unlike a decision, a change of the allocator's books that did not take place
// cannot be answered with a failure.

namespace mesos_audit {
namespace {

const char NAME[] = "org_mesos_audit_Allocator";


template <typename F>
void tell(Callback callback, F&& write) noexcept
{
  observe(callback, [&]() {
    Record record;
    write(record);
    record.send(callback);
  });
}


void write(Record& record, Field field, const mesos::Resources& resources)
{
  for (const mesos::Resource& resource : resources) {
    record.message(field, resource);
  }
}


void write(Record& record, uint32_t number, const mesos::Resources& resources)
{
  for (const mesos::Resource& resource : resources) {
    record.message(number, &resource);
  }
}


void writeRoles(Record& record, const std::set<std::string>& roles)
{
  for (const std::string& role : roles) {
    record.bytes(Field::Roles, role);
  }
}


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


void tellQuota(
    Callback callback, const std::string& role, const mesos::Quota& quota)
{
  tell(callback, [&](Record& record) {
    record.bytes(Field::Role, role);
    writeQuantities(record, Field::Guarantee, quota.guarantees);
    writeQuantities(record, Field::Limit, quota.limits);
  });
}


// What a framework holds on an agent.
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
        write(record, Field::Resource, agent.second.resources);
        record.message(Field::Unavailability, agent.second.unavailability);
      });
    }
    callback(framework, unavailable);
  };
}

}  // namespace


mesos::allocator::Allocator* Allocator::create(
    const mesos::Parameters& parameters)
{
  return mesos_audit::create<mesos::allocator::Allocator>(
      NAME,
      parameters,
      {"config", "role_sorter", "framework_sorter"},
      [](const Parameters& given) {
        return new Allocator(createInnerAllocator(given));
      });
}


Allocator::Allocator(std::unique_ptr<mesos::allocator::Allocator> _inner)
    : inner(std::move(_inner))
{}


void Allocator::initialize(
    const mesos::allocator::Options& options,
    const OfferCallback& offerCallback,
    const InverseOfferCallback& inverseOfferCallback)
{
  // Should wrapping fail, then callbacks that nobody watches are right and no
  // callbacks would be wrong.
  OfferCallback offer = offerCallback;
  InverseOfferCallback inverseOffer = inverseOfferCallback;
  observe(Callback::AllocatorOffer, [&]() {
    offer = recording(offerCallback);
    inverseOffer = recording(inverseOfferCallback);
  });

  inner->initialize(options, offer, inverseOffer);
}


void Allocator::recover(
    const int expectedAgentCount,
    const hashmap<std::string, mesos::Quota>& quotas)
{
  for (const auto& quota : quotas) {
    tellQuota(Callback::AllocatorRecover, quota.first, quota.second);
  }
  inner->recover(expectedAgentCount, quotas);
}


void Allocator::addFramework(
    const mesos::FrameworkID& id,
    const mesos::FrameworkInfo& framework,
    const hashmap<mesos::SlaveID, mesos::Resources>& used,
    bool active,
    mesos::allocator::FrameworkOptions&& options)
{
  tell(Callback::AllocatorAddFramework, [&](Record& record) {
    record.message(Field::FrameworkId, id);
    record.message(Field::Framework, framework);
    record.number(Field::Active, active);
    writeRoles(record, options.suppressedRoles);
  });
  for (const auto& agent : used) {
    tellHeld(Callback::AllocatorUsed, id, agent.first, agent.second);
  }
  inner->addFramework(id, framework, used, active, std::move(options));
}


void Allocator::removeFramework(const mesos::FrameworkID& id)
{
  tellFramework(Callback::AllocatorRemoveFramework, id);
  inner->removeFramework(id);
}


void Allocator::activateFramework(const mesos::FrameworkID& id)
{
  tellFramework(Callback::AllocatorActivateFramework, id);
  inner->activateFramework(id);
}


void Allocator::deactivateFramework(const mesos::FrameworkID& id)
{
  tellFramework(Callback::AllocatorDeactivateFramework, id);
  inner->deactivateFramework(id);
}


void Allocator::updateFramework(
    const mesos::FrameworkID& id,
    const mesos::FrameworkInfo& framework,
    mesos::allocator::FrameworkOptions&& options)
{
  tell(Callback::AllocatorUpdateFramework, [&](Record& record) {
    record.message(Field::FrameworkId, id);
    record.message(Field::Framework, framework);
    writeRoles(record, options.suppressedRoles);
  });
  inner->updateFramework(id, framework, std::move(options));
}


void Allocator::addSlave(
    const mesos::SlaveID& id,
    const mesos::SlaveInfo& agent,
    const std::vector<mesos::SlaveInfo::Capability>& capabilities,
    const Option<mesos::Unavailability>& unavailability,
    const mesos::Resources& total,
    const hashmap<mesos::FrameworkID, mesos::Resources>& used)
{
  tell(Callback::AllocatorAddSlave, [&](Record& record) {
    record.message(Field::AgentId, id);
    record.message(Field::Agent, agent);
    write(record, Field::Resource, total);
    if (unavailability.isSome()) {
      record.message(Field::Unavailability, unavailability.get());
    }
  });
  for (const auto& framework : used) {
    tellHeld(Callback::AllocatorUsed, framework.first, id, framework.second);
  }
  inner->addSlave(id, agent, capabilities, unavailability, total, used);
}


void Allocator::removeSlave(const mesos::SlaveID& id)
{
  tellAgent(Callback::AllocatorRemoveSlave, id);
  inner->removeSlave(id);
}


void Allocator::updateSlave(
    const mesos::SlaveID& id,
    const mesos::SlaveInfo& agent,
    const Option<mesos::Resources>& total,
    const Option<std::vector<mesos::SlaveInfo::Capability>>& capabilities)
{
  tell(Callback::AllocatorUpdateSlave, [&](Record& record) {
    record.message(Field::AgentId, id);
    record.message(Field::Agent, agent);
    if (total.isSome()) {
      write(record, Field::Resource, total.get());
    }
  });
  inner->updateSlave(id, agent, total, capabilities);
}


void Allocator::addResourceProvider(
    const mesos::SlaveID& id,
    const mesos::Resources& total,
    const hashmap<mesos::FrameworkID, mesos::Resources>& used)
{
  tell(Callback::AllocatorAddResourceProvider, [&](Record& record) {
    record.message(Field::AgentId, id);
    write(record, Field::Resource, total);
  });
  for (const auto& framework : used) {
    tellHeld(Callback::AllocatorUsed, framework.first, id, framework.second);
  }
  inner->addResourceProvider(id, total, used);
}


void Allocator::activateSlave(const mesos::SlaveID& id)
{
  tellAgent(Callback::AllocatorActivateSlave, id);
  inner->activateSlave(id);
}


void Allocator::deactivateSlave(const mesos::SlaveID& id)
{
  tellAgent(Callback::AllocatorDeactivateSlave, id);
  inner->deactivateSlave(id);
}


void Allocator::updateWhitelist(const Option<hashset<std::string>>& whitelist)
{
  tell(Callback::AllocatorUpdateWhitelist, [&](Record& record) {
    // None, every agent, is not the same as an empty one.
    record.number(Field::Active, whitelist.isSome());
    if (whitelist.isSome()) {
      for (const std::string& host : whitelist.get()) {
        record.bytes(Field::Hosts, host);
      }
    }
  });
  inner->updateWhitelist(whitelist);
}


void Allocator::requestResources(
    const mesos::FrameworkID& framework,
    const std::vector<mesos::Request>& requests)
{
  for (const mesos::Request& request : requests) {
    tell(Callback::AllocatorRequestResources, [&](Record& record) {
      record.message(Field::FrameworkId, framework);
      record.message(Field::Wanted, request);
    });
  }
  inner->requestResources(framework, requests);
}


void Allocator::updateAllocation(
    const mesos::FrameworkID& framework,
    const mesos::SlaveID& agent,
    const mesos::Resources& offered,
    const std::vector<mesos::ResourceConversion>& conversions)
{
  tell(Callback::AllocatorUpdateAllocation, [&](Record& record) {
    record.message(Field::FrameworkId, framework);
    record.message(Field::AgentId, agent);
    for (const mesos::ResourceConversion& conversion : conversions) {
      record.nested(Field::Conversion, [&]() {
        write(record, 1, conversion.consumed);
        write(record, 2, conversion.converted);
      });
    }
  });
  inner->updateAllocation(framework, agent, offered, conversions);
}


process::Future<Nothing> Allocator::updateAvailable(
    const mesos::SlaveID& agent,
    const std::vector<mesos::Offer::Operation>& operations)
{
  const Clock::time_point start = Clock::now();

  // Now: the operations need not outlive this call.
  std::string begun;
  observe(Callback::AllocatorUpdateAvailable, [&]() {
    Record record;
    record.message(Field::AgentId, agent);
    for (const mesos::Offer::Operation& operation : operations) {
      record.message(Field::Operation, operation);
    }
    begun = record.take();
  });

  process::Future<Nothing> future = inner->updateAvailable(agent, operations);

  onSettled(
      Callback::AllocatorUpdateAvailable,
      future,
      [start,
       begun = std::move(begun)](const process::Future<Nothing>& settled) {
        Record record(begun);
        record.duration(start);
        if (settled.isReady()) {
          record.verdict(Verdict::Allowed);
        } else {
          unready(record, settled);
        }
        record.send(Callback::AllocatorUpdateAvailable);
      });
  return future;
}


void Allocator::updateUnavailability(
    const mesos::SlaveID& agent,
    const Option<mesos::Unavailability>& unavailability)
{
  tell(Callback::AllocatorUpdateUnavailability, [&](Record& record) {
    record.message(Field::AgentId, agent);
    if (unavailability.isSome()) {
      record.message(Field::Unavailability, unavailability.get());
    }
  });
  inner->updateUnavailability(agent, unavailability);
}


void Allocator::updateInverseOffer(
    const mesos::SlaveID& agent,
    const mesos::FrameworkID& framework,
    const Option<mesos::UnavailableResources>& unavailable,
    const Option<mesos::allocator::InverseOfferStatus>& status,
    const Option<mesos::Filters>& filters)
{
  tell(Callback::AllocatorUpdateInverseOffer, [&](Record& record) {
    record.message(Field::AgentId, agent);
    record.message(Field::FrameworkId, framework);
    if (unavailable.isSome()) {
      write(record, Field::Resource, unavailable.get().resources);
      record.message(Field::Unavailability, unavailable.get().unavailability);
    }
    if (status.isSome()) {
      record.message(Field::InverseOfferStatus, status.get());
    }
    if (filters.isSome()) {
      record.message(Field::Filters, filters.get());
    }
  });
  inner->updateInverseOffer(agent, framework, unavailable, status, filters);
}


// A question of the operator's API, which is recorded where it is asked.
process::Future<InverseOfferStatuses> Allocator::getInverseOfferStatuses()
{
  return inner->getInverseOfferStatuses();
}


void Allocator::transitionOfferedToAllocated(
    const mesos::SlaveID& agent, const mesos::Resources& resources)
{
  tell(Callback::AllocatorTransition, [&](Record& record) {
    record.message(Field::AgentId, agent);
    write(record, Field::Resource, resources);
  });
  inner->transitionOfferedToAllocated(agent, resources);
}


void Allocator::recoverResources(
    const mesos::FrameworkID& framework,
    const mesos::SlaveID& agent,
    const mesos::Resources& resources,
    const Option<mesos::Filters>& filters,
    bool isAllocated)
{
  tell(Callback::AllocatorRecoverResources, [&](Record& record) {
    record.message(Field::FrameworkId, framework);
    record.message(Field::AgentId, agent);
    write(record, Field::Resource, resources);
    if (filters.isSome()) {
      record.message(Field::Filters, filters.get());
    }
    record.number(Field::Active, isAllocated);
  });
  inner->recoverResources(framework, agent, resources, filters, isAllocated);
}


void Allocator::suppressOffers(
    const mesos::FrameworkID& framework, const std::set<std::string>& roles)
{
  tellRoles(Callback::AllocatorSuppressOffers, framework, roles);
  inner->suppressOffers(framework, roles);
}


void Allocator::reviveOffers(
    const mesos::FrameworkID& framework, const std::set<std::string>& roles)
{
  tellRoles(Callback::AllocatorReviveOffers, framework, roles);
  inner->reviveOffers(framework, roles);
}


void Allocator::updateQuota(const std::string& role, const mesos::Quota& quota)
{
  tellQuota(Callback::AllocatorUpdateQuota, role, quota);
  inner->updateQuota(role, quota);
}


void Allocator::updateWeights(const std::vector<mesos::WeightInfo>& weights)
{
  for (const mesos::WeightInfo& weight : weights) {
    tell(Callback::AllocatorUpdateWeights, [&](Record& record) {
      record.message(Field::Weight, weight);
    });
  }
  inner->updateWeights(weights);
}


// How the master keeps the allocator from offering in the middle of a change:
// nothing that somebody did.
void Allocator::pause()
{
  inner->pause();
}


void Allocator::resume()
{
  inner->resume();
}

}  // namespace mesos_audit
