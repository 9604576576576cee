// Every function of the allocator: handed on once, as it came, and told. What
// is wrong inside the module stays there; what the wrapped allocator throws
// does not.

#include <cstdlib>
#include <functional>
#include <memory>
#include <set>
#include <string>
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

const char NAME[] = "org_mesos_audit_Allocator";


// Arguments of every kind.
struct Given
{
  Given()
      : framework(id<mesos::FrameworkID>("f-1")),
        agent(id<mesos::SlaveID>("a-1")),
        amounts(resources("cpus:2;mem:64;ports:[31000-31005]")),
        quota(1.5, 2.5),
        options({"quiet"}),
        roles({"web"}),
        weights(1)
  {
    fill(&info, frameworkInfo("f-1", "marathon") + HOSTILE_NAME);
    fill(&agentInfo, slaveInfo("agent-1"));
    heldByAgent.add("a-2", amounts);
    heldByFramework.add("f-2", amounts);
    fill(&weights[0], std::string("\x09\0\0\0\0\0\0\x04\x40\x12\x03web", 14));

    mesos::Unavailability away;
    fill(&away, fields({{1, number(1, 1700000000000000000)}}));
    unavailability = away;
    mesos::Filters refused;
    fill(&refused, std::string("\x09\0\0\0\0\0\0\x14\x40", 9));
    filters = refused;
    mesos::allocator::InverseOfferStatus said;
    fill(&said, number(1, 2));
    status = said;

    mesos::Offer::Operation reserve;
    mesos::Request request;
    for (const mesos::Resource& resource : amounts) {
      const std::string wire = resource.SerializePartialAsString();
      fill(&reserve, number(1, 2) + fields({{3, fields({{1, wire}})}}));
      fill(&request, fields({{2, wire}}));
    }
    operations.push_back(reserve);
    requests.push_back(request);

    copyTo(&conversion.consumed, amounts);
    copyTo(&conversion.converted, resources("cpus(web):2"));
  }

  // One that a conversion, a C++ struct, is read from.
  const std::vector<mesos::ResourceConversion>& conversions()
  {
    pointers[0] = &conversion;
    pointers[1] = pointers[2] = &conversion + 1;
    return reinterpret_cast<const std::vector<mesos::ResourceConversion>&>(
        pointers);
  }

  const std::string HOSTILE_NAME = fields({{2, HOSTILE}});

  mesos::FrameworkID framework;
  mesos::SlaveID agent;
  mesos::FrameworkInfo info;
  mesos::SlaveInfo agentInfo;
  const mesos::Resources& amounts;
  Amounts<mesos::SlaveID> heldByAgent;
  Amounts<mesos::FrameworkID> heldByFramework;
  CpuQuota quota;
  FrameworkOptions options;
  std::set<std::string> roles;
  std::vector<mesos::WeightInfo> weights;
  std::vector<mesos::Offer::Operation> operations;
  std::vector<mesos::Request> requests;
  hashmap<std::string, mesos::Quota> quotas;
  std::vector<mesos::SlaveInfo::Capability>* capabilities = nullptr;
  Option<mesos::Unavailability> unavailability;
  Option<mesos::Filters> filters;
  Option<mesos::allocator::InverseOfferStatus> status;
  Option<mesos::UnavailableResources> unavailable;
  Option<mesos::Resources> noTotal;
  Option<hashset<std::string>> whitelist;

  struct
  {
    Raw<mesos::Resources> consumed;
    Raw<mesos::Resources> converted;
    // Option<PostValidation>: none.
    int state = 1;
    Raw<std::function<void()>> function;
  } conversion;
  const void* pointers[3];
};


struct Call
{
  const char* method;
  // Null: nothing is told of it.
  const char* callback;
  const char* action;
  std::function<void(Allocator*)> make;
  Arguments given;
};


// A vector or an option of an incomplete type, which nobody looks into.
template <typename T>
const T& opaque()
{
  static const long words[8] = {};
  return *reinterpret_cast<const T*>(words);
}


std::vector<Call> calls(Given* g)
{
  typedef std::vector<mesos::SlaveInfo::Capability> Capabilities;
  const auto& capabilities = opaque<Capabilities>();
  const auto& maybeCapabilities = opaque<Option<Capabilities>>();
  mesos::allocator::FrameworkOptions& options = g->options.view();
  const auto& quotas = g->quotas;

  // clang-format off
  return {
    {"recover", nullptr, nullptr,
     [&quotas](Allocator* a) { a->recover(7, quotas); },
     {value(7), &quotas}},
    {"addFramework", "AllocatorAddFramework", "framework_added",
     [g, &options](Allocator* a) {
       a->addFramework(
           g->framework, g->info, g->heldByAgent.view(), true,
           std::move(options));
     },
     {&g->framework, &g->info, &g->heldByAgent.view(), value(1), &options}},
    {"removeFramework", "AllocatorRemoveFramework", "framework_removed",
     [g](Allocator* a) { a->removeFramework(g->framework); },
     {&g->framework}},
    {"activateFramework", "AllocatorActivateFramework", "framework_activated",
     [g](Allocator* a) { a->activateFramework(g->framework); },
     {&g->framework}},
    {"deactivateFramework", "AllocatorDeactivateFramework",
     "framework_deactivated",
     [g](Allocator* a) { a->deactivateFramework(g->framework); },
     {&g->framework}},
    {"updateFramework", "AllocatorUpdateFramework", "framework_updated",
     [g, &options](Allocator* a) {
       a->updateFramework(g->framework, g->info, std::move(options));
     },
     {&g->framework, &g->info, &options}},
    {"addSlave", "AllocatorAddSlave", "agent_added",
     [g, &capabilities](Allocator* a) {
       a->addSlave(
           g->agent, g->agentInfo, capabilities, g->unavailability, g->amounts,
           g->heldByFramework.view());
     },
     {&g->agent, &g->agentInfo, &capabilities, &g->unavailability, &g->amounts,
      &g->heldByFramework.view()}},
    {"removeSlave", "AllocatorRemoveSlave", "agent_removed",
     [g](Allocator* a) { a->removeSlave(g->agent); },
     {&g->agent}},
    {"updateSlave", "AllocatorUpdateSlave", "agent_updated",
     [g, &maybeCapabilities](Allocator* a) {
       a->updateSlave(g->agent, g->agentInfo, g->noTotal, maybeCapabilities);
     },
     {&g->agent, &g->agentInfo, &g->noTotal, &maybeCapabilities}},
    {"addResourceProvider", "AllocatorAddResourceProvider",
     "resource_provider_added",
     [g](Allocator* a) {
       a->addResourceProvider(
           g->agent, g->amounts, g->heldByFramework.view());
     },
     {&g->agent, &g->amounts, &g->heldByFramework.view()}},
    {"activateSlave", "AllocatorActivateSlave", "agent_activated",
     [g](Allocator* a) { a->activateSlave(g->agent); },
     {&g->agent}},
    {"deactivateSlave", "AllocatorDeactivateSlave", "agent_deactivated",
     [g](Allocator* a) { a->deactivateSlave(g->agent); },
     {&g->agent}},
    {"updateWhitelist", "AllocatorUpdateWhitelist", "whitelist_updated",
     [g](Allocator* a) { a->updateWhitelist(g->whitelist); },
     {&g->whitelist}},
    {"requestResources", "AllocatorRequestResources", "resources_requested",
     [g](Allocator* a) { a->requestResources(g->framework, g->requests); },
     {&g->framework, &g->requests}},
    {"updateAllocation", "AllocatorUpdateAllocation", "resources_updated",
     [g](Allocator* a) {
       a->updateAllocation(
           g->framework, g->agent, g->amounts, g->conversions());
     },
     {&g->framework, &g->agent, &g->amounts, &g->conversions()}},
    {"updateAvailable", "AllocatorUpdateAvailable", "resources_updated",
     [g](Allocator* a) {
       const auto future = a->updateAvailable(g->agent, g->operations);
       check(
           future.isFailed() && future.failure() == "no such resources",
           "updateAvailable: the future is the wrapped one's");
     },
     {&g->agent, &g->operations}},
    {"updateUnavailability", "AllocatorUpdateUnavailability",
     "maintenance_updated",
     [g](Allocator* a) {
       a->updateUnavailability(g->agent, g->unavailability);
     },
     {&g->agent, &g->unavailability}},
    {"updateInverseOffer", "AllocatorUpdateInverseOffer",
     "inverse_offer_updated",
     [g](Allocator* a) {
       a->updateInverseOffer(
           g->agent, g->framework, g->unavailable, g->status, g->filters);
     },
     {&g->agent, &g->framework, &g->unavailable, &g->status, &g->filters}},
    {"getInverseOfferStatuses", nullptr, nullptr,
     [](Allocator* a) {
       check(a->getInverseOfferStatuses().isPending(), "the wrapped future");
     },
     {}},
    {"transitionOfferedToAllocated", "AllocatorTransition",
     "resources_allocated",
     [g](Allocator* a) {
       a->transitionOfferedToAllocated(g->agent, g->amounts);
     },
     {&g->agent, &g->amounts}},
    {"recoverResources", "AllocatorRecoverResources", "resources_recovered",
     [g](Allocator* a) {
       a->recoverResources(
           g->framework, g->agent, g->amounts, g->filters, true);
     },
     {&g->framework, &g->agent, &g->amounts, &g->filters, value(1)}},
    {"suppressOffers", "AllocatorSuppressOffers", "offers_suppressed",
     [g](Allocator* a) { a->suppressOffers(g->framework, g->roles); },
     {&g->framework, &g->roles}},
    {"reviveOffers", "AllocatorReviveOffers", "offers_revived",
     [g](Allocator* a) { a->reviveOffers(g->framework, g->roles); },
     {&g->framework, &g->roles}},
    {"updateQuota", "AllocatorUpdateQuota", "quota_updated",
     [g](Allocator* a) {
       static const std::string role = "web";
       a->updateQuota(role, g->quota.view());
     },
     {nullptr, &g->quota.view()}},
    {"updateWeights", "AllocatorUpdateWeights", "weights_updated",
     [g](Allocator* a) { a->updateWeights(g->weights); },
     {&g->weights}},
    {"pause", nullptr, nullptr, [](Allocator* a) { a->pause(); }, {}},
    {"resume", nullptr, nullptr, [](Allocator* a) { a->resume(); }, {}},
  };
  // clang-format on
}


std::unique_ptr<Allocator> wrapped(FakeAllocator* fake)
{
  nextAllocator = fake;
  return create<Allocator>(NAME, parameters({}));
}


// Handed on once, with the very arguments.
void makes(const Call& call, Allocator* allocator, FakeAllocator* fake)
{
  fake->calls.clear();
  call.make(allocator);

  const std::string method = call.method;
  check(
      fake->calls == std::vector<std::string>{method},
      method + " is handed on once");
  bool same = fake->given.size() == call.given.size();
  for (size_t i = 0; same && i < call.given.size(); ++i) {
    // A string's address, which is the test's own affair, is not compared.
    same = call.given[i] == nullptr || fake->given[i] == call.given[i];
  }
  check(same, method + " is given what came");
}


void testForwarding()
{
  Given given;
  FakeAllocator* fake = new FakeAllocator();
  const auto allocator = wrapped(fake);
  if (!check(allocator != nullptr, "created")) {
    return;
  }

  for (const Call& call : calls(&given)) {
    makes(call, allocator.get(), fake);
    if (call.callback == nullptr) {
      continue;
    }
    const std::string method =
        "\"Allocator::" + std::string(call.method) + "\"";
    const std::string action = "\"" + std::string(call.action) + "\"";
    check(
        await(1, {method, action}) == 1, std::string(call.method) + " is told");
  }

  check(
      await(
          1,
          {"framework_added",
           "\"name\":\"marathon\"",
           "\"f-1\"",
           "\"quiet\""}) == 1,
      "the framework, its principal, and what it does not want");
  check(
      await(2, {"resources_held", "\"a-1\"", "\"f-2\"", "\"cpus\":2"}) == 2 &&
          await(1, {"resources_held", "\"a-2\"", "\"f-1\""}) == 1,
      "what frameworks hold already");
  check(
      await(1, {"agent_added", "2023-11-14T22:13:20", "31000-31005"}) == 1,
      "the agent's total, and its maintenance");
  check(
      await(
          1,
          {"quota_updated",
           "\"guarantees\":{\"cpus\":1.5}",
           "\"limits\":{\"cpus\":2.5}"}) == 1,
      "the quota");
  check(
      await(1, {"weights_updated", "\"weight\":2.5", "\"web\""}) == 1,
      "the weight");
  check(
      await(1, {"updateAllocation", "\"consumed\":[", "\"role\":\"web\""}) == 1,
      "what became what");
  check(
      await(
          1, {"updateAvailable", "RESERVE", "no such resources", "failure"}) ==
          1,
      "the operator's operation, and that it could not be done");
  check(
      await(
          1,
          {"resources_recovered", "\"allocated\"", "\"refuse_seconds\":5"}) ==
          1,
      "what came back from tasks");
  check(
      await(1, {"inverse_offer_updated", "\"ACCEPT\""}) == 1,
      "an inverse offer's answer");

  // What the wrapped one throws is Mesos's to know.
  fake->throws = true;
  bool thrown = false;
  try {
    allocator->activateSlave(given.agent);
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  check(thrown, "the wrapped allocator's exception");
}


void testCallbacks()
{
  Given given;
  FakeAllocator* fake = new FakeAllocator();
  const auto allocator = wrapped(fake);

  const void* seen = nullptr;
  int count = 0;
  const Offer offer = [&](const mesos::FrameworkID&, const auto& offered) {
    seen = &offered;
    ++count;
  };
  const InverseOffer inverse = [&](const mesos::FrameworkID&, const auto& all) {
    seen = &all;
    ++count;
  };
  const auto& options = opaque<mesos::allocator::Options>();
  allocator->initialize(options, offer, inverse);
  check(
      fake->calls == std::vector<std::string>{"initialize"} &&
          fake->given == Arguments{&options},
      "initialize");

  std::unordered_map<std::string, Amounts<mesos::SlaveID>> offers;
  offers["web"].add("o-1", given.amounts).add("o-2", given.amounts);
  offers["db"].add("o-3", given.amounts);
  const auto& view = reinterpret_cast<
      const hashmap<std::string, hashmap<mesos::SlaveID, mesos::Resources>>&>(
      offers);
  fake->offers(given.framework, view);
  check(count == 1 && seen == &view, "Mesos gets the offer as it was made");
  for (const char* agent : {"\"o-1\"", "\"o-2\"", "\"o-3\""}) {
    check(
        await(1, {"resources_offered", agent, "\"f-1\"", "\"cpus\":2"}) == 1,
        std::string("the offer of ") + agent);
  }
  check(matching({"resources_offered", "\"role\":\"web\""}) == 2, "by role");

  std::unordered_map<
      mesos::SlaveID,
      Raw<mesos::UnavailableResources>,
      IdHash,
      IdEqual>
      away;
  auto* raw = &away[given.agent];
  copyTo(raw, given.amounts);
  new (reinterpret_cast<char*>(raw) + sizeof(mesos::Resources))
      mesos::Unavailability(given.unavailability.get());
  const auto& unavailable = reinterpret_cast<
      const hashmap<mesos::SlaveID, mesos::UnavailableResources>&>(away);
  fake->inverseOffers(given.framework, unavailable);
  check(count == 2 && seen == &unavailable, "and the inverse offer");
  check(
      await(1, {"inverse_offer_sent", "\"a-1\"", "2023-11-14T22:13:20"}) == 1,
      "which is told");
}

}  // namespace


void testAllocator()
{
  group("allocator");

  testForwarding();
  testCallbacks();
}


void testAllocatorExceptions()
{
  group("allocator exceptions");

  Given given;
  FakeAllocator* fake = new FakeAllocator();
  const auto allocator = wrapped(fake);
  for (const Call& call : calls(&given)) {
    if (call.callback == nullptr) {
      continue;
    }
    const std::string method =
        "\"Allocator::" + std::string(call.method) + "\"";
    ::setenv(
        "MESOS_AUDIT_FAULT",
        ("throw:" + std::string(call.callback)).c_str(),
        1);
    makes(call, allocator.get(), fake);
    ::unsetenv("MESOS_AUDIT_FAULT");
    check(
        await(1, {"audit_callback_failed", method, "injected fault"}) >= 1,
        method + " is announced");
  }
}

}  // namespace driver
