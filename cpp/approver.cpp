#include "approver.hpp"

#include <utility>

#include "guard.hpp"
#include "hot.hpp"

namespace mesos_audit {
namespace {

// The parts by their field numbers in `authorization.Object` of
// mesos/authorizer/authorizer.proto, of which Mesos's struct of pointers is
// the image.
void write(Record& record, const mesos::ObjectApprover::Object& object)
{
  if (object.value != nullptr) {
    record.bytes(1, *object.value);
  }
  record.message(2, object.framework_info);
  record.message(3, object.task);
  record.message(4, object.task_info);
  record.message(5, object.executor_info);
  record.message(6, object.quota_info);
  record.message(7, object.weight_info);
  record.message(8, object.resource);
  record.message(9, object.command_info);
  record.message(10, object.container_id);
  record.message(11, object.machine_id);
}


void write(Record& record, const Option<std::string>& subject, int action)
{
  if (subject.isSome()) {
    record.bytes(Field::Subject, subject.get());
  }
  record.number(Field::Action, action);
}

}  // namespace


Approver::Approver(
    std::shared_ptr<const mesos::ObjectApprover> _inner,
    Option<std::string> _subject,
    int _action)
    : inner(std::move(_inner)),
      subject(std::move(_subject)),
      action(_action),
      durable(is_durable(_action))
{}


Approver::~Approver()
{
  // Whoever drops the last reference has seen every call that was made.
  const uint64_t allowedCount = allowed.load(std::memory_order_relaxed);
  const uint64_t deniedCount = denied.load(std::memory_order_relaxed);
  const uint64_t errorCount = errors.load(std::memory_order_relaxed);
  if (allowedCount + deniedCount + errorCount == 0) {
    return;
  }

  observe(Callback::ApprovalSummary, [&]() {
    Record record;
    write(record, subject, action);
    record.number(Field::Allowed, allowedCount);
    record.number(Field::Denied, deniedCount);
    record.number(Field::Errors, errorCount);
    record.send(Callback::ApprovalSummary);
  });
}


Try<bool> Approver::approved(const Option<Object>& object) const noexcept
{
  // Asked each time: the policy may change while a framework is connected.
  const uint8_t levels = policy_levels(action);
  if (levels != 0) {
    return policed(object, levels);
  }

  // While Mesos's own approver thinks, the caches fetch what we need then.
  prepare();
  const Clock::time_point start = Clock::now();
  const Try<bool> result = inner->approved(object);

  // The one case in which an answer is not the inner one: the operator asked
  // for a denial where there is no record.
  if (!recorded(result, object, start)) {
    return false;
  }
  return result;
}


Try<bool> Approver::policed(
    const Option<Object>& object, uint8_t levels) const noexcept
{
  // Of two bits for each decision: no decision is recorded.
  constexpr uint8_t NONE = 0;
  const bool all = (levels & 3) != NONE && (levels >> 2 & 3) != NONE &&
                   (levels >> 4 & 3) != NONE;
  const Clock::time_point start = all ? Clock::time_point() : Clock::now();
  const Try<bool> result = inner->approved(object);

  const uint8_t decision = result.isError() ? 2 : result.get() ? 0 : 1;
  switch (levels >> (2 * decision) & 3) {
    case 1:
      count(result);
      return result;
    case 2:
      policy_skipped(action, decision);
      return result;
    default:
      return recorded(result, object, start) ? result : Try<bool>(false);
  }
}


bool Approver::recorded(
    const Try<bool>& result,
    const Option<Object>& object,
    Clock::time_point start) const noexcept
{
  // If nothing can be recorded, the configuration decides as it does for a
  // record that is late.
  bool answer = !durable || !denies_unrecorded();

  observe(Callback::Approved, [&]() MESOS_AUDIT_HOT {
    Record record;
    record.duration(start);
    write(record, subject, action);
    if (result.isError()) {
      record.verdict(Verdict::Error);
      record.bytes(Field::Reason, result.error());
    } else {
      record.verdict(result.get() ? Verdict::Allowed : Verdict::Denied);
    }
    if (object.isSome()) {
      record.nested(Field::Object, [&]() { write(record, object.get()); });
    }
    if (durable) {
      answer = record.sendBeforeAnswer(Callback::Approved);
    } else {
      record.send(Callback::Approved);
    }
  });

  return answer;
}


void Approver::count(const Try<bool>& result) const noexcept
{
  std::atomic<uint64_t>& counter = result.isError() ? errors
                                   : result.get()   ? allowed
                                                    : denied;

  counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace mesos_audit
