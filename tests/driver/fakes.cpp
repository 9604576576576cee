#include "fakes.hpp"

#include <cstdlib>

#include <dlfcn.h>

#include <mesos/authentication/http/basic_authenticator_factory.hpp>

#include "fake_allocator.hpp"
#include "internals.hpp"

#define EXPORT __attribute__((visibility("default")))

namespace process {

bool initialize(
    const Option<std::string>& delegate,
    const Option<std::string>& readwriteRealm,
    const Option<std::string>& readonlyRealm);

}  // namespace process

// UPID's constructor from a string, and its destructor, by their symbols:
// mesos_sdk, which only ever gets to see other people's, declares neither.
void makeUpid(void* at, const std::string& text) asm(
    "_ZN7process4UPIDC1ERKNSt7__cxx1112basic_stringIcSt11char_"
    "traitsIcESaIcEEE");

void destroyUpid(void* at) asm("_ZN7process4UPIDD1Ev");


namespace {

template <typename F>
F* mesosOwn(const char* symbol)
{
  void* address = ::dlsym(RTLD_NEXT, symbol);
  if (address == nullptr) {
    std::abort();
  }
  return reinterpret_cast<F*>(address);
}

}  // namespace


namespace driver {

FakeAuthorizer* nextAuthorizer = nullptr;
FakeAuthenticator* nextAuthenticator = nullptr;
FakeHttpAuthenticator* nextHttpAuthenticator = nullptr;
FakeAllocator* nextAllocator = nullptr;


Peer::Peer(const std::string& text)
{
  makeUpid(storage, text);
}


Peer::~Peer()
{
  destroyUpid(storage);
}


const process::UPID& Peer::pid() const
{
  return *reinterpret_cast<const process::UPID*>(storage);
}


mesos::allocator::Allocator* createRealAllocator()
{
  void* storage = ::operator new(16);
  mesosOwn<void(void*)>(
      "_ZN5mesos8internal6master9allocator14MesosAllocatorINS2_28"
      "HierarchicalAllocatorProcessINS2_9DRFSorterES5_EEEC1Ev")(storage);
  return static_cast<mesos::allocator::Allocator*>(storage);
}


void startLibprocess()
{
  ::setenv("LIBPROCESS_IP", "127.0.0.1", 1);
  ::setenv("GLOG_minloglevel", "2", 1);
  process::initialize(None(), None(), None());
}

}  // namespace driver


namespace mesos {
namespace internal {

EXPORT Try<Authorizer*> LocalAuthorizer::create(const Parameters& parameters)
{
  if (driver::nextAuthorizer != nullptr) {
    return static_cast<Authorizer*>(
        std::exchange(driver::nextAuthorizer, nullptr));
  }

  return mesosOwn<Try<Authorizer*>(const Parameters&)>(
      "_ZN5mesos8internal15LocalAuthorizer6createERKNS_10ParametersE")(
      parameters);
}


namespace cram_md5 {

EXPORT Try<Authenticator*> CRAMMD5Authenticator::create()
{
  if (driver::nextAuthenticator != nullptr) {
    return static_cast<Authenticator*>(
        std::exchange(driver::nextAuthenticator, nullptr));
  }

  return mesosOwn<Try<Authenticator*>()>(
      "_ZN5mesos8internal8cram_md520CRAMMD5Authenticator6createEv")();
}

}  // namespace cram_md5
}  // namespace internal


namespace http {
namespace authentication {

EXPORT Try<process::http::authentication::Authenticator*>
BasicAuthenticatorFactory::create(const Parameters& parameters)
{
  if (driver::nextHttpAuthenticator != nullptr) {
    return static_cast<process::http::authentication::Authenticator*>(
        std::exchange(driver::nextHttpAuthenticator, nullptr));
  }

  return mesosOwn<Try<process::http::authentication::Authenticator*>(
      const Parameters&)>(
      "_ZN5mesos4http14authentication25BasicAuthenticatorFactory6createERKNS_"
      "10ParametersE")(parameters);
}

}  // namespace authentication
}  // namespace http


namespace allocator {

// The library's own is missing from some; then this makes what it would.
EXPORT Try<Allocator*> Allocator::create(
    const std::string&,
    const std::string& roleSorter,
    const std::string& frameworkSorter)
{
  if (driver::nextAllocator != nullptr) {
    return static_cast<Allocator*>(
        std::exchange(driver::nextAllocator, nullptr));
  }
  if (roleSorter != "drf" || frameworkSorter != "drf") {
    return Error("no such sorters");
  }
  return driver::createRealAllocator();
}

}  // namespace allocator
}  // namespace mesos
