#include "authenticator.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>

#include "guard.hpp"
#include "internals.hpp"
#include "record.hpp"
#include "settled.hpp"
#include "startup.hpp"

namespace mesos_audit {
namespace {

const char NAME[] = "org_mesos_audit_Authenticator";

}  // namespace


mesos::Authenticator* Authenticator::create(const mesos::Parameters& parameters)
{
  return mesos_audit::create<mesos::Authenticator>(
      NAME, parameters, {"config"}, [](const Parameters&) {
        Try<mesos::Authenticator*> inner =
            mesos::internal::cram_md5::CRAMMD5Authenticator::create();
        if (inner.isError()) {
          throw std::runtime_error("CRAM-MD5: " + inner.error());
        }
        return new Authenticator(
            std::unique_ptr<mesos::Authenticator>(inner.get()));
      });
}


Authenticator::Authenticator(std::unique_ptr<mesos::Authenticator> _inner)
    : inner(std::move(_inner))
{}


// Who may log in is Mesos's business, from its flag --credentials.
Try<Nothing> Authenticator::initialize(
    const Option<mesos::Credentials>& credentials)
{
  return delegate(
      Callback::SaslAuthentication,
      [&]() { return inner->initialize(credentials); },
      [](const char* what) -> Try<Nothing> { return Error(what); });
}


process::Future<Option<std::string>> Authenticator::authenticate(
    const process::UPID& from)
{
  const Clock::time_point start = Clock::now();

  std::string begun;
  observe(Callback::SaslAuthentication, [&]() {
    std::ostringstream peer;
    peer << from;

    Record record;
    record.bytes(Field::Peer, peer.str());
    record.bytes(Field::Scheme, "cram-md5");
    begun = record.take();
  });

  const process::Future<Option<std::string>> future = delegate(
      Callback::SaslAuthentication,
      [&]() { return inner->authenticate(from); },
      failed<Option<std::string>>);

  // The inner future itself goes back, so that Mesos's discard, after its 15 s
  // or when the peer begins again, means what it does without us.
  onSettled(
      Callback::SaslAuthentication,
      future,
      [start, begun = std::move(begun)](
          const process::Future<Option<std::string>>& settled) mutable {
        Record record(begun);
        record.duration(start);
        if (!settled.isReady()) {
          unready(record, settled);
        } else if (settled.get().isSome()) {
          record.verdict(Verdict::Allowed);
          record.bytes(Field::Principal, settled.get().get());
        } else {
          record.verdict(Verdict::Denied);
        }
        record.send(Callback::SaslAuthentication);
      });

  return future;
}

}  // namespace mesos_audit
