// Describes mesos/allocator/allocator.hpp: 28 virtual functions behind the
// destructor, in this order. Mesos 1.10 and 1.11 have the same.
#ifndef MESOS_SDK_MESOS_ALLOCATOR_ALLOCATOR_HPP
#define MESOS_SDK_MESOS_ALLOCATOR_ALLOCATOR_HPP

#include <set>
#include <string>
#include <vector>

#include <mesos/maintenance/maintenance.hpp>
#include <mesos/mesos.hpp>
#include <mesos/quota/quota.hpp>
#include <mesos/resources.hpp>

#include <process/future.hpp>

#include <stout/hashmap.hpp>
#include <stout/hashset.hpp>
#include <stout/lambda.hpp>
#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <stout/try.hpp>

namespace mesos {
namespace allocator {

// Handed through.
struct Options;

MESOS_SDK_MESSAGE(InverseOfferStatus, 48);


struct FrameworkOptions
{
  FrameworkOptions(const FrameworkOptions&) = delete;

  // Roles for which no offers are wanted.
  std::set<std::string> suppressedRoles;

private:
  // The filter by offer constraints: one owning pointer.
  void* offerConstraintsFilter;
};


class Allocator
{
public:
  // Not exported by every library of Mesos: to be looked up.
  static Try<Allocator*> create(
      const std::string& name,
      const std::string& roleSorter,
      const std::string& frameworkSorter);

  virtual ~Allocator() {}

  virtual void initialize(
      const Options& options,
      const lambda::function<void(
          const FrameworkID&,
          const hashmap<std::string, hashmap<SlaveID, Resources>>&)>&
          offerCallback,
      const lambda::function<void(
          const FrameworkID&, const hashmap<SlaveID, UnavailableResources>&)>&
          inverseOfferCallback) = 0;

  virtual void recover(
      const int expectedAgentCount,
      const hashmap<std::string, Quota>& quotas) = 0;

  virtual void addFramework(
      const FrameworkID& frameworkId,
      const FrameworkInfo& frameworkInfo,
      const hashmap<SlaveID, Resources>& used,
      bool active,
      FrameworkOptions&& options) = 0;

  virtual void removeFramework(const FrameworkID& frameworkId) = 0;

  virtual void activateFramework(const FrameworkID& frameworkId) = 0;

  virtual void deactivateFramework(const FrameworkID& frameworkId) = 0;

  virtual void updateFramework(
      const FrameworkID& frameworkId,
      const FrameworkInfo& frameworkInfo,
      FrameworkOptions&& options) = 0;

  virtual void addSlave(
      const SlaveID& agentId,
      const SlaveInfo& agent,
      const std::vector<SlaveInfo::Capability>& capabilities,
      const Option<Unavailability>& unavailability,
      const Resources& total,
      const hashmap<FrameworkID, Resources>& used) = 0;

  virtual void removeSlave(const SlaveID& agentId) = 0;

  virtual void updateSlave(
      const SlaveID& agentId,
      const SlaveInfo& agent,
      const Option<Resources>& total,
      const Option<std::vector<SlaveInfo::Capability>>& capabilities) = 0;

  virtual void addResourceProvider(
      const SlaveID& agentId,
      const Resources& total,
      const hashmap<FrameworkID, Resources>& used) = 0;

  virtual void activateSlave(const SlaveID& agentId) = 0;

  virtual void deactivateSlave(const SlaveID& agentId) = 0;

  // None: every agent takes part.
  virtual void updateWhitelist(
      const Option<hashset<std::string>>& whitelist) = 0;

  virtual void requestResources(
      const FrameworkID& frameworkId, const std::vector<Request>& requests) = 0;

  virtual void updateAllocation(
      const FrameworkID& frameworkId,
      const SlaveID& agentId,
      const Resources& offeredResources,
      const std::vector<ResourceConversion>& conversions) = 0;

  virtual process::Future<Nothing> updateAvailable(
      const SlaveID& agentId,
      const std::vector<Offer::Operation>& operations) = 0;

  virtual void updateUnavailability(
      const SlaveID& agentId, const Option<Unavailability>& unavailability) = 0;

  virtual void updateInverseOffer(
      const SlaveID& agentId,
      const FrameworkID& frameworkId,
      const Option<UnavailableResources>& unavailableResources,
      const Option<InverseOfferStatus>& status,
      const Option<Filters>& filters) = 0;

  virtual process::Future<
      hashmap<SlaveID, hashmap<FrameworkID, InverseOfferStatus>>>
  getInverseOfferStatuses() = 0;

  virtual void transitionOfferedToAllocated(
      const SlaveID& agentId, const Resources& resources) = 0;

  virtual void recoverResources(
      const FrameworkID& frameworkId,
      const SlaveID& agentId,
      const Resources& resources,
      const Option<Filters>& filters,
      bool isAllocated) = 0;

  // No roles: all roles of the framework.
  virtual void suppressOffers(
      const FrameworkID& frameworkId, const std::set<std::string>& roles) = 0;

  virtual void reviveOffers(
      const FrameworkID& frameworkId, const std::set<std::string>& roles) = 0;

  virtual void updateQuota(const std::string& role, const Quota& quota) = 0;

  virtual void updateWeights(const std::vector<WeightInfo>& weights) = 0;

  virtual void pause() = 0;

  virtual void resume() = 0;
};

}  // namespace allocator
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_ALLOCATOR_ALLOCATOR_HPP
