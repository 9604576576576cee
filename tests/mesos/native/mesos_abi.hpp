// The few declarations of Mesos 1.11.0 that the test bed's programs need.
//
// No Mesos header is used or copied. A name is declared here with exactly the
// namespaces and parameters of the original, so that it mangles to the symbol
// that the library exports; a class is opaque storage of the original's size.
// Sizes and offsets were measured on the library whose SHA-256 is pinned in
// `python/requirements-mesos.txt`: another build needs them measured again.

#ifndef MESOS_TESTBED_ABI_HPP
#define MESOS_TESTBED_ABI_HPP

#include <map>
#include <new>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

// ----------------------------------------------------------------- stout

struct Nothing
{};

struct Error
{
  std::string message;
};

template <typename T>
class Option
{
public:
  Option() : state(NONE) {}
  Option(T _t) : state(SOME) { new (&t) T(std::move(_t)); }
  Option(const Option&) = delete;
  Option& operator=(const Option&) = delete;
  ~Option()
  {
    if (isSome()) {
      t.~T();
    }
  }

  void set(T _t)
  {
    this->~Option();
    new (this) Option(std::move(_t));
  }

  bool isSome() const { return state == SOME; }
  const T& get() const { return t; }

private:
  enum State : int
  {
    SOME = 0,
    NONE = 1
  } state;
  union {
    T t;
  };
};

template <typename T, typename E = Error>
class Try
{
public:
  bool isError() const { return !data.isSome(); }
  const std::string& error() const { return error_.get().message; }

private:
  Option<T> data;
  Option<E> error_;
};

static_assert(sizeof(Try<Nothing>) == 48, "returned through a pointer");

class Duration
{
public:
  explicit Duration(long _nanoseconds) : nanoseconds(_nanoseconds) {}

private:
  long nanoseconds;
};

namespace flags {

struct Warning
{
  std::string message;
};

struct Warnings
{
  std::vector<Warning> warnings;
};

class FlagsBase
{
public:
  FlagsBase();

  Try<Warnings> load(
      const Option<std::string>& prefix,
      int argc,
      const char* const* argv,
      bool unknowns,
      bool duplicates);

private:
  alignas(8) unsigned char storage[184];
};

}  // namespace flags

// ------------------------------------------------------------ libprocess

namespace process {

// Also stands for `PID<T>`, which adds nothing. A UPID is never destroyed
// here: its destructor is inline in Mesos's headers and so out of reach.
class UPID
{
public:
  UPID(const UPID&) = delete;
  ~UPID() {}

private:
  alignas(8) unsigned char storage[136];
};

std::ostream& operator<<(std::ostream& stream, const UPID& pid);

bool initialize(
    const Option<std::string>& delegate,
    const Option<std::string>& readwriteAuthenticationRealm,
    const Option<std::string>& readonlyAuthenticationRealm);

bool wait(const UPID& pid, const Duration& duration);

class ProcessBase;

UPID spawn(ProcessBase* process, bool manage);

}  // namespace process

// -------------------------------------------------------------- protobuf

namespace google {
namespace protobuf {

class MessageLite
{
public:
  bool ParseFromString(const std::string& data);
  std::string SerializeAsString() const;
};

// Every message may be treated as a `MessageLite`: the base is at offset 0.
// The storage is larger than any message that is declared here.
class Message : public MessageLite
{
private:
  alignas(8) unsigned char storage[1024];
};

class FileDescriptorProto : public Message
{
public:
  FileDescriptorProto();
  ~FileDescriptorProto();
};

class FileDescriptor
{
public:
  void CopyTo(FileDescriptorProto* proto) const;
};

class DescriptorPool
{
public:
  static const DescriptorPool* generated_pool();
  const FileDescriptor* FindFileByName(const std::string& name) const;
};

}  // namespace protobuf
}  // namespace google

// ----------------------------------------------------------------- mesos

namespace mesos {

class Credential : public google::protobuf::Message
{
public:
  Credential();
  ~Credential();
};

class FrameworkInfo : public google::protobuf::Message
{
public:
  FrameworkInfo();
  ~FrameworkInfo();
};

class Parameters : public google::protobuf::Message
{
public:
  Parameters();
  ~Parameters();
};

namespace allocator {

class Allocator;

}  // namespace allocator

namespace modules {

// What a library exports under a module's name: seven pointers, then this.
struct AllocatorModule
{
  const void* base[7];
  allocator::Allocator* (*create)(const Parameters& parameters);
};

class ModuleManager
{
public:
  // Reads every JSON file of the directory, as `--modules_dir` does.
  static Try<Nothing> load(const std::string& directory);
};

}  // namespace modules

namespace internal {

class HookManager
{
public:
  // Takes the comma-separated names, as `--hooks` does.
  static Try<Nothing> initialize(const std::string& names);
};

namespace logging {

class Flags
{
private:
  alignas(8) unsigned char storage[1024];
};

void initialize(
    const std::string& argv0,
    bool installFailureSignalHandler,
    const Option<Flags>& flags);

}  // namespace logging

class VersionProcess
{
public:
  VersionProcess();

private:
  alignas(8) unsigned char storage[2048];
};

namespace local {

class Flags
{
public:
  Flags();

private:
  alignas(8) unsigned char storage[8192];
};

process::UPID launch(const Flags& flags, mesos::allocator::Allocator*);

}  // namespace local
}  // namespace internal
}  // namespace mesos

#endif  // MESOS_TESTBED_ABI_HPP
