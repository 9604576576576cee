// The authorizer's futures: whatever the wrapped one's do, Mesos must see.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

const char NAME[] = "org_mesos_audit_Authorizer";

typedef process::Promise<SharedApprover> ApproverPromise;


// The module's authorizer around a fake, which is the authorizer's.
std::pair<std::unique_ptr<mesos::Authorizer>, FakeAuthorizer*> wrapped()
{
  FakeAuthorizer* fake = new FakeAuthorizer();
  nextAuthorizer = fake;
  auto authorizer = create<mesos::Authorizer>(NAME, parameters({}));
  check(authorizer != nullptr && nextAuthorizer == nullptr, "created");
  return {std::move(authorizer), fake};
}


mesos::authorization::Request request(const std::string& principal, int action)
{
  mesos::authorization::Request result;
  fill(
      &result,
      fields({{1, fields({{1, principal}})}}) + number(2, action) +
          fields({{3, fields({{1, "value"}})}}));
  return result;
}


SharedApprover fakeApprover(bool answer)
{
  return std::make_shared<FakeApprover>([=]() { return Try<bool>(answer); });
}


size_t decisions(const std::string& user, const std::string& decision)
{
  return await(
      1,
      {"\"authorization\"",
       "\"name\":\"" + user + "\"",
       "\"decision\":\"" + decision + "\""});
}

}  // namespace


void testAuthorized()
{
  group("authorized");

  auto [authorizer, fake] = wrapped();
  process::Promise<bool>* promise = nullptr;
  const auto ask = [&, authorizer = authorizer.get(), fake = fake](
                       const std::string& principal) {
    promise = new process::Promise<bool>();
    fake->onAuthorized = [&]() { return promise->future(); };
    // The request is gone when the answer comes.
    return authorizer->authorized(request(principal, 2));
  };

  process::Future<bool> future = ask("ready-true");
  check(future.isPending(), "pending while undecided");
  promise->set(true);
  check(future.isReady() && future.get(), "allowed");
  check(decisions("ready-true", "allowed") == 1, "allowed is recorded");
  delete promise;

  future = ask("ready-false");
  promise->set(false);
  check(future.isReady() && !future.get(), "denied");
  check(decisions("ready-false", "denied") == 1, "denied is recorded");
  delete promise;

  future = ask("failed");
  promise->fail("back end\nunreachable");
  check(
      future.isFailed() && future.failure() == "back end\nunreachable",
      "failed");
  check(decisions("failed", "error") == 1, "failure is recorded");
  delete promise;

  future = ask("discarded");
  checkDiscard(&future, promise);
  check(decisions("discarded", "discarded") == 1, "discard is recorded");
  delete promise;

  future = ask("abandoned");
  delete promise;
  check(future.isAbandoned() && future.isPending(), "abandoned");

  fake->onAuthorized = []() { return process::Future<bool>(true); };
  future = authorizer->authorized(request("at-once", 2));
  check(future.isReady() && future.get(), "an answer at once");
  check(decisions("at-once", "allowed") == 1, "which is recorded");

  fake->onAuthorized = []() -> process::Future<bool> {
    throw std::runtime_error("inner exception");
  };
  future = authorizer->authorized(request("thrown", 2));
  check(future.isFailed(), "an exception is a failure, not a decision");
  check(decisions("thrown", "error") == 1, "and recorded as one");
  check(
      await(
          1,
          {"audit_callback_failed",
           "Authorizer::authorized",
           "inner exception"}) == 1,
      "and announced");
}


void testGetApprover()
{
  group("getApprover");

  auto [authorizer, fake] = wrapped();
  ApproverPromise* promise = nullptr;
  const auto ask = [&, authorizer = authorizer.get(), fake = fake](
                       const std::string& principal) {
    promise = new ApproverPromise();
    fake->onGetApprover = [&]() { return promise->future(); };
    mesos::authorization::Subject subject;
    fill(&subject, fields({{1, principal}}));
    return authorizer->getApprover(
        subject, static_cast<mesos::authorization::Action>(2));
  };

  process::Future<SharedApprover> future = ask("later");
  check(future.isPending() && !future.isAbandoned(), "pending");
  const SharedApprover inner = fakeApprover(true);
  promise->set(inner);
  delete promise;
  if (check(future.isReady(), "ready") &&
      check(future.get() != inner, "wrapped")) {
    const Try<bool> result = future.get()->approved(None());
    check(result.isSome() && result.get(), "answers as the inner one");
    check(decisions("later", "allowed") == 1, "and is recorded");
  }

  future = ask("approver-failed");
  promise->fail("no such action");
  check(
      future.isFailed() && future.failure() == "no such action",
      "failed with the inner one's text");
  check(decisions("approver-failed", "error") == 1, "failure is recorded");
  delete promise;

  future = ask("approver-discarded");
  checkDiscard(&future, promise);
  check(decisions("approver-discarded", "discarded") == 1, "recorded");
  delete promise;

  future = ask("inner-discards");
  promise->discard();
  check(future.isDiscarded(), "a discard of the inner one's own reaches Mesos");
  delete promise;

  future = ask("discard-ignored");
  future.discard();
  promise->set(inner);
  check(future.isReady(), "an inner one that answers nevertheless is heard");
  delete promise;

  future = ask("approver-abandoned");
  delete promise;
  check(future.isAbandoned() && future.isPending(), "abandoned");
  future.discard();

  fake->onGetApprover = []() { return process::Future<SharedApprover>(); };
  future = authorizer->getApprover(
      None(), static_cast<mesos::authorization::Action>(2));
  check(future.isAbandoned() && future.isPending(), "born abandoned");

  // Mesos loses interest, then the inner one answers.
  ask("dropped");
  promise->set(inner);
  delete promise;

  // And the other way round: nobody is left to hear the discard.
  future = ask("discard-after-ready");
  promise->set(inner);
  delete promise;
  check(!future.discard() && future.isReady(), "too late to discard");

  fake->onGetApprover = [&]() {
    return process::Future<SharedApprover>(inner);
  };
  future = authorizer->getApprover(
      None(), static_cast<mesos::authorization::Action>(2));
  check(future.isReady() && future.get() != inner, "ready at once, wrapped");

  // The approver outlives the authorizer's futures, and Mesos may keep it.
  const SharedApprover kept = future.get();
  future = process::Future<SharedApprover>();
  check(kept->approved(None()).get(), "a kept approver works");

  fake->onGetApprover = []() -> process::Future<SharedApprover> {
    throw std::runtime_error("inner exception");
  };
  future = authorizer->getApprover(
      None(), static_cast<mesos::authorization::Action>(2));
  check(future.isFailed(), "an exception is a failure");
}


// Mesos's own authorizer, bare and wrapped: the same answers.
void testLocalAuthorizer()
{
  group("local authorizer");

  const std::string acls =
      "{\"run_tasks\":[{\"principals\":{\"values\":[\"mallory\"]},"
      "\"users\":{\"type\":\"NONE\"}}]}";

  struct Case
  {
    std::string what;
    mesos::Parameters parameters;
    bool mallory;
  };
  const Case cases[] = {
      {"without ACLs", parameters({}), true},
      {"inline", parameters({{"acls", acls}}), false},
      {"from a file", parameters({{"acls", write("acls.json", acls)}}), false},
      {"from a URL",
       parameters({{"acls", "file://" + write("acls.json", acls)}}),
       false},
  };

  mesos::TaskInfo task;
  fill(&task, taskInfo("task"));
  mesos::FrameworkInfo framework;
  fill(&framework, frameworkInfo("f", "p"));
  mesos::ObjectApprover::Object object;
  object.task_info = &task;
  object.framework_info = &framework;

  for (const Case& c : cases) {
    auto authorizer = create<mesos::Authorizer>(NAME, c.parameters);
    if (!check(authorizer != nullptr, c.what + ": created")) {
      continue;
    }
    for (const char* principal : {"alice", "mallory"}) {
      const bool expected = c.mallory || principal != std::string("mallory");
      const std::string what = c.what + ": " + principal;

      mesos::authorization::Subject subject;
      fill(&subject, fields({{1, principal}}));
      const process::Future<SharedApprover> approver = authorizer->getApprover(
          subject, static_cast<mesos::authorization::Action>(2));
      const Try<bool> approved = approver.get()->approved(object);
      check(
          approved.isSome() && approved.get() == expected, what + " approved");

      mesos::authorization::Request wanted;
      fill(
          &wanted,
          fields({{1, fields({{1, principal}})}}) + number(2, 2) +
              fields(
                  {{3,
                    fields(
                        {{2, frameworkInfo("f", "p")},
                         {4, taskInfo("task")}})}}));
      check(
          authorizer->authorized(wanted).get() == expected,
          what + " authorized");
    }
  }
  check(
      await(
          6,
          {"\"authorization\"",
           "mallory",
           "RUN_TASK",
           "\"decision\":\"denied\""}) == 6,
      "denials are recorded, with and without an approver");
}

}  // namespace driver
