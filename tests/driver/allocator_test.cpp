// Every function of the allocator: handed on once, as it came, and told. What
// is wrong inside the module stays there; what the wrapped allocator throws
// does not.

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "allocator_calls.hpp"
#include "amounts.hpp"
#include "check.hpp"
#include "fake_allocator.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"

namespace driver {
namespace {

using mesos::allocator::Allocator;

const char NAME[] = "org_mesos_audit_Allocator";


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
