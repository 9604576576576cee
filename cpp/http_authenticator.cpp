#include "http_authenticator.hpp"

#include <string_view>
#include <utility>

#include "guard.hpp"
#include "http_record.hpp"
#include "http_schemes.hpp"
#include "record.hpp"
#include "settled.hpp"
#include "slice.hpp"
#include "startup.hpp"

using process::http::authentication::AuthenticationResult;
using process::http::authentication::Principal;

namespace mesos_audit {
namespace {

HttpAuthenticator::Base* make(
    const char* module, const mesos::Parameters& parameters)
{
  return create<HttpAuthenticator::Base>(
      module,
      parameters,
      {"config",
       "authenticators",
       "authentication_realm",
       "credentials",
       "secret_key"},
      [](const Parameters& given) {
        const std::string realm = given.require(
            "authentication_realm",
            "the realm that Mesos's challenges name, such as "
            "mesos-master-readwrite");

        return new HttpAuthenticator(realm, createSchemes(given, realm));
      });
}


// The claim that tells decisions which request they are made for: the core
// looks for it (rust/core/decode/authorization.rs).
const char REQUEST_CLAIM[] = "mesos_audit_request";


// A token may have such a claim of its own, which must not speak for us.
//
// The map is the host's, and its hash is std::hash of libstdc++, as its type
// says (_St4hashIS_E in the host's symbols): what is put in here is found
// there.
void claim(Principal* principal, const std::string& request)
{
  for (auto& one : principal->claims) {
    if (one.first == REQUEST_CLAIM) {
      one.second = request;
      return;
    }
  }
  principal->claims.emplace(REQUEST_CLAIM, request);
}


// Completes `promise` with `result`, whose principal makes the claim.
void complete(
    process::Promise<AuthenticationResult>* promise,
    const AuthenticationResult& result,
    const std::string& request) noexcept
{
  bool done = false;
  if (result.principal.isSome()) {
    observe(Callback::HttpAuthentication, [&]() {
      Principal principal = result.principal.get();
      claim(&principal, request);

      // What is no principal is never copied here: a response is Mesos's.
      AuthenticationResult changed;
      changed.principal = std::move(principal);
      done = promise->set(changed);
    });
  }

  // A login must not fail for want of a claim.
  if (!done) {
    promise->set(result);
  }
}

}  // namespace


HttpAuthenticator::Base* HttpAuthenticator::create(
    const mesos::Parameters& parameters)
{
  return make("org_mesos_audit_HttpAuthenticator", parameters);
}


HttpAuthenticator::Base* HttpAuthenticator::createForFrameworks(
    const mesos::Parameters& parameters)
{
  return make("org_mesos_audit_HttpFrameworkAuthenticator", parameters);
}


HttpAuthenticator::HttpAuthenticator(
    std::string _realm, std::unique_ptr<Base> _inner)
    : realm(std::move(_realm)),
      inner(std::move(_inner)),
      ownScheme(lowerCase(inner->scheme()))
{}


process::Future<AuthenticationResult> HttpAuthenticator::authenticate(
    const process::http::Request& request)
{
  const Clock::time_point start = Clock::now();

  std::string begun;
  std::string claimed;
  observe(Callback::HttpAuthentication, [&]() {
    const rust::String made = request_id();
    const std::string_view id(made.data(), made.size());
    Record record;
    record.bytes(Field::Realm, realm);
    record.bytes(Field::RequestId, id);
    const std::string type = write(record, request, ownScheme);
    if (claims_request(slice(request.url.path), slice(type)) && !id.empty()) {
      claimed.append(request.method).append(1, ' ').append(id);
    }
    begun = record.take();
  });

  const process::Future<AuthenticationResult> future = delegate(
      Callback::HttpAuthentication,
      [&]() { return inner->authenticate(request); },
      failed<AuthenticationResult>);

  onSettled(
      Callback::HttpAuthentication,
      future,
      [start, begun = std::move(begun)](
          const process::Future<AuthenticationResult>& settled) mutable {
        Record record(begun);
        record.duration(start);
        if (settled.isReady()) {
          write(record, settled.get());
        } else {
          unready(record, settled);
        }
        record.send(Callback::HttpAuthentication);
      });

  if (claimed.empty()) {
    return future;
  }

  return mirror(
      Callback::HttpAuthentication,
      future,
      future,
      [claimed](
          process::Promise<AuthenticationResult>* promise,
          const AuthenticationResult& settled) {
        complete(promise, settled, claimed);
      },
      [](const process::Future<AuthenticationResult>&) {});
}


std::string HttpAuthenticator::scheme() const
{
  return delegate(
      Callback::HttpAuthentication,
      [this]() { return inner->scheme(); },
      [](const char*) { return std::string(); });
}

}  // namespace mesos_audit
