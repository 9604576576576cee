// HTTP: Mesos's own authenticators behind the module's, and requests of every
// kind that a client can make.

#include <cstdint>
#include <memory>
#include <string>

#include <arpa/inet.h>

#include "check.hpp"
#include "module.hpp"
#include "tests.hpp"
#include "trail.hpp"
#include "wire.hpp"

using process::Future;
using process::http::Request;
using process::http::authentication::AuthenticationResult;

// Headers must be hashed as the host hashes them, or it does not find them:
// this is the host's own operator[] of its map.
std::string&
header(process::http::Headers* headers, const std::string& key) asm(
    "_ZNSt8__detail9_Map_baseINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIc"
    "EEESt4pairIKS6_S6_ESaIS9_ENS_10_Select1stEN7process4http20CaseInsensitiveE"
    "qualENSD_19CaseInsensitiveHashENS_18_Mod_range_hashingENS_20_Default_range"
    "d_hashENS_20_Prime_rehash_policyENS_17_Hashtable_traitsILb1ELb0ELb1EEELb1E"
    "EixERS8_");


namespace driver {
namespace {

const char NAME[] = "org_mesos_audit_HttpAuthenticator";
const char FRAMEWORK_NAME[] = "org_mesos_audit_HttpFrameworkAuthenticator";

// {"alg":"HS256","typ":"JWT"} . {"fid":"framework-5","x":"CANARY-claim"},
// signed with the key "jwt-key".
const char TOKEN[] =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJmaWQiOiJmcmFtZXdvcmstNSIsIngiOiJDQU5BUlktY2xhaW0ifQ."
    "XQH6Ko_hR2GNFYtCguQaiO5_UKXHFQnYdI38seMSNAg";


process::network::inet4::Address inet4(const char* text, uint16_t port)
{
  in_addr address;
  ::inet_pton(AF_INET, text, &address);
  return process::network::inet4::Address(net::IP(address), port);
}


process::network::inet6::Address inet6(const char* text, uint16_t port)
{
  in6_addr address;
  ::inet_pton(AF_INET6, text, &address);
  return process::network::inet6::Address(net::IP(address), port);
}


enum Expected
{
  PRINCIPAL,
  UNAUTHORIZED,
};


void answers(
    HttpAuthenticator& authenticator,
    const Request& request,
    Expected expected,
    const std::string& what)
{
  const Future<AuthenticationResult> future =
      authenticator.authenticate(request);
  const AuthenticationResult& result = future.get();

  check(
      result.principal.isSome() == (expected == PRINCIPAL) &&
          result.unauthorized.isSome() == (expected == UNAUTHORIZED) &&
          result.forbidden.isNone(),
      what + ": result");
  check(
      await(
          1,
          {"\"api_request\"",
           "\"path\":\"" + request.url.path + "\"",
           expected == PRINCIPAL ? "\"success\"" : "\"failure\""}) == 1,
      what + ": recorded once");
}


void testBasic(HttpAuthenticator& basic)
{
  check(basic.scheme() == "Basic", "scheme");

  // "alice:wonder" and "alice:CANARY".
  const std::string good = "Basic YWxpY2U6d29uZGVy";
  const std::string bad = "Basic YWxpY2U6Q0FOQVJZ";

  answers(basic, request("/anonymous"), UNAUTHORIZED, "no header");
  check(
      matching({"/anonymous", "\"scheme\":\"basic\""}) >= 1,
      "the module's scheme where the request has none");
  answers(basic, request("/good", good), PRINCIPAL, "good");
  answers(basic, request("/bad", bad), UNAUTHORIZED, "bad");
  answers(basic, request("/bare", "CANARY-token"), UNAUTHORIZED, "no scheme");
  answers(basic, request("/word", "CANARY token"), UNAUTHORIZED, "odd scheme");
  check(matching({"/word", "\"scheme\":\"other\""}) >= 1, "which is not kept");
  answers(basic, request("/bearer", "BEARER CANARY"), UNAUTHORIZED, "bearer");
  check(matching({"/bearer", "\"scheme\":\"bearer\""}) >= 1, "bearer's scheme");

  Request full = request("/full", good);
  full.method = "POST";
  full.client = process::network::Address(inet4("192.0.2.7", 4242));
  full.url.query["name"] = "CANARY-value";
  header(&full.headers, "user-agent") = "agent/1";
  header(&full.headers, "X-FORWARDED-FOR") = "198.51.100.9";
  header(&full.headers, "Cookie") = "CANARY-cookie";
  header(&full.headers, "Mesos-Stream-Id") = "CANARY-stream";
  answers(basic, full, PRINCIPAL, "everything");
  check(
      matching(
          {"\"api_request\"",
           "/full",
           "POST",
           "192.0.2.7",
           "4242",
           "agent/1",
           "\"name\":\"alice\""}) == 1,
      "what was asked, by whom, from where");
  check(matching({"/full", "name", "realm-1"}) >= 1, "query's key and realm");

  Request six = request("/inet6", good);
  six.client = process::network::Address(inet6("2001:db8::7", 1));
  answers(basic, six, PRINCIPAL, "IPv6 client");
  check(matching({"/inet6", "2001:db8::7"}) >= 1, "its address");

  Request local = request("/unix", good);
  local.client = process::network::Address(process::network::unix::Address());
  answers(basic, local, PRINCIPAL, "client on a Unix domain socket");

  Request call = request("/api/v1", good);
  call.body = "{\"type\":\"GET_STATE\"}";
  header(&call.headers, "Content-Type") = "application/json";
  answers(basic, call, PRINCIPAL, "v1 call");
  check(matching({"/api/v1", "GET_STATE"}) == 1, "its type");

  Request piped = request("/master/api/v1", good);
  piped.type = Request::PIPE;
  piped.body = "{\"type\":\"PIPED\"}";
  header(&piped.headers, "Content-Type") = "application/json";
  answers(basic, piped, PRINCIPAL, "v1 call in a pipe");
  check(matching({"PIPED"}) == 0, "whose body is not looked at");

  Request hostile = request("/hostile", good);
  hostile.method = HOSTILE;
  hostile.url.query[HOSTILE] = HOSTILE;
  header(&hostile.headers, "User-Agent") = HOSTILE;
  hostile.body = HOSTILE;
  answers(basic, hostile, PRINCIPAL, "hostile");
}

}  // namespace


Request request(const std::string& path, const std::string& authorization)
{
  Request result{};
  result.method = "GET";
  result.url.path = path;
  result.type = Request::BODY;
  if (!authorization.empty()) {
    header(&result.headers, "Authorization") = authorization;
  }
  return result;
}


void testHttp()
{
  group("HTTP");

  const std::string credentials = write(
      "credentials.json",
      "{\"credentials\":[{\"principal\":\"alice\",\"secret\":\"wonder\"}]}");
  const std::string key = write("jwt-key", "jwt-key");

  const auto basic = create<HttpAuthenticator>(
      NAME,
      parameters(
          {{"authentication_realm", "realm-1"}, {"credentials", credentials}}));
  if (check(basic != nullptr, "basic created")) {
    testBasic(*basic);
  }

  const std::string token = std::string("Bearer ") + TOKEN;
  const auto jwt = create<HttpAuthenticator>(
      NAME,
      parameters(
          {{"authentication_realm", "realm-2"},
           {"authenticators", "jwt"},
           {"secret_key", key}}));
  if (check(jwt != nullptr, "jwt created")) {
    check(jwt->scheme() == "Bearer", "jwt's scheme");
    answers(*jwt, request("/jwt-none"), UNAUTHORIZED, "no token");
    answers(*jwt, request("/jwt-bad", "Bearer a.b.c"), UNAUTHORIZED, "no JWT");
    answers(*jwt, request("/jwt-good", token), PRINCIPAL, "good token");
    check(
        matching({"\"authentication\"", "/jwt-good", "framework-5"}) == 1,
        "with the claims that name things");
  }

  const auto both = create<HttpAuthenticator>(
      FRAMEWORK_NAME,
      parameters(
          {{"authentication_realm", "realm-3"},
           {"authenticators", "basic, jwt"},
           {"credentials", credentials},
           {"secret_key", key}}));
  if (check(both != nullptr, "both created")) {
    answers(*both, request("/both-none"), UNAUTHORIZED, "neither");
    answers(*both, request("/both-jwt", token), PRINCIPAL, "second of two");
    answers(
        *both,
        request("/both-basic", "Basic YWxpY2U6d29uZGVy"),
        PRINCIPAL,
        "first of two");
  }

  checkNowhere("CANARY");
  checkNowhere("wonder");
  checkNowhere(TOKEN);
}

}  // namespace driver
