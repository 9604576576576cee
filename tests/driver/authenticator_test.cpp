// SASL: the wrapped authenticator's futures go to Mesos as they are.

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

const char NAME[] = "org_mesos_audit_Authenticator";

typedef process::Future<Option<std::string>> Principal;


size_t logins(const std::string& address, const std::string& result)
{
  return await(
      1,
      {"\"authentication\"",
       "cram-md5",
       address,
       "\"result\":\"" + result + "\""});
}

}  // namespace


void testSasl()
{
  group("SASL");

  FakeAuthenticator* fake = new FakeAuthenticator();
  nextAuthenticator = fake;
  const auto authenticator = create<mesos::Authenticator>(NAME, parameters({}));
  if (!check(authenticator != nullptr, "created")) {
    return;
  }

  int initialized = 0;
  fake->onInitialize = [&]() -> Try<Nothing> {
    return ++initialized == 1 ? Try<Nothing>(Error("first")) : Nothing();
  };
  const Option<mesos::Credentials> none = None();
  const Try<Nothing> first = authenticator->initialize(none);
  check(first.isError() && first.error() == "first", "initialize: error");
  check(authenticator->initialize(none).isSome(), "initialize: success");
  fake->onInitialize = []() -> Try<Nothing> { throw 7; };
  check(authenticator->initialize(none).isError(), "initialize: exception");

  process::Promise<Option<std::string>>* promise = nullptr;
  fake->onAuthenticate = [&]() {
    promise = new process::Promise<Option<std::string>>();
    return promise->future();
  };

  Principal future =
      authenticator->authenticate(Peer("scheduler-1@127.0.0.1:1001").pid());
  check(future.isPending(), "pending");
  promise->set(std::string("alice"));
  check(future.isReady() && future.get().get() == "alice", "a principal");
  check(logins("1001", "success") == 1, "success is recorded");
  check(matching({"\"port\":1001", "\"name\":\"alice\""}) == 1, "with name");
  delete promise;

  future =
      authenticator->authenticate(Peer("scheduler-1@127.0.0.1:1002").pid());
  promise->set(Option<std::string>());
  check(future.isReady() && future.get().isNone(), "bad credentials");
  check(logins("1002", "failure") == 1, "failure is recorded");
  delete promise;

  future =
      authenticator->authenticate(Peer("scheduler-1@127.0.0.1:1003").pid());
  promise->fail("unexpected message");
  check(future.isFailed(), "error");
  check(logins("1003", "error") == 1, "error is recorded");
  delete promise;

  future =
      authenticator->authenticate(Peer("scheduler-1@127.0.0.1:1004").pid());
  check(future.discard(), "Mesos's timeout");
  check(promise->future().hasDiscard(), "reaches the inner one");
  promise->discard();
  check(future.isDiscarded(), "discarded");
  check(logins("1004", "discarded") == 1, "discard is recorded");
  delete promise;

  future =
      authenticator->authenticate(Peer("scheduler-1@127.0.0.1:1005").pid());
  delete promise;
  check(future.isAbandoned(), "abandoned");

  fake->onAuthenticate = []() -> Principal {
    throw std::runtime_error("inner exception");
  };
  future =
      authenticator->authenticate(Peer("scheduler-1@127.0.0.1:1006").pid());
  check(future.isFailed(), "exception");
  check(logins("1006", "error") == 1, "exception is recorded");
}


// Mesos's own CRAM-MD5, with a peer that does not answer.
void testRealSasl()
{
  group("CRAM-MD5");

  const auto authenticator = create<mesos::Authenticator>(NAME, parameters({}));
  if (!check(authenticator != nullptr, "created")) {
    return;
  }

  mesos::Credentials credentials;
  fill(&credentials, fields({{1, fields({{1, "alice"}, {2, "CANARY"}})}}));
  const Option<mesos::Credentials> some = credentials;
  check(authenticator->initialize(some).isSome(), "initialize");

  Principal future =
      authenticator->authenticate(Peer("nobody@127.0.0.1:9").pid());
  future.discard();

  for (int i = 0; i < 6000 && future.isPending(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  check(future.isDiscarded() || future.isFailed(), "ends after a discard");
  check(
      await(1, {"\"authentication\"", "cram-md5", "\"port\":9"}) == 1,
      "and is recorded");
}

}  // namespace driver
