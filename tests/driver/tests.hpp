// The groups of checks, in the order in which they must run.
#ifndef MESOS_AUDIT_DRIVER_TESTS_HPP
#define MESOS_AUDIT_DRIVER_TESTS_HPP

#include <string>

#include <process/http.hpp>

namespace driver {

// Before any good `create`: the pipeline is started once per process.
void testSymbols();
void testRefusals();

void testStart();
void testHooks();
void testAuthorized();
void testGetApprover();
void testApproved();
void testLargeObjects();
void testLocalAuthorizer();
void testSasl();
void testRealSasl();
void testHttp();
void testRequests();
void testAllocator();
void testOffers();
void testThreads();
void testLog(const std::string& module);

// Never returns.
void dieOfFatalLine(const std::string& config);

// As Mesos logs a line.
void log(int severity, const char* path, int line, const std::string& text);

// A GET, with that header if it is not empty.
process::http::Request request(
    const std::string& path, const std::string& authorization = "");

// With MESOS_AUDIT_FAULT_INJECTION only.
void testExceptions();
void testAllocatorExceptions();
void testPanic();

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_TESTS_HPP
