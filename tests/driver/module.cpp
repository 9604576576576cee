#include "module.hpp"

#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

namespace driver {
namespace {

void* library = nullptr;

}  // namespace


// RTLD_NOW, as in stout/dynamiclibrary.hpp.
void open(const std::string& path)
{
  library = ::dlopen(path.c_str(), RTLD_NOW);
  if (library == nullptr) {
    std::printf("driver: %s\n", ::dlerror());
    std::exit(2);
  }
}


mesos::modules::ModuleBase* find(const std::string& name)
{
  void* symbol = ::dlsym(library, name.c_str());
  if (symbol == nullptr) {
    std::printf("driver: %s\n", ::dlerror());
    std::exit(2);
  }
  return static_cast<mesos::modules::ModuleBase*>(symbol);
}

}  // namespace driver
