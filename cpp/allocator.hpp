// Records what the master tells its allocator and what the allocator offers,
// and leaves every decision to the one that it wraps.
//
// Two threads come here. The Master actor calls the virtual functions, which
// only send messages to the allocator's own actor; that one calls the two
// callbacks of `initialize`, once per framework and allocation cycle. What a
// call says is recorded before it is handed on, so that no answer to it can be
// in the trail before it.
#ifndef MESOS_AUDIT_ALLOCATOR_HPP
#define MESOS_AUDIT_ALLOCATOR_HPP

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <mesos/allocator/allocator.hpp>

namespace mesos_audit {

typedef lambda::function<void(
    const mesos::FrameworkID&,
    const hashmap<std::string, hashmap<mesos::SlaveID, mesos::Resources>>&)>
    OfferCallback;

typedef lambda::function<void(
    const mesos::FrameworkID&,
    const hashmap<mesos::SlaveID, mesos::UnavailableResources>&)>
    InverseOfferCallback;

typedef hashmap<
    mesos::SlaveID,
    hashmap<mesos::FrameworkID, mesos::allocator::InverseOfferStatus>>
    InverseOfferStatuses;


class Allocator : public mesos::allocator::Allocator
{
public:
  static mesos::allocator::Allocator* create(
      const mesos::Parameters& parameters);

  explicit Allocator(std::unique_ptr<mesos::allocator::Allocator> inner);

  void initialize(
      const mesos::allocator::Options& options,
      const OfferCallback& offerCallback,
      const InverseOfferCallback& inverseOfferCallback) override;

  void recover(
      const int expectedAgentCount,
      const hashmap<std::string, mesos::Quota>& quotas) override;

  void addFramework(
      const mesos::FrameworkID& id,
      const mesos::FrameworkInfo& framework,
      const hashmap<mesos::SlaveID, mesos::Resources>& used,
      bool active,
      mesos::allocator::FrameworkOptions&& options) override;

  void removeFramework(const mesos::FrameworkID& id) override;

  void activateFramework(const mesos::FrameworkID& id) override;

  void deactivateFramework(const mesos::FrameworkID& id) override;

  void updateFramework(
      const mesos::FrameworkID& id,
      const mesos::FrameworkInfo& framework,
      mesos::allocator::FrameworkOptions&& options) override;

  void addSlave(
      const mesos::SlaveID& id,
      const mesos::SlaveInfo& agent,
      const std::vector<mesos::SlaveInfo::Capability>& capabilities,
      const Option<mesos::Unavailability>& unavailability,
      const mesos::Resources& total,
      const hashmap<mesos::FrameworkID, mesos::Resources>& used) override;

  void removeSlave(const mesos::SlaveID& id) override;

  void updateSlave(
      const mesos::SlaveID& id,
      const mesos::SlaveInfo& agent,
      const Option<mesos::Resources>& total,
      const Option<std::vector<mesos::SlaveInfo::Capability>>& capabilities)
      override;

  void addResourceProvider(
      const mesos::SlaveID& id,
      const mesos::Resources& total,
      const hashmap<mesos::FrameworkID, mesos::Resources>& used) override;

  void activateSlave(const mesos::SlaveID& id) override;

  void deactivateSlave(const mesos::SlaveID& id) override;

  void updateWhitelist(const Option<hashset<std::string>>& whitelist) override;

  void requestResources(
      const mesos::FrameworkID& framework,
      const std::vector<mesos::Request>& requests) override;

  void updateAllocation(
      const mesos::FrameworkID& framework,
      const mesos::SlaveID& agent,
      const mesos::Resources& offered,
      const std::vector<mesos::ResourceConversion>& conversions) override;

  process::Future<Nothing> updateAvailable(
      const mesos::SlaveID& agent,
      const std::vector<mesos::Offer::Operation>& operations) override;

  void updateUnavailability(
      const mesos::SlaveID& agent,
      const Option<mesos::Unavailability>& unavailability) override;

  void updateInverseOffer(
      const mesos::SlaveID& agent,
      const mesos::FrameworkID& framework,
      const Option<mesos::UnavailableResources>& unavailable,
      const Option<mesos::allocator::InverseOfferStatus>& status,
      const Option<mesos::Filters>& filters) override;

  process::Future<InverseOfferStatuses> getInverseOfferStatuses() override;

  void transitionOfferedToAllocated(
      const mesos::SlaveID& agent, const mesos::Resources& resources) override;

  void recoverResources(
      const mesos::FrameworkID& framework,
      const mesos::SlaveID& agent,
      const mesos::Resources& resources,
      const Option<mesos::Filters>& filters,
      bool isAllocated) override;

  void suppressOffers(
      const mesos::FrameworkID& framework,
      const std::set<std::string>& roles) override;

  void reviveOffers(
      const mesos::FrameworkID& framework,
      const std::set<std::string>& roles) override;

  void updateQuota(const std::string& role, const mesos::Quota& quota) override;

  void updateWeights(const std::vector<mesos::WeightInfo>& weights) override;

  void pause() override;

  void resume() override;

private:
  const std::unique_ptr<mesos::allocator::Allocator> inner;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_ALLOCATOR_HPP
