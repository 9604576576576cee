// Mesos's own hierarchical allocator, bare and wrapped, through the same life
// of a cluster: the same offers, to the same frameworks, in the same order.

#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "amounts.hpp"
#include "check.hpp"
#include "fake_allocator.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

using mesos::allocator::Allocator;


// mesos::allocator::Options, which mesos_sdk does not describe: all off, and
// no allocation but those that events ask for.
struct Options
{
  long allocationInterval = 3600L * 1000 * 1000 * 1000;
  Option<std::set<std::string>> fairnessExcludeResourceNames;
  bool filterGpuResources = true;
  Option<std::string> domain;
  Option<std::vector<int>> minAllocatableResources;
  size_t maxCompletedFrameworks = 0;
  bool publishPerFrameworkMetrics = false;
  Option<std::string> readonlyHttpAuthenticationRealm;
  Option<void*> authorizer;
  long recoveryTimeout = 3600L * 1000 * 1000 * 1000;
  double agentRecoveryFactor = 0.8;
};

static_assert(sizeof(Options) == 232, "Size of allocator::Options");
static_assert(sizeof(Option<std::string>) == 40, "Size of Option<DomainInfo>");


class Life
{
public:
  explicit Life(std::unique_ptr<Allocator> _allocator)
      : allocator(std::move(_allocator))
  {}

  // Everything that was offered, one line per framework, role and agent.
  std::vector<std::string> live()
  {
    // Mesos shuffles the agents by this.
    std::srand(7);

    allocator->initialize(
        reinterpret_cast<const mesos::allocator::Options&>(options),
        [this](const mesos::FrameworkID& framework, const auto& offers) {
          offered(framework, offers);
        },
        [](const mesos::FrameworkID&, const auto&) {});
    allocator->recover(0, hashmap<std::string, mesos::Quota>());

    for (const char* agent : {"a", "b", "c", "d", "e"}) {
      addAgent(agent);
    }
    addFramework("one", {"web"});
    addFramework("two", {"db"});
    decline("one");
    addFramework("three", {"web", "batch"});
    decline();

    std::vector<mesos::WeightInfo> weights(1);
    fill(
        &weights[0],
        std::string(
            "\x09\0\0\0\0\0\0\x10\x40\x12\x02"
            "db",
            13));
    allocator->updateWeights(weights);
    settle();
    decline();

    static const CpuQuota quota(6, 12);
    allocator->updateQuota("batch", quota.view());
    settle();
    decline();

    allocator->suppressOffers(id<mesos::FrameworkID>("one"), {});
    settle();
    decline();
    allocator->reviveOffers(id<mesos::FrameworkID>("one"), {});
    settle();
    decline();

    allocator->deactivateSlave(id<mesos::SlaveID>("c"));
    settle();
    decline();
    allocator->activateSlave(id<mesos::SlaveID>("c"));
    settle();
    addAgent("f");
    decline();

    allocator->deactivateFramework(id<mesos::FrameworkID>("two"));
    settle();
    allocator->removeFramework(id<mesos::FrameworkID>("two"));
    settle();
    addFramework("four", {"web"});
    decline();
    allocator->removeSlave(id<mesos::SlaveID>("a"));
    settle();
    decline();

    const std::lock_guard<std::mutex> lock(mutex);
    return lines;
  }

private:
  struct Held
  {
    std::string framework;
    std::string agent;
    Raw<mesos::Resources>* resources;
  };

  void offered(
      const mesos::FrameworkID& framework,
      const hashmap<std::string, hashmap<mesos::SlaveID, mesos::Resources>>&
          offers)
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const std::string to = framework.SerializePartialAsString().substr(2);
    for (const auto& role : offers) {
      for (const auto& agent : role.second) {
        const std::string at = agent.first.SerializePartialAsString().substr(2);
        lines.push_back(
            to + " " + role.first + " " + at + " " + bytes(agent.second));

        Held one{to, at, new Raw<mesos::Resources>()};
        copyTo(one.resources, agent.second);
        held.push_back(one);
      }
    }
  }

  void addAgent(const std::string& name)
  {
    mesos::SlaveInfo info;
    fill(&info, fields({{1, "host-" + name}, {6, fields({{1, name}})}}));
    // MULTI_ROLE, without which frameworks that have it are offered nothing.
    std::vector<mesos::SlaveInfo::Capability> capabilities(1);
    fill(&capabilities[0], number(1, 1));
    allocator->addSlave(
        id<mesos::SlaveID>(name),
        info,
        capabilities,
        None(),
        resources("cpus:8;mem:4096;ports:[31000-32000]"),
        Amounts<mesos::FrameworkID>().view());
    settle();
  }

  void addFramework(
      const std::string& name, const std::vector<std::string>& roles)
  {
    // MULTI_ROLE is capability 6.
    std::string wire = fields(
        {{1, "root"}, {2, name}, {3, fields({{1, name}})}, {10, number(1, 6)}});
    for (const std::string& role : roles) {
      wire += fields({{12, role}});
    }
    mesos::FrameworkInfo info;
    fill(&info, wire);

    FrameworkOptions wanted({});
    allocator->addFramework(
        id<mesos::FrameworkID>(name),
        info,
        Amounts<mesos::SlaveID>().view(),
        true,
        std::move(wanted.view()));
    settle();
  }

  // Gives everything back, so that the next allocation has something to
  // distribute.
  void decline(const std::string& reviving = "three")
  {
    std::vector<Held> all;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      all.swap(held);
    }
    allocator->pause();
    for (const Held& one : all) {
      allocator->recoverResources(
          id<mesos::FrameworkID>(one.framework),
          id<mesos::SlaveID>(one.agent),
          reinterpret_cast<const mesos::Resources&>(*one.resources),
          None(),
          false);
    }
    allocator->resume();
    // Makes it allocate.
    allocator->reviveOffers(id<mesos::FrameworkID>(reviving), {});
    settle();
  }

  // Until the allocator's actor has done what it was told, and what it told
  // itself in doing so: that comes after the first of these questions.
  void settle()
  {
    for (int i = 0; i < 3; ++i) {
      const auto statuses = allocator->getInverseOfferStatuses();
      while (statuses.isPending()) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
    }
  }

  std::mutex mutex;
  std::vector<std::string> lines;
  std::vector<Held> held;
  Options options;

  // Last, so that it goes first: its actor calls the rest.
  std::unique_ptr<Allocator> allocator;
};

}  // namespace


void testOffers()
{
  group("offers");

  const auto bare =
      Life(std::unique_ptr<Allocator>(createRealAllocator())).live();
  check(bare.size() > 40, "a life with offers: " + std::to_string(bare.size()));

  auto allocator = create<Allocator>(
      "org_mesos_audit_Allocator", parameters({{"role_sorter", "drf"}}));
  if (!check(allocator != nullptr, "created")) {
    return;
  }
  const size_t before = matching({"resources_offered"});
  const auto audited = Life(std::move(allocator)).live();
  check(audited == bare, "the same offers in the same order");
  check(
      await(before + bare.size(), {"resources_offered"}) ==
          before + bare.size(),
      "each of them is told");
}

}  // namespace driver
