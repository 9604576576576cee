#include "allocator_calls.hpp"

#include <utility>

#include "check.hpp"

namespace driver {

using mesos::allocator::Allocator;

Given::Given()
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


const std::vector<mesos::ResourceConversion>& Given::conversions()
{
  pointers[0] = &conversion;
  pointers[1] = pointers[2] = &conversion + 1;
  return reinterpret_cast<const std::vector<mesos::ResourceConversion>&>(
      pointers);
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

}  // namespace driver
