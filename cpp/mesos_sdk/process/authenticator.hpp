// Describes process/authenticator.hpp.
#ifndef MESOS_SDK_PROCESS_AUTHENTICATOR_HPP
#define MESOS_SDK_PROCESS_AUTHENTICATOR_HPP

#include <memory>
#include <string>

#include <process/future.hpp>
#include <process/http.hpp>

#include <stout/hashmap.hpp>
#include <stout/option.hpp>

namespace process {
namespace http {
namespace authentication {

struct Principal
{
  Principal() = delete;

  Option<std::string> value;
  hashmap<std::string, std::string> claims;
};


// Exactly one of the three is set, or libprocess refuses the result.
struct AuthenticationResult
{
  Option<Principal> principal;
  Option<Unauthorized> unauthorized;
  Option<Forbidden> forbidden;
};


class Authenticator
{
public:
  virtual ~Authenticator() {}

  virtual Future<AuthenticationResult> authenticate(const Request& request) = 0;

  virtual std::string scheme() const = 0;
};


// Exists in a host that was configured with SSL.
class JWTAuthenticator : public Authenticator
{
public:
  JWTAuthenticator(const std::string& realm, const std::string& secret);

  ~JWTAuthenticator() override;

  Future<AuthenticationResult> authenticate(const Request& request) override;

  std::string scheme() const override;

private:
  std::shared_ptr<void> process;
};

}  // namespace authentication
}  // namespace http
}  // namespace process

#endif  // MESOS_SDK_PROCESS_AUTHENTICATOR_HPP
