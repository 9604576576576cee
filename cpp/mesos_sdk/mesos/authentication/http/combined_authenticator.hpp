// Describes mesos/authentication/http/combined_authenticator.hpp.
#ifndef MESOS_SDK_MESOS_AUTHENTICATION_HTTP_COMBINED_AUTHENTICATOR_HPP
#define MESOS_SDK_MESOS_AUTHENTICATION_HTTP_COMBINED_AUTHENTICATOR_HPP

#include <string>
#include <vector>

#include <process/authenticator.hpp>
#include <process/owned.hpp>

namespace mesos {
namespace http {
namespace authentication {

// Asks one after the other; the first principal wins.
class CombinedAuthenticator
    : public process::http::authentication::Authenticator
{
public:
  CombinedAuthenticator(
      const std::string& realm,
      std::vector<
          process::Owned<process::http::authentication::Authenticator>>&&
          authenticators);

  ~CombinedAuthenticator() override;

  process::Future<process::http::authentication::AuthenticationResult>
  authenticate(const process::http::Request& request) override;

  std::string scheme() const override;

private:
  // A process::Owned and a hashset of the schemes' names.
  alignas(8) unsigned char storage[72];
};

}  // namespace authentication
}  // namespace http
}  // namespace mesos

#endif  // MESOS_SDK_MESOS_AUTHENTICATION_HTTP_COMBINED_AUTHENTICATOR_HPP
