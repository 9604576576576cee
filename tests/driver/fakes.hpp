// Stand-ins for what the module wraps. The program's symbols are found before
// Mesos's, so the module gets these when it asks Mesos for an authorizer or an
// authenticator; a test says what they answer.
#ifndef MESOS_AUDIT_DRIVER_FAKES_HPP
#define MESOS_AUDIT_DRIVER_FAKES_HPP

#include <functional>
#include <memory>
#include <string>

#include <mesos/authentication/authenticator.hpp>
#include <mesos/authorizer/authorizer.hpp>

#include <process/authenticator.hpp>

#include "check.hpp"

namespace driver {

typedef std::shared_ptr<const mesos::ObjectApprover> SharedApprover;


struct FakeAuthorizer : mesos::Authorizer
{
  process::Future<bool> authorized(
      const mesos::authorization::Request&) override
  {
    return onAuthorized();
  }

  process::Future<SharedApprover> getApprover(
      const Option<mesos::authorization::Subject>&,
      const mesos::authorization::Action&) override
  {
    return onGetApprover();
  }

  std::function<process::Future<bool>()> onAuthorized;
  std::function<process::Future<SharedApprover>()> onGetApprover;
};


struct FakeApprover : mesos::ObjectApprover
{
  explicit FakeApprover(std::function<Try<bool>()> _answer) : answer(_answer) {}

  Try<bool> approved(const Option<Object>&) const noexcept override
  {
    return answer();
  }

  const std::function<Try<bool>()> answer;
};


struct FakeAuthenticator : mesos::Authenticator
{
  Try<Nothing> initialize(const Option<mesos::Credentials>&) override
  {
    return onInitialize();
  }

  process::Future<Option<std::string>> authenticate(
      const process::UPID&) override
  {
    return onAuthenticate();
  }

  std::function<Try<Nothing>()> onInitialize;
  std::function<process::Future<Option<std::string>>()> onAuthenticate;
};


struct FakeHttpAuthenticator : process::http::authentication::Authenticator
{
  process::Future<process::http::authentication::AuthenticationResult>
  authenticate(const process::http::Request&) override
  {
    return onAuthenticate();
  }

  std::string scheme() const override { return "Fake"; }

  std::function<
      process::Future<process::http::authentication::AuthenticationResult>()>
      onAuthenticate;
};


// Mesos discards a future of the module's, whose inner one is that of
// `promise`: which hears of it, and decides what comes of it.
template <typename T>
void checkDiscard(process::Future<T>* future, process::Promise<T>* promise)
{
  check(future->discard() && future->hasDiscard(), "Mesos discards");
  check(promise->future().hasDiscard(), "the discard reaches the inner one");
  check(future->isPending(), "which decides what comes of it");
  promise->discard();
  check(future->isDiscarded(), "discarded");
}


// What the module's next `create` gets; null: Mesos's own. Whoever gets it owns
// it.
extern FakeAuthorizer* nextAuthorizer;
extern FakeAuthenticator* nextAuthenticator;
extern FakeHttpAuthenticator* nextHttpAuthenticator;


// A peer of libprocess, such as "scheduler@127.0.0.1:1".
class Peer
{
public:
  explicit Peer(const std::string& text);
  ~Peer();

  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  const process::UPID& pid() const;

private:
  alignas(8) unsigned char storage[sizeof(process::UPID)];
};


// Starts libprocess, which Mesos's own authorizers and authenticators run on.
void startLibprocess();

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_FAKES_HPP
