#include "http_record.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include <netinet/in.h>

#include <process/address.hpp>

#include "slice.hpp"

using process::http::authentication::AuthenticationResult;

namespace mesos_audit {
namespace {

constexpr std::string_view SCHEMES[] = {
    "basic", "bearer", "digest", "negotiate", "ntlm"};

// Tokens of Mesos's own making name framework, executor and container. Other
// claims are the token's owner's.
constexpr std::string_view CLAIMS[] = {"fid", "eid", "cid"};


char lower(char c)
{
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}


bool equal(std::string_view left, std::string_view right)
{
  if (left.size() != right.size()) {
    return false;
  }
  for (size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) {
      return false;
    }
  }
  return true;
}


// The scheme of an Authorization header. Of the known ones only: a client that
// leaves the scheme out puts its secret in the scheme's place.
std::string_view schemeOf(std::string_view authorization)
{
  const std::string_view word =
      authorization.substr(0, authorization.find(' '));

  for (std::string_view scheme : SCHEMES) {
    if (equal(word, scheme)) {
      return scheme;
    }
  }
  return "other";
}


template <typename A>
void address(Record& record, const A& bytes, uint16_t port)
{
  record.bytes(
      Field::ClientIp,
      std::string_view(reinterpret_cast<const char*>(&bytes), sizeof(bytes)));
  record.number(Field::ClientPort, port);
}


void write(Record& record, const process::network::Address& client)
{
  client.visit(
      [&](const process::network::unix::Address&) {
        record.number(Field::UnixSocket, 1);
      },
      [&](const process::network::inet4::Address& inet) {
        address(record, inet.ip.in().get(), inet.port);
      },
      [&](const process::network::inet6::Address& inet) {
        address(record, inet.ip.in6().get(), inet.port);
      });
}


void write(
    Record& record, const process::http::authentication::Principal& principal)
{
  if (principal.value.isSome()) {
    record.bytes(Field::Principal, principal.value.get());
  }

  // schema/authorizer.proto:
  //   Claims { repeated Claim labels = 1 { key = 1; value = 2; } }
  record.nested(Field::Claims, [&]() {
    for (const auto& claim : principal.claims) {
      for (std::string_view known : CLAIMS) {
        if (claim.first == known) {
          record.nested(1, [&]() {
            record.bytes(1, claim.first);
            record.bytes(2, claim.second);
          });
        }
      }
    }
  });
}

}  // namespace


std::string write(
    Record& record,
    const process::http::Request& request,
    const std::string& scheme)
{
  record.bytes(Field::Method, request.method);
  record.bytes(Field::Path, request.url.path);

  for (const auto& pair : request.url.query) {
    record.bytes(Field::QueryKey, pair.first);
  }

  if (request.client.isSome()) {
    write(record, request.client.get());
  }

  std::string_view asked = scheme;
  std::string_view contentType;
  for (const auto& header : request.headers) {
    if (equal(header.first, "User-Agent")) {
      record.bytes(Field::UserAgent, header.second);
    } else if (equal(header.first, "X-Forwarded-For")) {
      record.bytes(Field::ForwardedFor, header.second);
    } else if (equal(header.first, "Authorization")) {
      asked = schemeOf(header.second);
    } else if (equal(header.first, "Content-Type")) {
      contentType = header.second;
    }
  }
  record.bytes(Field::Scheme, asked);

  // A body that is still on its way (the agent's v1 API) is its handler's.
  if (request.type != process::http::Request::BODY || request.body.empty()) {
    return std::string();
  }
  const std::string type(call_type(
      slice(request.url.path), slice(contentType), slice(request.body)));
  if (!type.empty()) {
    record.bytes(Field::CallType, type);
  }
  return type;
}


void write(Record& record, const AuthenticationResult& result)
{
  const int set = int{result.principal.isSome()} +
                  int{result.unauthorized.isSome()} +
                  int{result.forbidden.isSome()};

  if (set != 1) {
    // libprocess answers such a request with an error.
    record.verdict(Verdict::Error);
    record.bytes(Field::Reason, "not exactly one result");
  } else if (result.principal.isSome()) {
    record.verdict(Verdict::Allowed);
    write(record, result.principal.get());
  } else if (result.unauthorized.isSome()) {
    record.verdict(Verdict::Denied);
  } else {
    record.verdict(Verdict::Forbidden);
  }
}


std::string lowerCase(std::string text)
{
  for (char& c : text) {
    c = lower(c);
  }
  return text;
}

}  // namespace mesos_audit
