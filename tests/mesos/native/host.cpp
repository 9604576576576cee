// A real Mesos 1.11.0 master and one real agent in one process.
//
// `mesos::internal::local::launch` does the work; this program adds what the
// separate programs `mesos-master` and `mesos-agent` do around it and `local`
// does not: modules from a directory, hooks, `/version`, signal handling. All
// other settings are the environment variables that Mesos itself reads.

#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "mesos_abi.hpp"

using std::cerr;
using std::cout;
using std::endl;
using std::string;

namespace {

const char* const DESCRIPTORS[] = {
    "mesos/mesos.proto",
    "mesos/agent/agent.proto",
    "mesos/allocator/allocator.proto",
    "mesos/authentication/authentication.proto",
    "mesos/authorizer/acls.proto",
    "mesos/authorizer/authorizer.proto",
    "mesos/executor/executor.proto",
    "mesos/maintenance/maintenance.proto",
    "mesos/master/master.proto",
    "mesos/module/module.proto",
    "mesos/quota/quota.proto",
    "mesos/scheduler/scheduler.proto",
    "mesos/slave/containerizer.proto",
    "mesos/state/state.proto",
    "mesos/v1/master/master.proto",
    "mesos/v1/scheduler/scheduler.proto",
};

struct Options
{
  Option<string> modules;
  Option<string> hooks;
  Option<string> descriptors;
  Option<string> allocator;
  bool untilStdinCloses = false;
};


int usage(const string& problem)
{
  cerr << problem << "\n"
       << "Usage: mesos-host [--modules_dir DIR] [--hooks NAMES]"
       << " [--allocator LIBRARY:MODULE] [--until-stdin-closes]\n"
       << "       mesos-host --dump-descriptors DIR" << endl;

  return EXIT_FAILURE;
}


// What the EXIT() of Mesos does: the message, then exit(), which does run
// static destructors although other threads live.
[[noreturn]] void fail(const string& what, const string& why)
{
  cerr << "EXIT with status " << EXIT_FAILURE << ": " << what << ": " << why
       << endl;

  exit(EXIT_FAILURE);
}


void dumpDescriptors(const string& directory)
{
  const google::protobuf::DescriptorPool* pool =
      google::protobuf::DescriptorPool::generated_pool();

  for (const char* name : DESCRIPTORS) {
    const google::protobuf::FileDescriptor* file = pool->FindFileByName(name);

    if (file == nullptr) {
      fail("No such file in the descriptor pool", name);
    }

    google::protobuf::FileDescriptorProto proto;
    file->CopyTo(&proto);

    // One flat directory: `mesos/master/master.proto` becomes
    // `mesos.master.master.binpb`.
    string flat = name;
    flat.replace(flat.size() - 5, 5, "binpb");
    for (char& c : flat) {
      if (c == '/') {
        c = '.';
      }
    }

    std::ofstream out(directory + "/" + flat, std::ios::binary);
    out << proto.SerializeAsString();
    out.close();

    if (!out) {
      fail("Failed to write", directory + "/" + flat);
    }
  }
}


// Ends the process as an operator would once nobody holds the other end of
// standard input: a test that is killed leaves no master behind.
void watchStdin()
{
  char ignored[64];
  while (read(STDIN_FILENO, ignored, sizeof(ignored)) > 0) {
  }
  kill(getpid(), SIGTERM);
}


// `VersionProcess` inherits `ProcessBase` virtually; the offset of a virtual
// base is in the slot three before the vtable's address point.
process::ProcessBase* processBase(void* object)
{
  const long* vtable = *static_cast<const long* const*>(object);

  return reinterpret_cast<process::ProcessBase*>(
      static_cast<char*>(object) + vtable[-3]);
}


// What `ModuleManager::create<Allocator>` does, which this library lacks: its
// own `main` is not in it. `local::launch` takes an allocator and no name.
mesos::allocator::Allocator* createAllocator(const string& name)
{
  const size_t colon = name.rfind(':');
  const string library = name.substr(0, colon);
  void* handle = dlopen(library.c_str(), RTLD_NOW);
  if (handle == nullptr) {
    fail("Failed to open " + library, dlerror());
  }

  const string symbol = name.substr(colon + 1);
  const auto* module = static_cast<const mesos::modules::AllocatorModule*>(
      dlsym(handle, symbol.c_str()));
  if (module == nullptr) {
    fail("No such module in " + library, symbol);
  }

  mesos::allocator::Allocator* allocator = module->create(mesos::Parameters());
  if (allocator == nullptr) {
    fail("Failed to create allocator", symbol);
  }
  return allocator;
}


[[noreturn]] void run(const Options& options)
{
  // Logs to stderr and handles SIGTERM as `mesos-master` does: one line, then
  // death by the signal's default action, no destructors.
  mesos::internal::logging::initialize(
      "mesos-host", true, Option<mesos::internal::logging::Flags>());

  if (options.untilStdinCloses) {
    std::thread(watchStdin).detach();
  }

  process::initialize(
      string("master"),
      string("mesos-master-readwrite"),
      string("mesos-master-readonly"));

  process::spawn(processBase(new mesos::internal::VersionProcess()), false);

  if (options.modules.isSome()) {
    Try<Nothing> load =
        mesos::modules::ModuleManager::load(options.modules.get());

    if (load.isError()) {
      fail("Error loading modules", load.error());
    }
  }

  if (options.hooks.isSome()) {
    Try<Nothing> initialize =
        mesos::internal::HookManager::initialize(options.hooks.get());

    if (initialize.isError()) {
      fail("Error installing hooks", initialize.error());
    }
  }

  mesos::internal::local::Flags* flags = new mesos::internal::local::Flags();
  mesos::allocator::Allocator* allocator = nullptr;
  if (options.allocator.isSome()) {
    allocator = createAllocator(options.allocator.get());
  }
  const process::UPID& master =
      mesos::internal::local::launch(*flags, allocator);

  // The test bed waits for this line; with LIBPROCESS_PORT=0 it is also the
  // only place where the port can be learned without a race.
  cout << "READY " << master << endl;

  // Only a signal ends this process. Waiting for the master actor, as
  // `mesos-local` does, would hide a master that terminated by itself.
  process::wait(master, Duration(-1));

  fail("The master terminated", "its actor is gone");
}

}  // namespace


int main(int argc, char** argv)
{
  Options options;

  for (int i = 1; i < argc; ++i) {
    const string name = argv[i];

    if (name == "--until-stdin-closes") {
      options.untilStdinCloses = true;
      continue;
    }

    if (++i == argc) {
      return usage("Unknown option or missing value: " + name);
    }

    if (name == "--modules_dir") {
      options.modules.set(argv[i]);
    } else if (name == "--hooks") {
      options.hooks.set(argv[i]);
    } else if (name == "--allocator") {
      options.allocator.set(argv[i]);
    } else if (name == "--dump-descriptors") {
      options.descriptors.set(argv[i]);
    } else {
      return usage("Unknown option: " + name);
    }
  }

  if (options.descriptors.isSome()) {
    dumpDescriptors(options.descriptors.get());
    return EXIT_SUCCESS;
  }

  run(options);
}
