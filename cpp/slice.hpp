// Bytes as the bridge takes them.
#ifndef MESOS_AUDIT_SLICE_HPP
#define MESOS_AUDIT_SLICE_HPP

#include <cstdint>
#include <string_view>

#include "rust/cxx.h"

namespace mesos_audit {

inline rust::Slice<const uint8_t> slice(std::string_view bytes)
{
  return rust::Slice<const uint8_t>(
      reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_SLICE_HPP
