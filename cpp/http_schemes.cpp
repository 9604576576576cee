#include "http_schemes.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <mesos/authentication/http/basic_authenticator_factory.hpp>
#include <mesos/authentication/http/combined_authenticator.hpp>

#include <process/owned.hpp>

#include <stout/try.hpp>

#include "startup.hpp"

using process::http::authentication::Authenticator;

namespace mesos_audit {
namespace {

std::unique_ptr<Authenticator> createBasic(
    const Parameters& given, const std::string& realm)
{
  const std::string path = given.require(
      "credentials", "the path of the file with principals and secrets");

  // Mesos takes the credentials themselves as a parameter, and prints all
  // parameters in its log and at /flags. Hence a path, read here.
  const std::string credentials = read("credentials", path, read_credentials);

  mesos::Parameters parameters;
  assign(
      &parameters,
      {{"authentication_realm", realm}, {"credentials", credentials}});

  Try<Authenticator*> authenticator =
      mesos::http::authentication::BasicAuthenticatorFactory::create(
          parameters);
  if (authenticator.isError()) {
    // Mesos's text may quote what it could not read, which would be a secret.
    throw std::runtime_error(
        "parameter 'credentials': Mesos does not accept the credentials in " +
        path);
  }
  return std::unique_ptr<Authenticator>(authenticator.get());
}


std::unique_ptr<Authenticator> createJwt(
    const Parameters& given, const std::string& realm)
{
  const std::string path = given.require(
      "secret_key", "the path of the file with the key that signs the tokens");

#ifdef USE_SSL_SOCKET
  return std::make_unique<process::http::authentication::JWTAuthenticator>(
      realm, read("secret_key", path, read_secret));
#else
  throw std::runtime_error(
      "parameter 'authenticators': this module was built for a Mesos without "
      "SSL, which has no 'jwt'");
#endif
}


// Splits at commas, and takes spaces around them.
std::vector<std::string> split(std::string_view list)
{
  std::vector<std::string> names;
  while (true) {
    const size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    while (!name.empty() && name.front() == ' ') {
      name.remove_prefix(1);
    }
    while (!name.empty() && name.back() == ' ') {
      name.remove_suffix(1);
    }
    names.emplace_back(name);

    if (comma == std::string_view::npos) {
      return names;
    }
    list.remove_prefix(comma + 1);
  }
}

}  // namespace


std::unique_ptr<Authenticator> createSchemes(
    const Parameters& given, const std::string& realm)
{
  const Option<std::string> wanted = given.get("authenticators");

  std::vector<std::unique_ptr<Authenticator>> authenticators;
  bool basic = false;
  bool jwt = false;
  for (const std::string& name :
       split(wanted.isSome() ? wanted.get() : "basic")) {
    if (name == "basic" && !basic) {
      basic = true;
      authenticators.push_back(createBasic(given, realm));
    } else if (name == "jwt" && !jwt) {
      jwt = true;
      authenticators.push_back(createJwt(given, realm));
    } else {
      throw std::runtime_error(
          "parameter 'authenticators': '" + name +
          "' is not one of basic, jwt, or is there twice");
    }
  }

  // A key that nothing reads is a misunderstanding.
  if (given.get("credentials").isSome() && !basic) {
    throw std::runtime_error(
        "parameter 'credentials' is of no use without the authenticator basic");
  }
  if (given.get("secret_key").isSome() && !jwt) {
    throw std::runtime_error(
        "parameter 'secret_key' is of no use without the authenticator jwt");
  }

  if (authenticators.size() == 1) {
    return std::move(authenticators.front());
  }

  std::vector<process::Owned<Authenticator>> owned;
  for (std::unique_ptr<Authenticator>& authenticator : authenticators) {
    owned.push_back(process::Owned<Authenticator>(authenticator.release()));
  }
  return std::make_unique<mesos::http::authentication::CombinedAuthenticator>(
      realm, std::move(owned));
}

}  // namespace mesos_audit
