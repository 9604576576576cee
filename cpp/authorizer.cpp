#include "authorizer.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "approver.hpp"
#include "guard.hpp"
#include "internals.hpp"
#include "record.hpp"
#include "settled.hpp"
#include "startup.hpp"

namespace mesos_audit {
namespace {

const char NAME[] = "org_mesos_audit_Authorizer";

typedef std::shared_ptr<const mesos::ObjectApprover> SharedApprover;


std::unique_ptr<mesos::Authorizer> createInner(const Parameters& given)
{
  // Without ACLs Mesos itself would run no authorizer at all; an empty set of
  // them, with its permissive default, decides the same and can be recorded.
  const Option<std::string> acls = given.get("acls");
  const std::string json =
      acls.isSome() ? read("acls", acls.get(), read_acls) : "{}";

  mesos::Parameters parameters;
  assign(&parameters, {{"acls", json}});

  Try<mesos::Authorizer*> inner =
      mesos::internal::LocalAuthorizer::create(parameters);
  if (inner.isError()) {
    // The path, unless the value is the text itself.
    const std::string& value = acls.isSome() ? acls.get() : json;
    const bool inlined = value.find('{') != std::string::npos;
    throw std::runtime_error(
        "parameter 'acls'" + (inlined ? "" : " (" + value + ")") + ": " +
        inner.error());
  }
  return std::unique_ptr<mesos::Authorizer>(inner.get());
}


// What getApprover was asked.
struct Question
{
  void write(Record& record) const
  {
    if (subject.isSome()) {
      record.bytes(Field::Subject, subject.get());
    }
    record.number(Field::Action, action);
  }

  // Successes decide nothing yet, so they are not recorded.
  void recordRefusal(const process::Future<SharedApprover>& settled) const
  {
    Record record;
    record.duration(start);
    write(record);
    unready(record, settled);
    record.send(Callback::GetApprover);
  }

  // Should wrapping fail, then an approver that nobody watches is right and no
  // approver would be wrong.
  SharedApprover wrap(const SharedApprover& approver) const noexcept
  {
    SharedApprover result = approver;
    observe(Callback::GetApprover, [&]() {
      result = std::make_shared<const Approver>(approver, subject, action);
    });
    return result;
  }

  Clock::time_point start;
  Option<std::string> subject;
  int action;
};


// A future that settles as `inner` does, but with the approver wrapped.
//
// The promise is owned by the callback, hence by the inner future: if that is
// abandoned, so is ours. The way back is weak, or the two would own each other.
process::Future<SharedApprover> mirror(
    const process::Future<SharedApprover>& inner, const Question& question)
{
  typedef process::Promise<SharedApprover> Promise;

  const auto promise = std::make_shared<Promise>();
  const process::Future<SharedApprover> outer = promise->future();

  const process::WeakFuture<SharedApprover> reference(inner);
  outer.onDiscard(
      process::Future<SharedApprover>::DiscardCallback([reference]() {
        const Option<process::Future<SharedApprover>> future = reference.get();
        if (future.isSome()) {
          process::Future<SharedApprover>(future.get()).discard();
        }
      }));

  inner.onAny(process::Future<SharedApprover>::AnyCallback(
      [promise, question](const process::Future<SharedApprover>& settled) {
        if (settled.isReady()) {
          promise->set(question.wrap(settled.get()));
          return;
        }

        observe(
            Callback::GetApprover, [&]() { question.recordRefusal(settled); });
        if (settled.isFailed()) {
          promise->fail(settled.failure());
        } else {
          promise->discard();
        }
      }));

  return outer;
}

}  // namespace


mesos::Authorizer* Authorizer::create(const mesos::Parameters& parameters)
{
  return mesos_audit::create<mesos::Authorizer>(
      NAME, parameters, {"config", "acls"}, [](const Parameters& given) {
        return new Authorizer(createInner(given));
      });
}


Authorizer::Authorizer(std::unique_ptr<mesos::Authorizer> _inner)
    : inner(std::move(_inner))
{}


process::Future<bool> Authorizer::authorized(
    const mesos::authorization::Request& request)
{
  const Clock::time_point start = Clock::now();

  // Now: the request need not outlive this call.
  std::string begun;
  observe(Callback::Authorized, [&]() {
    Record record;
    record.message(Field::Request, request);
    begun = record.take();
  });

  const process::Future<bool> future = delegate(
      Callback::Authorized,
      [&]() { return inner->authorized(request); },
      failed<bool>);

  onSettled(
      Callback::Authorized,
      future,
      [start,
       begun = std::move(begun)](const process::Future<bool>& settled) mutable {
        Record record(std::move(begun));
        record.duration(start);
        if (settled.isReady()) {
          record.verdict(settled.get() ? Verdict::Allowed : Verdict::Denied);
        } else {
          unready(record, settled);
        }
        record.send(Callback::Authorized);
      });

  return future;
}


process::Future<SharedApprover> Authorizer::getApprover(
    const Option<mesos::authorization::Subject>& subject,
    const mesos::authorization::Action& action)
{
  Question question{Clock::now(), None(), static_cast<int>(action)};
  observe(Callback::GetApprover, [&]() {
    if (subject.isSome()) {
      question.subject = subject.get().SerializePartialAsString();
    }
  });

  const process::Future<SharedApprover> future = delegate(
      Callback::GetApprover,
      [&]() { return inner->getApprover(subject, action); },
      failed<SharedApprover>);

  if (future.isReady()) {
    return question.wrap(future.get());
  }

  // What Mesos gets if ours cannot be made.
  process::Future<SharedApprover> result = future;
  observe(Callback::GetApprover, [&]() { result = mirror(future, question); });
  return result;
}

}  // namespace mesos_audit
