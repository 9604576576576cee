// Futures of the wrapped authorizer or authenticator: recorded when they
// settle, never changed.
#ifndef MESOS_AUDIT_SETTLED_HPP
#define MESOS_AUDIT_SETTLED_HPP

#include <utility>

#include <process/future.hpp>

#include "guard.hpp"
#include "record.hpp"

namespace mesos_audit {

// Runs `body` once `future` is ready, failed or discarded, on whichever of
// Mesos's threads settles it; at once if it is settled already.
template <typename T, typename F>
void onSettled(
    Callback callback, const process::Future<T>& future, F&& body) noexcept
{
  observe(callback, [&]() {
    future.onAny(typename process::Future<T>::AnyCallback(
        [callback, body = std::forward<F>(body)](
            const process::Future<T>& settled) mutable {
          observe(callback, [&]() { body(settled); });
        }));
  });
}


// Writes the verdict of a future that is not ready.
template <typename T>
void unready(Record& record, const process::Future<T>& settled)
{
  if (settled.isFailed()) {
    record.verdict(Verdict::Error);
    record.bytes(Field::Reason, settled.failure());
  } else {
    record.verdict(Verdict::Discarded);
  }
}


// For `delegate`: what a future becomes whose maker threw.
template <typename T>
process::Future<T> failed(const char* what)
{
  return process::Failure(std::string("mesos-audit: ") + what);
}

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_SETTLED_HPP
