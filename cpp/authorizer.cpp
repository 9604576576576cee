#include "authorizer.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "approver.hpp"
#include "guard.hpp"
#include "internals.hpp"
#include "record.hpp"
#include "settled.hpp"
#include "slice.hpp"
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


// What `authorized` was asked, serialised, until there is an answer.
class Pending
{
public:
  Pending(Clock::time_point _start, std::string&& _begun)
      : start(_start), begun(std::move(_begun))
  {}

  void send(const process::Future<bool>& settled)
  {
    Record record(begun);
    write(record, settled);
    record.send(Callback::Authorized);
  }

  // The answer that may be given once the record is on disk, or late.
  bool sendBeforeAnswer(bool answer) noexcept
  {
    bool given = !denies_unrecorded();
    observe(Callback::Authorized, [&]() {
      Record record(begun);
      record.duration(start);
      record.verdict(answer ? Verdict::Allowed : Verdict::Denied);
      given = record.sendBeforeAnswer(Callback::Authorized);
    });
    return answer && given;
  }

private:
  void write(Record& record, const process::Future<bool>& settled) const
  {
    record.duration(start);
    if (settled.isReady()) {
      record.verdict(settled.get() ? Verdict::Allowed : Verdict::Denied);
    } else {
      unready(record, settled);
    }
  }

  Clock::time_point start;
  std::string begun;
};

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
  bool durable = false;
  observe(Callback::Authorized, [&]() {
    Record record;
    record.message(Field::Request, request);
    begun = record.take();
    durable = is_durable_record(slice(begun));
  });

  const process::Future<bool> future = delegate(
      Callback::Authorized,
      [&]() { return inner->authorized(request); },
      failed<bool>);

  Pending pending(start, std::move(begun));
  if (!durable) {
    onSettled(
        Callback::Authorized,
        future,
        [pending =
             std::move(pending)](const process::Future<bool>& settled) mutable {
          pending.send(settled);
        });
    return future;
  }

  // What Mesos gets if the records cannot be waited for: an answer without its
  // record is the configuration's to allow or to refuse.
  process::Future<bool> result = future;
  if (denies_unrecorded()) {
    result = failed<bool>("the decision could not be recorded");
  }
  observe(Callback::Authorized, [&]() {
    const auto shared = std::make_shared<Pending>(std::move(pending));
    result = mirror(
        Callback::Authorized,
        future,
        result,
        [shared](process::Promise<bool>* promise, bool answer) {
          promise->set(shared->sendBeforeAnswer(answer));
        },
        [shared](const process::Future<bool>& settled) {
          observe(Callback::Authorized, [&]() { shared->send(settled); });
        });
  });
  return result;
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

  return mirror(
      Callback::GetApprover,
      future,
      future,
      [question](
          process::Promise<SharedApprover>* promise,
          const SharedApprover& approver) {
        promise->set(question.wrap(approver));
      },
      [question](const process::Future<SharedApprover>& settled) {
        observe(
            Callback::GetApprover, [&]() { question.recordRefusal(settled); });
      });
}

}  // namespace mesos_audit
