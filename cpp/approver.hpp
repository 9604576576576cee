// The synchronous half of authorization.
#ifndef MESOS_AUDIT_APPROVER_HPP
#define MESOS_AUDIT_APPROVER_HPP

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <mesos/authorizer/authorizer.hpp>

#include <stout/option.hpp>
#include <stout/try.hpp>

#include "hot.hpp"
#include "record.hpp"

namespace mesos_audit {

// Asks the wrapped approver and records what it says, or counts it, or neither,
// as the policy wants it: `approved` runs while the master waits, and actions
// such as VIEW_TASK are asked for once per task of every listing.
class Approver : public mesos::ObjectApprover
{
public:
  // `subject` is serialised; None for requests without a principal.
  Approver(
      std::shared_ptr<const mesos::ObjectApprover> inner,
      Option<std::string> subject,
      int action);

  // Records the counts.
  ~Approver() override;

  MESOS_AUDIT_HOT Try<bool> approved(
      const Option<Object>& object) const noexcept override;

private:
  // Of an action on which some decisions are not recorded.
  Try<bool> policed(
      const Option<Object>& object, uint8_t levels) const noexcept;

  // Whether the answer may be given.
  MESOS_AUDIT_HOT bool recorded(
      const Try<bool>& result,
      const Option<Object>& object,
      Clock::time_point start) const noexcept;

  void count(const Try<bool>& result) const noexcept;

  const std::shared_ptr<const mesos::ObjectApprover> inner;
  const Option<std::string> subject;
  const int action;
  // The answer waits for its record.
  const bool durable;

  mutable std::atomic<uint64_t> allowed{0};
  mutable std::atomic<uint64_t> denied{0};
  mutable std::atomic<uint64_t> errors{0};
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_APPROVER_HPP
