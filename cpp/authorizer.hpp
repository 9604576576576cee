// Wraps Mesos's local authorizer, whose decisions reach Mesos as they are.
#ifndef MESOS_AUDIT_AUTHORIZER_HPP
#define MESOS_AUDIT_AUTHORIZER_HPP

#include <memory>

#include <mesos/authorizer/authorizer.hpp>

namespace mesos_audit {

class Authorizer : public mesos::Authorizer
{
public:
  static mesos::Authorizer* create(const mesos::Parameters& parameters);

  explicit Authorizer(std::unique_ptr<mesos::Authorizer> inner);

  process::Future<bool> authorized(
      const mesos::authorization::Request& request) override;

  process::Future<std::shared_ptr<const mesos::ObjectApprover>> getApprover(
      const Option<mesos::authorization::Subject>& subject,
      const mesos::authorization::Action& action) override;

private:
  const std::unique_ptr<mesos::Authorizer> inner;
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_AUTHORIZER_HPP
