// Usage: driver MODULE [panic]
//
// `panic`: the Rust core panics in one callback (the environment says which).

#include <cstdio>
#include <string>

#include <unistd.h>

#include "check.hpp"
#include "fakes.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"

using namespace driver;

int main(int argc, char** argv)
{
  if (argc < 2) {
    std::printf("Usage: driver MODULE [panic]\n");
    return 2;
  }

  prepareTrail();
  startLibprocess();
  open(argv[1]);

  if (argc > 2 && std::string(argv[2]) == "panic") {
    testStart();
    testPanic();
  } else {
    testSymbols();
    testRefusals();
    testStart();
    testHooks();
    testAuthorized();
    testGetApprover();
    testApproved();
    testLargeObjects();
    testLocalAuthorizer();
    testSasl();
    testRealSasl();
    testHttp();
    testAllocator();
    testOffers();
    testThreads();
#ifdef MESOS_AUDIT_FAULT_INJECTION
    testExceptions();
    testAllocatorExceptions();
#endif
  }

  const bool good = report();
  removeTrail();

  // Not `exit`: libprocess's threads run on, and static destructors under them
  // would be a test of Mesos.
  ::_exit(good ? 0 : 1);
}
