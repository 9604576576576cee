// What stands between Mesos's threads and everything that can go wrong here.
//
// An audit module must never decide, delay or crash what it watches. So each
// entry does its own work inside `observe`, beside the call that Mesos wanted,
// and makes that call itself through `delegate`.
#ifndef MESOS_AUDIT_GUARD_HPP
#define MESOS_AUDIT_GUARD_HPP

#include <exception>
#include <utility>

#include "mesos-audit-core/rust/core/bridge/mod.rs.h"

namespace mesos_audit {

// Counts what was caught and announces it in the stream.
void caught(Callback callback, const char* what) noexcept;

#ifdef MESOS_AUDIT_FAULT_INJECTION
// Throws if the environment asks for it: MESOS_AUDIT_FAULT=throw:<Callback>.
void inject(Callback callback);
#else
inline void inject(Callback) {}
#endif


// Runs `body`, and swallows what it throws.
template <typename F>
void observe(Callback callback, F&& body) noexcept
{
  try {
    inject(callback);
    std::forward<F>(body)();
  } catch (const std::exception& e) {
    caught(callback, e.what());
  } catch (...) {
    caught(callback, "unknown exception");
  }
}


// Runs `call`, which asks the wrapped authorizer or authenticator. Should that
// throw, then it has decided nothing: Mesos gets what `otherwise` makes of the
// text, which is a failure and never a permission.
template <typename F, typename G>
auto delegate(Callback callback, F&& call, G&& otherwise)
    -> decltype(std::forward<F>(call)())
{
  try {
    return std::forward<F>(call)();
  } catch (const std::exception& e) {
    caught(callback, e.what());
    return std::forward<G>(otherwise)(e.what());
  } catch (...) {
    caught(callback, "unknown exception");
    return std::forward<G>(otherwise)("unknown exception");
  }
}

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_GUARD_HPP
