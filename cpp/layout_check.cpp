// Compares every claim of mesos_sdk/layout.hpp with the headers that the
// module is built against: our own, or under -DMESOS_ROOT a real Mesos's.
// Sizes and offsets stop the build; slots of virtual tables, which are no
// constants to the compiler, are compared by running this (`ctest`).
//
// Compiled with -fno-access-control: many of the members are private.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <glog/logging.h>

#include <mesos/authentication/http/basic_authenticator_factory.hpp>
#include <mesos/authentication/http/combined_authenticator.hpp>
#include <mesos/module/allocator.hpp>
#include <mesos/module/anonymous.hpp>
#include <mesos/module/authenticator.hpp>
#include <mesos/module/authorizer.hpp>
#include <mesos/module/hook.hpp>
#include <mesos/module/http_authenticator.hpp>
#include <mesos/version.hpp>

using process::http::authentication::AuthenticationResult;

typedef hashmap<std::string, std::string> StringMap;
typedef hashmap<mesos::SlaveID, mesos::Resources> AgentResources;
typedef hashmap<std::string, AgentResources> RoleResources;
typedef hashmap<mesos::SlaveID, mesos::UnavailableResources> AgentUnavailable;
typedef hashmap<std::string, mesos::Quota> RoleQuotas;

#define SIZE(type, bytes) \
  static_assert(sizeof(type) == bytes, "Size of " #type " is not " #bytes);
#define OFFSET(type, member, bytes)      \
  static_assert(                         \
      offsetof(type, member) == (bytes), \
      "Offset of " #type "::" #member " is not " #bytes);
#define SLOT(type, method, slot)
#include "mesos_sdk/layout.hpp"
#undef SIZE
#undef OFFSET
#undef SLOT

#ifndef MESOS_SDK_GOOGLE_PROTOBUF_MESSAGE_LITE_H
// The fields inside messages, of which mesos_sdk declares none. Mesos 1.10's
// are never read by their offsets.
#define MESSAGE(name, type)
#define FIELD(type, member, number, kind, part, offset, bit)     \
  static_assert(                                                 \
      std::string_view(MESOS_VERSION).substr(0, 5) != "1.11." || \
          (offsetof(type, member##_) == (offset) &&              \
           offsetof(type, _has_bits_) == 16),                    \
      "Offset of " #type "::" #member " is not " #offset);
#define END(name)
#include "mesos_sdk/fields.hpp"
#undef MESSAGE
#undef FIELD
#undef END
#endif

namespace {

// In the C++ ABI that GCC follows, a pointer to a virtual member function is
// one more than the function's offset in the virtual table.
template <typename F>
long slotOf(F method)
{
  long words[2];
  static_assert(sizeof(method) == sizeof(words), "Not a member function");
  std::memcpy(words, &method, sizeof(words));

  return words[0] % 2 == 1 ? (words[0] - 1) / long{sizeof(void*)} : -1;
}


int differences = 0;


void compare(const char* name, long claimed, long actual)
{
  if (claimed != actual) {
    std::printf("%s: claimed slot %ld, actual %ld\n", name, claimed, actual);
    ++differences;
  }
}

}  // namespace


int main()
{
#define SIZE(type, bytes)
#define OFFSET(type, member, bytes)
#define SLOT(type, method, slot) \
  compare(#type "::" #method, slot, slotOf(&type::method));
#include "mesos_sdk/layout.hpp"

  // Overloaded, so the macro cannot name them.
  typedef google::LogSink Sink;
  compare(
      "google::LogSink::send, 8 arguments",
      2,
      slotOf(static_cast<void (Sink::*)(
                 int,
                 const char*,
                 const char*,
                 int,
                 const struct ::tm*,
                 const char*,
                 size_t,
                 int32_t)>(&Sink::send)));
  compare(
      "google::LogSink::send, 7 arguments",
      3,
      slotOf(static_cast<void (Sink::*)(
                 int,
                 const char*,
                 const char*,
                 int,
                 const struct ::tm*,
                 const char*,
                 size_t)>(&Sink::send)));
  compare("google::LogSink::WaitTillSent", 4, slotOf(&Sink::WaitTillSent));

  std::printf("layout: %d differences\n", differences);
  return differences == 0 ? 0 : 1;
}
