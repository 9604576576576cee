// Wraps Mesos's own HTTP authenticators: basic, JWT, or both combined.
#ifndef MESOS_AUDIT_HTTP_AUTHENTICATOR_HPP
#define MESOS_AUDIT_HTTP_AUTHENTICATOR_HPP

#include <memory>
#include <string>

#include <mesos/mesos.hpp>

#include <process/authenticator.hpp>

namespace mesos_audit {

class HttpAuthenticator : public process::http::authentication::Authenticator
{
public:
  typedef process::http::authentication::Authenticator Base;

  // For --http_authenticators, and for --http_framework_authenticators: Mesos
  // ties parameters to a module's name, so two sets of them take two names.
  static Base* create(const mesos::Parameters& parameters);
  static Base* createForFrameworks(const mesos::Parameters& parameters);

  HttpAuthenticator(std::string realm, std::unique_ptr<Base> inner);

  process::Future<process::http::authentication::AuthenticationResult>
  authenticate(const process::http::Request& request) override;

  std::string scheme() const override;

private:
  const std::string realm;
  const std::unique_ptr<Base> inner;

  // The inner scheme in lower case, for requests that name none.
  const std::string ownScheme;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_HTTP_AUTHENTICATOR_HPP
