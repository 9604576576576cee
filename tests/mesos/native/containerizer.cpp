// `mesos-containerizer launch`: what a Mesos agent forks for each container.
//
// The program is not in the published package, but the class behind its
// `launch` sub-command is. This is the program's main() around that class, so
// containers start through Mesos's own code.

#include <iostream>
#include <string>

#include <stdlib.h>
#include <string.h>

#include "mesos_abi.hpp"

// Address of the class's vtable; its constructor is inline in Mesos's headers
// and therefore not exported.
extern "C" const void* const
    _ZTVN5mesos8internal5slave24MesosContainerizerLaunchE[];

namespace mesos {
namespace internal {
namespace slave {

class MesosContainerizerLaunch
{
public:
  struct Flags
  {
    Flags();

  private:
    alignas(8) unsigned char storage[320];
  };

  MesosContainerizerLaunch()
      : vtable(&_ZTVN5mesos8internal5slave24MesosContainerizerLaunchE[2]),
        name("launch")
  {}

  // Declared without `virtual`, as the functions are named directly.
  flags::FlagsBase* getFlags();
  int execute();

private:
  const void* const* vtable;
  std::string name;
  flags::FlagsBase unused;
  Flags flags;
};

static_assert(sizeof(MesosContainerizerLaunch) == 0x220, "as in the library");

}  // namespace slave
}  // namespace internal
}  // namespace mesos


int main(int argc, char** argv)
{
  if (argc < 2 || strcmp(argv[1], "launch") != 0) {
    std::cerr << "The test bed's mesos-containerizer only knows 'launch'"
              << std::endl;
    return EXIT_FAILURE;
  }

  mesos::internal::slave::MesosContainerizerLaunch* launch =
      new mesos::internal::slave::MesosContainerizerLaunch();

  Try<flags::Warnings> load = launch->getFlags()->load(
      std::string("MESOS_CONTAINERIZER_"), argc - 1, argv + 1, false, false);

  if (load.isError()) {
    std::cerr << "Failed to parse the flags: " << load.error() << std::endl;
    return EXIT_FAILURE;
  }

  return launch->execute();
}
