#include "allocator.hpp"

#include <utility>

#include "allocator_record.hpp"
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
    write(record, Field::Unavailability, unavailability);
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
    write(record, conversions);
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
    write(record, Field::Unavailability, unavailability);
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
      write(record, unavailable.get());
    }
    write(record, Field::InverseOfferStatus, status);
    write(record, Field::Filters, filters);
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
    write(record, Field::Filters, filters);
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
