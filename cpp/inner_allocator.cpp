#include "inner_allocator.hpp"

#include <new>
#include <stdexcept>
#include <string>

#include <dlfcn.h>

#include <stout/try.hpp>

namespace mesos_audit {
namespace {

using mesos::allocator::Allocator;

// Allocator::create(name, roleSorter, frameworkSorter). Looked up instead of
// declared: Mesos's library in its Python package does not have it, and an
// undefined symbol would keep the whole module from being loaded.
//
// With this name it takes no lock of Mesos's. With a module's it would take the
// one that Mesos holds while it makes us.
const char CREATE[] =
    "_ZN5mesos9allocator9Allocator6createERKNSt7__cxx1112basic_stringIcSt11"
    "char_traitsIcESaIcEEES9_S9_";
const char HIERARCHICAL[] = "hierarchical";

typedef Try<Allocator*> Create(
    const std::string& name,
    const std::string& roleSorter,
    const std::string& frameworkSorter);


// MesosAllocator<HierarchicalAllocatorProcess<DRFSorter, DRFSorter>>, which is
// all that `create` makes for `drf`: its constructor, weak, which that library
// does have.
const char DRF[] =
    "_ZN5mesos8internal6master9allocator14MesosAllocatorINS2_28"
    "HierarchicalAllocatorProcessINS2_9DRFSorterES5_EEEC1Ev";

typedef void Construct(void* at);

// Its virtual table and a pointer to the actor; src/master/allocator/mesos/
// allocator.hpp. Mesos's own deleting destructor gives the storage back.
constexpr size_t MESOS_ALLOCATOR_BYTES = 16;


template <typename F>
F* find(const char* symbol)
{
  return reinterpret_cast<F*>(::dlsym(RTLD_DEFAULT, symbol));
}


Allocator* construct(Construct* constructor)
{
  void* storage = ::operator new(MESOS_ALLOCATOR_BYTES);
  try {
    constructor(storage);
  } catch (...) {
    ::operator delete(storage);
    throw;
  }
  return static_cast<Allocator*>(storage);
}


std::string sorter(const Parameters& given, const char* key)
{
  const Option<std::string> value = given.get(key);
  const std::string result = value.isSome() ? value.get() : "drf";
  if (result != "drf" && result != "random") {
    throw std::runtime_error(
        std::string("parameter '") + key + "': '" + result +
        "' is neither drf nor random");
  }
  return result;
}

}  // namespace


std::unique_ptr<Allocator> createInnerAllocator(const Parameters& given)
{
  const std::string roles = sorter(given, "role_sorter");
  const std::string frameworks = sorter(given, "framework_sorter");

  if (Create* create = find<Create>(CREATE)) {
    const Try<Allocator*> created = create(HIERARCHICAL, roles, frameworks);
    if (created.isError()) {
      throw std::runtime_error(
          "parameters 'role_sorter' (" + roles + ") and 'framework_sorter' (" +
          frameworks + "): " + created.error());
    }
    return std::unique_ptr<Allocator>(created.get());
  }

  if (roles != "drf" || frameworks != "drf") {
    throw std::runtime_error(
        "parameters 'role_sorter' and 'framework_sorter': this Mesos exports "
        "no mesos::allocator::Allocator::create, without which there is only "
        "drf");
  }

  Construct* constructor = find<Construct>(DRF);
  if (constructor == nullptr) {
    throw std::runtime_error(
        "this Mesos exports neither mesos::allocator::Allocator::create nor "
        "the constructor of its hierarchical allocator");
  }
  return std::unique_ptr<Allocator>(construct(constructor));
}

}  // namespace mesos_audit
