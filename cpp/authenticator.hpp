// Wraps Mesos's own SASL authenticator, for frameworks and agents.
#ifndef MESOS_AUDIT_AUTHENTICATOR_HPP
#define MESOS_AUDIT_AUTHENTICATOR_HPP

#include <memory>
#include <string>

#include <mesos/authentication/authenticator.hpp>

namespace mesos_audit {

class Authenticator : public mesos::Authenticator
{
public:
  static mesos::Authenticator* create(const mesos::Parameters& parameters);

  explicit Authenticator(std::unique_ptr<mesos::Authenticator> inner);

  Try<Nothing> initialize(
      const Option<mesos::Credentials>& credentials) override;

  process::Future<Option<std::string>> authenticate(
      const process::UPID& from) override;

private:
  const std::unique_ptr<mesos::Authenticator> inner;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_AUTHENTICATOR_HPP
