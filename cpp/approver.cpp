#include "approver.hpp"

#include <utility>

#include "guard.hpp"

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
      summarized(is_summarized(_action)),
      durable(is_durable(_action))
{}


Approver::~Approver()
{
  if (!summarized) {
    return;
  }

  observe(Callback::ApprovalSummary, [this]() {
    // Whoever drops the last reference has seen every call that was made.
    const uint64_t allowedCount = allowed.load(std::memory_order_relaxed);
    const uint64_t deniedCount = denied.load(std::memory_order_relaxed);
    const uint64_t errorCount = errors.load(std::memory_order_relaxed);
    if (allowedCount + deniedCount + errorCount == 0) {
      return;
    }

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
  if (summarized) {
    const Try<bool> result = inner->approved(object);
    count(result);
    return result;
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


bool Approver::recorded(
    const Try<bool>& result,
    const Option<Object>& object,
    Clock::time_point start) const noexcept
{
  // If nothing can be recorded, the configuration decides as it does for a
  // record that is late.
  bool answer = !durable || !denies_unrecorded();

  observe(Callback::Approved, [&]() {
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
