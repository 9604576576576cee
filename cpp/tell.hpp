// What a hook or the allocator tells, of which nothing else comes.
#ifndef MESOS_AUDIT_TELL_HPP
#define MESOS_AUDIT_TELL_HPP

#include <utility>

#include "guard.hpp"
#include "record.hpp"

namespace mesos_audit {

// Records what `write` writes, unless the policy has it skipped: then nothing
// is copied.
template <typename F>
void tell(Callback callback, F&& write) noexcept
{
  if (policy_skips(callback)) {
    return;
  }
  observe(callback, [&]() {
    Record record;
    std::forward<F>(write)(record);
    record.send(callback);
  });
}

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_TELL_HPP
