// Writes the recorded fields of Mesos's most frequent messages, and only those:
// six times as fast as libmesos writes the whole message, which it walks
// twice and checks for UTF-8, and what must not be recorded (environments,
// data) is not even copied.
//
// The fields are found by their offsets (mesos_sdk/fields.hpp). Whether these
// hold in the running Mesos is tried out when the first module starts; until
// and unless they do, there is no layout and messages are taken whole.
#ifndef MESOS_AUDIT_EXTRACT_HPP
#define MESOS_AUDIT_EXTRACT_HPP

#include <cstdint>

#include <google/protobuf/message_lite.h>

#include <mesos/authorizer/authorizer.hpp>
#include <mesos/mesos.hpp>

namespace mesos_audit {
namespace extract {

struct Layout;

// Null: the message is to be taken whole.
const Layout* layout(const mesos::CommandInfo&) noexcept;
const Layout* layout(const mesos::ExecutorInfo&) noexcept;
const Layout* layout(const mesos::FrameworkInfo&) noexcept;
const Layout* layout(const mesos::Resource&) noexcept;
const Layout* layout(const mesos::Task&) noexcept;
const Layout* layout(const mesos::TaskInfo&) noexcept;
const Layout* layout(const mesos::authorization::Request&) noexcept;

inline const Layout* layout(const google::protobuf::MessageLite&) noexcept
{
  return nullptr;
}


// Writes the fields of a message of that layout. Returns what is behind them,
// or null where they do not fit: into the room, or, 16 KiB of them in one part,
// into the two bytes that a part's length has.
uint8_t* write(
    const Layout& layout,
    const google::protobuf::MessageLite& message,
    uint8_t* to,
    const uint8_t* end);

// Tries the layouts out and, if each reads what libmesos wrote, has them used.
// At load time, before anything is recorded. Whether they are used.
bool enable();

}  // namespace extract
}  // namespace mesos_audit

#endif  // MESOS_AUDIT_EXTRACT_HPP
