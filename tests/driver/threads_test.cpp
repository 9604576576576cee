// Mesos calls from as many threads as the machine has cores, and its agents and
// masters never stop doing so.

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

constexpr int THREADS = 8;
constexpr int COUNTED = 2000;
constexpr int RECORDED = 100;


template <typename F>
void inThreads(F&& body)
{
  std::vector<std::thread> threads;
  for (int i = 0; i < THREADS; ++i) {
    threads.emplace_back([&body, i]() { body(i); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}


SharedApprover approver(mesos::Authorizer& authorizer, int action)
{
  mesos::authorization::Subject subject;
  fill(&subject, fields({{1, "threads"}}));
  return authorizer
      .getApprover(subject, static_cast<mesos::authorization::Action>(action))
      .get();
}

}  // namespace


void testThreads()
{
  group("threads");

  FakeAuthorizer* fake = new FakeAuthorizer();
  fake->onGetApprover = []() {
    return process::Future<SharedApprover>(SharedApprover(
        std::make_shared<FakeApprover>([]() { return Try<bool>(true); })));
  };
  nextAuthorizer = fake;
  const auto authorizer =
      create<mesos::Authorizer>("org_mesos_audit_Authorizer", parameters({}));
  const auto hook = create<mesos::Hook>("org_mesos_audit_Hook", parameters({}));
  if (!check(authorizer != nullptr && hook != nullptr, "created")) {
    return;
  }

  SharedApprover counted = approver(*authorizer, 14);
  const SharedApprover recorded = approver(*authorizer, 2);
  std::atomic<int> wrong{0};

  inThreads([&](int) {
    mesos::TaskStatus status;
    fill(&status, fields({{1, fields({{1, "threads-task"}})}}) + number(2, 1));
    const mesos::FrameworkID framework;

    for (int i = 0; i < COUNTED; ++i) {
      wrong += counted->approved(None()).get() ? 0 : 1;
    }
    for (int i = 0; i < RECORDED; ++i) {
      wrong += recorded->approved(None()).get() ? 0 : 1;
      wrong +=
          hook->slaveTaskStatusDecorator(framework, status).isNone() ? 0 : 1;
    }
    // Futures and approvers that come and go, with the records they leave.
    for (int i = 0; i < RECORDED; ++i) {
      approver(*authorizer, 14)->approved(None());
    }
  });
  counted.reset();

  check(wrong == 0, "every answer is right");
  const size_t expected = THREADS * RECORDED;
  check(
      await(expected, {"\"name\":\"threads\"", "RUN_TASK"}) == expected,
      "every decision is recorded");
  check(
      await(expected, {"threads-task"}) == expected, "every hook is recorded");
  check(
      await(
          1,
          {"authorization_summary",
           "\"allowed\":" + std::to_string(THREADS * COUNTED) + ","}) == 1,
      "every decision is counted");
  check(
      await(expected, {"authorization_summary", "\"allowed\":1,"}) >= expected,
      "by every approver");
  check(matching({"audit_events_dropped"}) == 0, "nothing is dropped");
}

}  // namespace driver
