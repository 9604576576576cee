// What `create` of each module accepts and refuses.

#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "check.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

namespace driver {
namespace {

struct Known
{
  const char* name;
  const char* kind;
};

const Known MODULES[] = {
    {"org_mesos_audit_Anonymous", "Anonymous"},
    {"org_mesos_audit_Hook", "Hook"},
    {"org_mesos_audit_Authorizer", "Authorizer"},
    {"org_mesos_audit_Authenticator", "Authenticator"},
    {"org_mesos_audit_Allocator", "Allocator"},
    {"org_mesos_audit_HttpAuthenticator", "HttpAuthenticator"},
    {"org_mesos_audit_HttpFrameworkAuthenticator", "HttpAuthenticator"},
};


// Runs `body` and returns what it writes to stderr.
template <typename F>
std::string stderrOf(F&& body)
{
  const std::string path = scratch("stderr");
  const int saved = ::dup(STDERR_FILENO);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, STDERR_FILENO);

  body();

  ::dup2(saved, STDERR_FILENO);
  ::close(saved);

  std::string text(64 * 1024, '\0');
  const ssize_t size = ::pread(file, &text[0], text.size(), 0);
  ::close(file);
  text.resize(size < 0 ? 0 : size);
  return text;
}


// `create` must return null and say why: one line, with `parts` in it.
template <typename T>
void refuses(
    const std::string& name,
    const mesos::Parameters& parameters,
    std::vector<std::string> parts)
{
  std::unique_ptr<T> result;
  const std::string text =
      stderrOf([&]() { result = create<T>(name, parameters); });

  check(result == nullptr, name + " accepted what it should not: " + text);
  check(
      text.find("mesos-audit: " + name + ": ") == 0 &&
          text.find('\n') == text.size() - 1,
      name + " does not say why in one line: " + text);
  for (const std::string& part : parts) {
    check(
        text.find(part) != std::string::npos,
        name + ": no '" + part + "' in: " + text);
  }
  check(
      text.find("CANARY") == std::string::npos,
      name + " says a secret: " + text);
}


void testRefusedHttp(const std::string& name)
{
  const auto refused =
      [&](std::initializer_list<std::pair<std::string, std::string>> list,
          std::vector<std::string> parts) {
        refuses<HttpAuthenticator>(name, parameters(list), parts);
      };
  const std::string credentials = write(
      "good", "{\"credentials\":[{\"principal\":\"a\",\"secret\":\"b\"}]}");
  const std::string key = write("key", "secret");
  const std::string bad =
      write("bad", "{\"credentials\":[{\"principal\":7,\"secret\":\"CANARY\"}");
  const std::string odd =
      write("odd", "{\"credentials\":[{\"secret\":\"CANARY\"}]}");

  refused({}, {"authentication_realm"});
  refused({{"authentication_realm", "r"}}, {"credentials"});
  refused({{"realm", "r"}}, {"'realm'", "authentication_realm"});
  refused(
      {{"authentication_realm", "r"}, {"credentials", "/no/such"}},
      {"credentials", "/no/such"});
  refused(
      {{"authentication_realm", "r"}, {"credentials", bad}},
      {"credentials", bad});
  refused(
      {{"authentication_realm", "r"}, {"credentials", odd}},
      {"credentials", odd});
  refused(
      {{"authentication_realm", "r"}, {"authenticators", "jwt"}},
      {"secret_key"});
  refused(
      {{"authentication_realm", "r"},
       {"authenticators", "jwt"},
       {"secret_key", "/no/such"}},
      {"secret_key", "/no/such"});
  refused(
      {{"authentication_realm", "r"},
       {"authenticators", "jwt"},
       {"secret_key", write("empty", "\n")}},
      {"secret_key", scratch("empty")});
  refused(
      {{"authentication_realm", "r"},
       {"authenticators", "jwt"},
       {"secret_key", key},
       {"credentials", credentials}},
      {"credentials", "basic"});
  refused(
      {{"authentication_realm", "r"},
       {"secret_key", key},
       {"credentials", credentials}},
      {"secret_key", "jwt"});
  for (const char* list : {"", "digest", "basic,", "basic,basic", "Basic"}) {
    refused(
        {{"authentication_realm", "r"},
         {"authenticators", list},
         {"credentials", credentials}},
        {"authenticators"});
  }
}

}  // namespace


void testSymbols()
{
  group("symbols");

  for (const Known& known : MODULES) {
    const mesos::modules::ModuleBase* base = find(known.name);
    const std::string name = known.name;

    check(base->moduleApiVersion == std::string("2"), name + ": API version");
    check(base->mesosVersion == std::string(MESOS_VERSION), name + ": version");
    check(base->kind == std::string(known.kind), name + ": kind");
    check(
        base->authorName != nullptr && base->authorEmail != nullptr &&
            base->description != nullptr,
        name + ": Mesos refuses null strings");
  }
}


void testRefusals()
{
  group("refusals");

  // A configuration that is wrong, in modules of every kind.
  for (const Known& known : MODULES) {
    // All are created through the same pointer but for the type behind it.
    const std::string name = known.name;
    refuses<mesos::modules::Anonymous>(
        name, parameters({{"config", "/no/such.toml"}}), {"/no/such.toml"});
    refuses<mesos::modules::Anonymous>(
        name, parameters({{"config", ""}}), {"config"});
    refuses<mesos::modules::Anonymous>(
        name, parameters({{"config", "/no\n\x1b[2J"}}), {"/no"});
    refuses<mesos::modules::Anonymous>(
        name, parameters({{"confg", config()}}), {"'confg'", "config"});
    refuses<mesos::modules::Anonymous>(
        name,
        parameters({{"config", config()}, {"config", config()}}),
        {"config", "twice"});
  }

  const std::string unknown = write("unknown.toml", "[outptu]\n");
  refuses<mesos::Hook>(
      "org_mesos_audit_Hook",
      parameters({{"config", unknown}}),
      {unknown, "outptu"});

  const std::string unwritable =
      write("unwritable.toml", "[output]\npath = \"/proc/no/such\"\n");
  refuses<mesos::Hook>(
      "org_mesos_audit_Hook",
      parameters({{"config", unwritable}}),
      {"/proc/no/such"});
}


void testStart()
{
  group("start");

  check(
      create<mesos::modules::Anonymous>(
          "org_mesos_audit_Anonymous", parameters({{"config", config()}})) !=
          nullptr,
      "Anonymous");
  check(
      await(
          1,
          {"\"module_start\"",
           "org_mesos_audit_Anonymous",
           "\"parameters\":[\"config\"]"}) == 1,
      "recorded");

  // One pipeline per process, so one configuration.
  const std::string other = write("other.toml", "");
  refuses<mesos::Hook>(
      "org_mesos_audit_Hook", parameters({{"config", other}}), {other});

  const auto acls = [](const std::string& value, const std::string& part) {
    refuses<mesos::Authorizer>(
        "org_mesos_audit_Authorizer",
        parameters({{"acls", value}}),
        {"acls", part});
  };
  acls("/no/such", "/no/such");
  acls("file:///no/such", "/no/such");
  acls("{\"run_tasks\": [", "acls");
  acls("{\"run_tasks\": 7}", "acls");
  acls(write("acls", "[1]"), scratch("acls"));
  acls(write("odd-acls", "{\"run_tasks\": 7}"), scratch("odd-acls"));

  refuses<mesos::allocator::Allocator>(
      "org_mesos_audit_Allocator",
      parameters({{"role_sorter", "fair"}}),
      {"role_sorter", "'fair'", "drf"});
  refuses<mesos::allocator::Allocator>(
      "org_mesos_audit_Allocator",
      parameters({{"framework_sorter", "random"}}),
      {"framework_sorter", "random", "no such sorters"});

  testRefusedHttp("org_mesos_audit_HttpAuthenticator");
  testRefusedHttp("org_mesos_audit_HttpFrameworkAuthenticator");

  check(
      matching({"\"module_start\""}) == 1,
      "a refused module did not start and is not said to have");
}

}  // namespace driver
