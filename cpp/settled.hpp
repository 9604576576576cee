// Futures of the wrapped authorizer or authenticator: recorded when they
// settle, and followed where Mesos gets another value than theirs.
#ifndef MESOS_AUDIT_SETTLED_HPP
#define MESOS_AUDIT_SETTLED_HPP

#include <memory>
#include <string>
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


// A future that settles as `inner` does, but that `set` completes where `inner`
// is ready; `refused` hears of an inner one that never is. `otherwise` is what
// Mesos gets if ours cannot be made.
//
// The promise is owned by the callback, hence by the inner future: if that is
// abandoned, so is ours. The way back is weak, or the two would own each other.
template <typename T, typename F, typename G>
process::Future<T> mirror(
    Callback callback,
    const process::Future<T>& inner,
    process::Future<T> otherwise,
    F&& set,
    G&& refused) noexcept
{
  observe(callback, [&]() {
    const auto promise = std::make_shared<process::Promise<T>>();
    const process::Future<T> outer = promise->future();

    const process::WeakFuture<T> reference(inner);
    outer.onDiscard(typename process::Future<T>::DiscardCallback([reference]() {
      const Option<process::Future<T>> future = reference.get();
      if (future.isSome()) {
        process::Future<T>(future.get()).discard();
      }
    }));

    inner.onAny(typename process::Future<T>::AnyCallback(
        [promise,
         set = std::forward<F>(set),
         refused = std::forward<G>(refused)](
            const process::Future<T>& settled) mutable {
          if (settled.isReady()) {
            set(promise.get(), settled.get());
            return;
          }

          refused(settled);
          if (settled.isFailed()) {
            promise->fail(settled.failure());
          } else {
            promise->discard();
          }
        }));

    otherwise = outer;
  });
  return otherwise;
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
