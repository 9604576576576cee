// Usage: driver MODULE [panic | requests | fatal CONFIG]
//
// `panic`: the Rust core panics in one callback (the environment says which).
// `requests`: decisions tell the HTTP request that they are made for.
// `fatal`: logs a fatal line and dies of it.

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
    std::printf("Usage: driver MODULE [panic | requests | fatal CONFIG]\n");
    return 2;
  }

  if (argc > 3 && std::string(argv[2]) == "fatal") {
    open(argv[1]);
    dieOfFatalLine(argv[3]);
  }

  const bool requests = argc > 2 && std::string(argv[2]) == "requests";
  prepareTrail(requests ? "[authorization]\nhttp_request_id = true\n" : "");
  startLibprocess();
  open(argv[1]);

  if (argc > 2 && std::string(argv[2]) == "panic") {
    testStart();
    testPanic();
  } else if (requests) {
    testStart();
    testHttp();
    testRequests();
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
    testLog(argv[1]);
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
