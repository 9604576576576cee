// Faults inside the module: Mesos gets its answers all the same, and the trail
// says what happened. Needs a build with MESOS_AUDIT_FAULT_INJECTION.

#include <cstdlib>
#include <memory>
#include <string>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

size_t faults(const std::string& method, const std::string& what)
{
  return await(1, {"audit_callback_failed", method, what});
}


// Makes `callback` throw while `body` runs; the trail must then say so.
template <typename F>
void thrown(const std::string& callback, const std::string& method, F&& body)
{
  const size_t before =
      matching({"audit_callback_failed", method, "injected fault"});

  ::setenv("MESOS_AUDIT_FAULT", ("throw:" + callback).c_str(), 1);
  body();
  ::unsetenv("MESOS_AUDIT_FAULT");

  check(
      await(before + 1, {"audit_callback_failed", method, "injected fault"}) >
          before,
      callback + " is announced");
}


void testHookExceptions()
{
  const auto hook = create<mesos::Hook>("org_mesos_audit_Hook", parameters({}));
  const mesos::TaskInfo task;
  const mesos::FrameworkInfo framework;
  const mesos::SlaveInfo agent;
  const mesos::ExecutorInfo executor;
  const mesos::ContainerID container;
  const mesos::FrameworkID id;
  const mesos::TaskStatus status;
  alignas(
      mesos::Resources) unsigned char storage[sizeof(mesos::Resources)] = {};
  const auto& resources = *reinterpret_cast<mesos::Resources*>(storage);

#define THROWN(callback, method, call) \
  thrown(callback, "Hook::" method, [&]() { check(call, callback); })
  THROWN(
      "MasterLaunchTaskLabels",
      "masterLaunchTaskLabelDecorator",
      hook->masterLaunchTaskLabelDecorator(task, framework, agent).isNone());
  THROWN(
      "MasterLaunchTaskResources",
      "masterLaunchTaskResourceDecorator",
      hook->masterLaunchTaskResourceDecorator(task, resources).isNone());
  THROWN(
      "SlaveRunTaskLabels",
      "slaveRunTaskLabelDecorator",
      hook->slaveRunTaskLabelDecorator(task, executor, framework, agent)
          .isNone());
  THROWN(
      "MasterSlaveLost",
      "masterSlaveLostHook",
      hook->masterSlaveLostHook(agent).isSome());
  THROWN(
      "SlaveExecutorEnvironment",
      "slaveExecutorEnvironmentDecorator",
      hook->slaveExecutorEnvironmentDecorator(executor).isNone());
  THROWN(
      "SlavePreLaunchDocker",
      "slavePreLaunchDockerTaskExecutorDecorator",
      hook->slavePreLaunchDockerTaskExecutorDecorator(
              None(), executor, "", "", "", None())
          .isReady());
  THROWN(
      "SlavePostFetch",
      "slavePostFetchHook",
      hook->slavePostFetchHook(container, "").isSome());
  THROWN(
      "SlaveRemoveExecutor",
      "slaveRemoveExecutorHook",
      hook->slaveRemoveExecutorHook(framework, executor).isSome());
  THROWN(
      "SlaveTaskStatus",
      "slaveTaskStatusDecorator",
      hook->slaveTaskStatusDecorator(id, status).isNone());
  THROWN(
      "SlaveResources",
      "slaveResourcesDecorator",
      hook->slaveResourcesDecorator(agent).isNone());
  THROWN(
      "SlaveAttributes",
      "slaveAttributesDecorator",
      hook->slaveAttributesDecorator(agent).isNone());
#undef THROWN
}


void testAuthorizerExceptions()
{
  const auto summarized = static_cast<mesos::authorization::Action>(14);
  const auto recorded = static_cast<mesos::authorization::Action>(2);
  const SharedApprover inner =
      std::make_shared<FakeApprover>([]() { return Try<bool>(false); });

  FakeAuthorizer* fake = new FakeAuthorizer();
  nextAuthorizer = fake;
  const auto authorizer =
      create<mesos::Authorizer>("org_mesos_audit_Authorizer", parameters({}));

  fake->onAuthorized = []() { return process::Future<bool>(false); };
  thrown("Authorized", "Authorizer::authorized", [&]() {
    const process::Future<bool> future =
        authorizer->authorized(mesos::authorization::Request());
    check(future.isReady() && !future.get(), "Authorized");
  });

  // At once and later.
  fake->onGetApprover = [&]() {
    return process::Future<SharedApprover>(inner);
  };
  thrown("GetApprover", "Authorizer::getApprover", [&]() {
    const auto future = authorizer->getApprover(None(), recorded);
    check(!future.get()->approved(None()).get(), "GetApprover");
  });

  process::Promise<SharedApprover> promise;
  fake->onGetApprover = [&]() { return promise.future(); };
  thrown("GetApprover", "Authorizer::getApprover", [&]() {
    const auto future = authorizer->getApprover(None(), recorded);
    promise.set(inner);
    check(!future.get()->approved(None()).get(), "GetApprover, later");
  });

  fake->onGetApprover = [&]() {
    return process::Future<SharedApprover>(inner);
  };
  const SharedApprover approver =
      authorizer->getApprover(None(), recorded).get();
  thrown("Approved", "ObjectApprover::approved", [&]() {
    check(!approver->approved(None()).get(), "Approved");
  });
  thrown("ApprovalSummary", "ObjectApprover::approved", [&]() {
    check(
        !authorizer->getApprover(None(), summarized)
             .get()
             ->approved(None())
             .get(),
        "ApprovalSummary");
  });
}


void testAuthenticatorExceptions()
{
  FakeAuthenticator* fake = new FakeAuthenticator();
  nextAuthenticator = fake;
  const auto authenticator = create<mesos::Authenticator>(
      "org_mesos_audit_Authenticator", parameters({}));
  fake->onAuthenticate = []() {
    return process::Future<Option<std::string>>(
        Option<std::string>(std::string("alice")));
  };
  thrown("SaslAuthentication", "Authenticator::authenticate", [&]() {
    const auto future =
        authenticator->authenticate(Peer("x@127.0.0.1:1").pid());
    check(future.get().get() == "alice", "SaslAuthentication");
  });

  const auto http = create<HttpAuthenticator>(
      "org_mesos_audit_HttpAuthenticator",
      parameters(
          {{"authentication_realm", "r"},
           {"credentials", scratch("credentials.json")}}));
  thrown("HttpAuthentication", "http::Authenticator::authenticate", [&]() {
    process::http::Request request{};
    const auto future = http->authenticate(request);
    check(future.get().unauthorized.isSome(), "HttpAuthentication");
  });
}

}  // namespace


void testExceptions()
{
  group("exceptions");

  testHookExceptions();
  testAuthorizerExceptions();
  testAuthenticatorExceptions();

  const auto anonymous = create<mesos::modules::Anonymous>(
      "org_mesos_audit_Anonymous", parameters({}));
  thrown("LogLine", "google::LogSink::send", [&]() {
    log(1, "a.cpp", 1, "a line whose record breaks");
    check(anonymous != nullptr, "LogLine");
  });

  thrown("ModuleStart", "Module::create", [&]() {
    check(
        create<mesos::Hook>("org_mesos_audit_Hook", parameters({})) != nullptr,
        "ModuleStart");
  });
}


// The environment was set before the start: Rust reads it once.
void testPanic()
{
  group("panic");

  const auto hook = create<mesos::Hook>("org_mesos_audit_Hook", parameters({}));
  if (!check(hook != nullptr, "created")) {
    return;
  }

  const mesos::FrameworkID framework;
  const mesos::TaskStatus status;
  for (int i = 0; i < 10; ++i) {
    check(
        hook->slaveTaskStatusDecorator(framework, status).isNone(),
        "Mesos gets its answer");
  }
  check(
      faults("Hook::slaveTaskStatusDecorator", "panic") >= 1,
      "the panic is announced");

  const mesos::SlaveInfo agent;
  hook->masterSlaveLostHook(agent);
  check(await(1, {"Hook::masterSlaveLostHook"}) == 1, "other callbacks go on");
}

}  // namespace driver
