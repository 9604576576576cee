// Decisions tell the HTTP request that they are made for: its id travels as a
// claim of the principal.

#include <memory>
#include <string>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

using process::Future;
using process::http::Request;
using process::http::authentication::AuthenticationResult;
using process::http::authentication::Principal;

namespace driver {
namespace {

const char CLAIM[] = "mesos_audit_request";

// Claims {"fid":"framework-6","mesos_audit_request":"GET forged"}, signed with
// "jwt-key".
const char FORGED[] =
    "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJmaWQiOiJmcmFtZXdvcmstNiIsIm1lc29zX2F1ZGl0X3JlcXVlc3QiOiJHRVQgZm9yZ2VkIn"
    "0.T9tZYLTOvYWCvf2VsZx_jGX_PVTcZ_5PB8beisAQ2aA";

typedef process::Promise<AuthenticationResult> ResultPromise;


// What of one claim there is; empty if there is none, or more than one.
std::string claim(const AuthenticationResult& result, const std::string& name)
{
  std::string found;
  size_t count = 0;
  for (const auto& one : result.principal.get().claims) {
    if (one.first == name) {
      found = one.second;
      ++count;
    }
  }
  return count == 1 ? found : "";
}


// Without the method.
std::string id(const std::string& claimed)
{
  return claimed.substr(claimed.find(' ') + 1);
}


AuthenticationResult authenticated(const std::string& name)
{
  AuthenticationResult result;
  result.principal = Principal{Option<std::string>(name), {}};
  return result;
}


// Ready from the beginning.
Future<AuthenticationResult> ready(const AuthenticationResult& result)
{
  ResultPromise promise;
  promise.set(result);
  return promise.future();
}


void testClaims(const std::string& key)
{
  const auto jwt = create<HttpAuthenticator>(
      "org_mesos_audit_HttpAuthenticator",
      parameters(
          {{"authentication_realm", "realm-4"},
           {"authenticators", "jwt"},
           {"secret_key", key}}));
  if (!check(jwt != nullptr, "jwt created")) {
    return;
  }
  const Request asked = request("/forged", FORGED);
  const Future<AuthenticationResult> first = jwt->authenticate(asked);
  const std::string claimed = claim(first.get(), CLAIM);
  check(
      claimed.compare(0, 4, "GET ") == 0 && id(claimed) != "forged",
      "ours replaces the token's own: " + claimed);
  check(
      claim(first.get(), "fid") == "framework-6", "which keeps what it claims");
  check(
      await(2, {"\"id\":\"" + id(claimed) + "\"", "/forged"}) == 2,
      "the request and its authentication have that id");

  const Future<AuthenticationResult> second = jwt->authenticate(asked);
  check(claim(second.get(), CLAIM) != claimed, "no two requests have one id");

  const Future<AuthenticationResult> framework =
      jwt->authenticate(request("/master/api/v1/scheduler", FORGED));
  check(
      claim(framework.get(), CLAIM) == "GET forged",
      "a framework's principal stays as it is");

  const Future<AuthenticationResult> none = jwt->authenticate(request("/none"));
  check(
      none.get().principal.isNone() && none.get().unauthorized.isSome(),
      "who is nobody claims nothing");
}


// As the authorizer's: whatever the wrapped future does, Mesos must see.
void testFutures(const std::string& credentials)
{
  FakeHttpAuthenticator* fake = new FakeHttpAuthenticator();
  nextHttpAuthenticator = fake;
  const auto module = create<HttpAuthenticator>(
      "org_mesos_audit_HttpAuthenticator",
      parameters(
          {{"authentication_realm", "realm-5"}, {"credentials", credentials}}));
  if (!check(
          module != nullptr && nextHttpAuthenticator == nullptr, "created")) {
    return;
  }

  ResultPromise* promise = nullptr;
  const auto ask = [&](const std::string& path) {
    promise = new ResultPromise();
    fake->onAuthenticate = [&]() { return promise->future(); };
    return module->authenticate(request(path));
  };

  Future<AuthenticationResult> future = ask("/ready");
  check(future.isPending() && !future.isAbandoned(), "pending");
  promise->set(authenticated("bob"));
  delete promise;
  if (check(future.isReady(), "ready")) {
    check(
        future.get().principal.get().value.get() == "bob" &&
            !claim(future.get(), CLAIM).empty(),
        "with the claim");
  }

  future = ask("/failed");
  promise->fail("no such realm");
  check(
      future.isFailed() && future.failure() == "no such realm",
      "failed with the inner one's text");
  delete promise;

  future = ask("/discarded");
  checkDiscard(&future, promise);
  delete promise;

  future = ask("/abandoned");
  delete promise;
  check(future.isAbandoned() && future.isPending(), "abandoned");
  future.discard();

  ask("/dropped");
  promise->set(authenticated("bob"));
  delete promise;
  check(await(1, {"\"api_request\"", "/dropped", "bob"}) == 1, "recorded");

  fake->onAuthenticate = []() { return ready(authenticated("carol")); };
  future = module->authenticate(request("/at-once"));
  check(
      future.isReady() && !claim(future.get(), CLAIM).empty(), "ready at once");

  // libprocess answers it with an error, and is to see it as it is.
  fake->onAuthenticate = []() { return ready(AuthenticationResult()); };
  future = module->authenticate(request("/nothing"));
  check(
      future.isReady() && future.get().principal.isNone() &&
          future.get().unauthorized.isNone(),
      "nothing at all stays that");
}


// The claim comes back with the subject of a decision.
void testDecisions()
{
  FakeAuthorizer* fake = new FakeAuthorizer();
  fake->onGetApprover = []() {
    return Future<SharedApprover>(SharedApprover(
        std::make_shared<FakeApprover>([]() { return Try<bool>(true); })));
  };
  nextAuthorizer = fake;
  const auto authorizer =
      create<mesos::Authorizer>("org_mesos_audit_Authorizer", parameters({}));
  const auto decide = [&](const std::string& principal,
                          const std::string& claimed,
                          int action) {
    mesos::authorization::Subject subject;
    fill(
        &subject,
        fields(
            {{1, principal},
             {2, fields({{1, fields({{1, CLAIM}, {2, claimed}})}})}}));
    authorizer
        ->getApprover(
            subject, static_cast<mesos::authorization::Action>(action))
        .get()
        ->approved(None());
  };

  FakeHttpAuthenticator* http = new FakeHttpAuthenticator();
  http->onAuthenticate = []() { return ready(authenticated("dave")); };
  nextHttpAuthenticator = http;
  const auto authenticator = create<HttpAuthenticator>(
      "org_mesos_audit_HttpFrameworkAuthenticator",
      parameters(
          {{"authentication_realm", "realm-6"},
           {"credentials", scratch("credentials.json")}}));
  const std::string claimed =
      claim(authenticator->authenticate(request("/asked")).get(), CLAIM);

  decide("dave-recorded", claimed, 2);
  decide("dave-counted", claimed, 14);
  const std::string told = "\"id\":\"" + id(claimed) + "\"";
  check(
      await(1, {"\"authorization\"", "dave-recorded", told}) == 1,
      "a decision tells its request");
  check(
      await(1, {"\"authorization_summary\"", "dave-counted", told}) == 1,
      "and so do those that are counted");

  decide("dave-forged", "GET 0123456789abcdef-r1", 2);
  decide("dave-odd", HOSTILE, 2);
  check(await(1, {"\"authorization\"", "dave-forged"}) == 1, "forged");
  check(matching({"0123456789abcdef-r1"}) == 0, "is no id of ours");
  check(await(1, {"\"authorization\"", "dave-odd"}) == 1, "hostile");
  check(matching({"dave-odd", "\"http\""}) == 0, "neither");
}

}  // namespace


void testRequests()
{
  group("requests");
  testClaims(scratch("jwt-key"));
  testFutures(scratch("credentials.json"));
  testDecisions();
}

}  // namespace driver
