#include "trail.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <sys/stat.h>

#include "check.hpp"

namespace driver {
namespace {

std::string folder;

// Valgrind makes everything some fifty times slower.
constexpr std::chrono::seconds PATIENCE(30);

}  // namespace


void prepareTrail(const std::string& more)
{
  char name[] = "/tmp/mesos-audit-driver.XXXXXX";
  if (::mkdtemp(name) == nullptr) {
    std::perror("mkdtemp");
    std::exit(2);
  }
  folder = name;

  write(
      "audit.toml",
      "[output]\npath = \"" + scratch("audit.jsonl") +
          "\"\n[[policy.rules]]\nid = \"views\"\nlevel = "
          "\"count\"\nauthorization = [\"VIEW_TASK\"]\n"
          "[errors]\ninterval_s = 1\n" +
          more);
}


void removeTrail()
{
  std::system(("rm -rf " + folder).c_str());
}


std::string scratch(const std::string& name)
{
  return folder + "/" + name;
}


std::string write(const std::string& name, const std::string& content)
{
  const std::string path = scratch(name);
  std::ofstream(path, std::ios::binary) << content;
  ::chmod(path.c_str(), 0600);
  return path;
}


std::string config()
{
  return scratch("audit.toml");
}


std::vector<std::string> trail()
{
  std::vector<std::string> lines;
  std::ifstream file(scratch("audit.jsonl"));
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}


size_t matching(std::initializer_list<std::string> parts)
{
  size_t count = 0;
  for (const std::string& line : trail()) {
    bool all = true;
    for (const std::string& part : parts) {
      all = all && line.find(part) != std::string::npos;
    }
    count += all ? 1 : 0;
  }
  return count;
}


size_t await(size_t count, std::initializer_list<std::string> parts)
{
  const auto deadline = std::chrono::steady_clock::now() + PATIENCE;
  while (true) {
    const size_t found = matching(parts);
    if (found >= count || std::chrono::steady_clock::now() > deadline) {
      return found;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}


void checkNowhere(const std::string& secret)
{
  std::string found;
  for (const std::string& line : trail()) {
    if (line.find(secret) != std::string::npos) {
      found = line;
    }
  }
  check(found.empty(), "the trail holds a secret: " + found);
}

}  // namespace driver
