#include "http_authenticator.hpp"

#include <utility>

#include "guard.hpp"
#include "http_record.hpp"
#include "http_schemes.hpp"
#include "record.hpp"
#include "settled.hpp"
#include "startup.hpp"

using process::http::authentication::AuthenticationResult;

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
  observe(Callback::HttpAuthentication, [&]() {
    Record record;
    record.bytes(Field::Realm, realm);
    write(record, request, ownScheme);
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

  return future;
}


std::string HttpAuthenticator::scheme() const
{
  return delegate(
      Callback::HttpAuthentication,
      [this]() { return inner->scheme(); },
      [](const char*) { return std::string(); });
}

}  // namespace mesos_audit
