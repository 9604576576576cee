// The allocator that the module wraps in the tests: notes each call, with the
// addresses of what it was given.
#ifndef MESOS_AUDIT_DRIVER_FAKE_ALLOCATOR_HPP
#define MESOS_AUDIT_DRIVER_FAKE_ALLOCATOR_HPP

#include <cstdint>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <mesos/allocator/allocator.hpp>

namespace driver {

typedef lambda::function<void(
    const mesos::FrameworkID&,
    const hashmap<std::string, hashmap<mesos::SlaveID, mesos::Resources>>&)>
    Offer;

typedef lambda::function<void(
    const mesos::FrameworkID&,
    const hashmap<mesos::SlaveID, mesos::UnavailableResources>&)>
    InverseOffer;

typedef hashmap<
    mesos::SlaveID,
    hashmap<mesos::FrameworkID, mesos::allocator::InverseOfferStatus>>
    Statuses;

typedef std::vector<const void*> Arguments;


// An argument that is passed by value.
inline const void* value(intptr_t number)
{
  return reinterpret_cast<const void*>(number);
}


struct FakeAllocator : mesos::allocator::Allocator
{
  void note(const std::string& method, Arguments arguments)
  {
    calls.push_back(method);
    given = arguments;
    if (throws) {
      throw std::runtime_error("the wrapped allocator throws");
    }
  }

  void initialize(
      const mesos::allocator::Options& options,
      const Offer& offer,
      const InverseOffer& inverse) override
  {
    offers = offer;
    inverseOffers = inverse;
    note("initialize", {&options});
  }

  void recover(
      const int count,
      const hashmap<std::string, mesos::Quota>& quotas) override
  {
    note("recover", {value(count), &quotas});
  }

  void addFramework(
      const mesos::FrameworkID& id,
      const mesos::FrameworkInfo& info,
      const hashmap<mesos::SlaveID, mesos::Resources>& used,
      bool active,
      mesos::allocator::FrameworkOptions&& options) override
  {
    note("addFramework", {&id, &info, &used, value(active), &options});
  }

  void removeFramework(const mesos::FrameworkID& id) override
  {
    note("removeFramework", {&id});
  }

  void activateFramework(const mesos::FrameworkID& id) override
  {
    note("activateFramework", {&id});
  }

  void deactivateFramework(const mesos::FrameworkID& id) override
  {
    note("deactivateFramework", {&id});
  }

  void updateFramework(
      const mesos::FrameworkID& id,
      const mesos::FrameworkInfo& info,
      mesos::allocator::FrameworkOptions&& options) override
  {
    note("updateFramework", {&id, &info, &options});
  }

  void addSlave(
      const mesos::SlaveID& id,
      const mesos::SlaveInfo& info,
      const std::vector<mesos::SlaveInfo::Capability>& capabilities,
      const Option<mesos::Unavailability>& unavailability,
      const mesos::Resources& total,
      const hashmap<mesos::FrameworkID, mesos::Resources>& used) override
  {
    note(
        "addSlave",
        {&id, &info, &capabilities, &unavailability, &total, &used});
  }

  void removeSlave(const mesos::SlaveID& id) override
  {
    note("removeSlave", {&id});
  }

  void updateSlave(
      const mesos::SlaveID& id,
      const mesos::SlaveInfo& info,
      const Option<mesos::Resources>& total,
      const Option<std::vector<mesos::SlaveInfo::Capability>>& capabilities)
      override
  {
    note("updateSlave", {&id, &info, &total, &capabilities});
  }

  void addResourceProvider(
      const mesos::SlaveID& id,
      const mesos::Resources& total,
      const hashmap<mesos::FrameworkID, mesos::Resources>& used) override
  {
    note("addResourceProvider", {&id, &total, &used});
  }

  void activateSlave(const mesos::SlaveID& id) override
  {
    note("activateSlave", {&id});
  }

  void deactivateSlave(const mesos::SlaveID& id) override
  {
    note("deactivateSlave", {&id});
  }

  void updateWhitelist(const Option<hashset<std::string>>& list) override
  {
    note("updateWhitelist", {&list});
  }

  void requestResources(
      const mesos::FrameworkID& id,
      const std::vector<mesos::Request>& requests) override
  {
    note("requestResources", {&id, &requests});
  }

  void updateAllocation(
      const mesos::FrameworkID& id,
      const mesos::SlaveID& agent,
      const mesos::Resources& offered,
      const std::vector<mesos::ResourceConversion>& conversions) override
  {
    note("updateAllocation", {&id, &agent, &offered, &conversions});
  }

  void updateUnavailability(
      const mesos::SlaveID& id,
      const Option<mesos::Unavailability>& unavailability) override
  {
    note("updateUnavailability", {&id, &unavailability});
  }

  void updateInverseOffer(
      const mesos::SlaveID& agent,
      const mesos::FrameworkID& id,
      const Option<mesos::UnavailableResources>& resources,
      const Option<mesos::allocator::InverseOfferStatus>& status,
      const Option<mesos::Filters>& filters) override
  {
    note("updateInverseOffer", {&agent, &id, &resources, &status, &filters});
  }

  void transitionOfferedToAllocated(
      const mesos::SlaveID& agent, const mesos::Resources& resources) override
  {
    note("transitionOfferedToAllocated", {&agent, &resources});
  }

  void recoverResources(
      const mesos::FrameworkID& id,
      const mesos::SlaveID& agent,
      const mesos::Resources& resources,
      const Option<mesos::Filters>& filters,
      bool allocated) override
  {
    note(
        "recoverResources",
        {&id, &agent, &resources, &filters, value(allocated)});
  }

  void suppressOffers(
      const mesos::FrameworkID& id, const std::set<std::string>& roles) override
  {
    note("suppressOffers", {&id, &roles});
  }

  void reviveOffers(
      const mesos::FrameworkID& id, const std::set<std::string>& roles) override
  {
    note("reviveOffers", {&id, &roles});
  }

  void updateQuota(const std::string& role, const mesos::Quota& quota) override
  {
    note("updateQuota", {&role, &quota});
  }

  void updateWeights(const std::vector<mesos::WeightInfo>& weights) override
  {
    note("updateWeights", {&weights});
  }

  void pause() override { note("pause", {}); }

  void resume() override { note("resume", {}); }

  process::Future<Nothing> updateAvailable(
      const mesos::SlaveID& agent,
      const std::vector<mesos::Offer::Operation>& operations) override
  {
    note("updateAvailable", {&agent, &operations});
    return process::Failure("no such resources");
  }

  process::Future<Statuses> getInverseOfferStatuses() override
  {
    note("getInverseOfferStatuses", {});
    return process::Future<Statuses>();
  }

  std::vector<std::string> calls;
  Arguments given;
  bool throws = false;
  Offer offers;
  InverseOffer inverseOffers;
};


// What the module's next `create` gets; null: Mesos's own.
extern FakeAllocator* nextAllocator;

// Mesos's hierarchical allocator, bare. Needs libprocess.
mesos::allocator::Allocator* createRealAllocator();

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_FAKE_ALLOCATOR_HPP
