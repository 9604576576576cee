#include "check.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>

namespace driver {
namespace {

std::atomic<int> passed{0};
std::atomic<int> failed{0};
std::mutex mutex;
std::string current;

}  // namespace


void group(const std::string& name)
{
  const std::lock_guard<std::mutex> lock(mutex);
  current = name;
}


bool check(bool holds, const std::string& what)
{
  if (holds) {
    ++passed;
  } else {
    ++failed;
    const std::lock_guard<std::mutex> lock(mutex);
    std::printf("driver: FAILED: %s: %s\n", current.c_str(), what.c_str());
    std::fflush(stdout);
  }
  return holds;
}


bool report()
{
  std::printf("driver: %d passed, %d failed\n", passed.load(), failed.load());
  std::fflush(stdout);
  return failed == 0;
}

}  // namespace driver
