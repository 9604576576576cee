// What Mesos looks for in the library: one symbol per module, named as
// operators write it into their flags.

#include <mesos/module/allocator.hpp>
#include <mesos/module/anonymous.hpp>
#include <mesos/module/authenticator.hpp>
#include <mesos/module/authorizer.hpp>
#include <mesos/module/hook.hpp>
#include <mesos/module/http_authenticator.hpp>
#include <mesos/version.hpp>

#include "allocator.hpp"
#include "anonymous.hpp"
#include "authenticator.hpp"
#include "authorizer.hpp"
#include "hook.hpp"
#include "http_authenticator.hpp"

#define EXPORT __attribute__((visibility("default")))

namespace {

const char AUTHOR[] = "mesos-audit";
const char CONTACT[] = "https://github.com/mesos-audit/mesos-audit";


// No function for compatibility: with or without one, Mesos 1.x accepts exactly
// its own version.
template <typename T>
mesos::modules::Module<T> module(
    const char* description, T* (*create)(const mesos::Parameters&))
{
  return mesos::modules::Module<T>(
      MESOS_MODULE_API_VERSION,
      MESOS_VERSION,
      AUTHOR,
      CONTACT,
      description,
      nullptr,
      create);
}

}  // namespace


EXPORT mesos::modules::Module<mesos::modules::Anonymous>
    org_mesos_audit_Anonymous = module(
        "Starts the audit trail, and records errors from Mesos's own log.",
        mesos_audit::Anonymous::create);


EXPORT mesos::modules::Module<mesos::allocator::Allocator>
    org_mesos_audit_Allocator = module(
        "Records what is offered, allocated, reserved and limited.",
        mesos_audit::Allocator::create);


EXPORT mesos::modules::Module<mesos::Hook> org_mesos_audit_Hook = module(
    "Records task launches, statuses, executors and lost agents.",
    mesos_audit::Hook::create);


EXPORT mesos::modules::Module<mesos::Authorizer> org_mesos_audit_Authorizer =
    module(
        "Records the decisions of the local authorizer.",
        mesos_audit::Authorizer::create);


EXPORT mesos::modules::Module<mesos::Authenticator>
    org_mesos_audit_Authenticator = module(
        "Records authentications of frameworks and agents (CRAM-MD5).",
        mesos_audit::Authenticator::create);


EXPORT
mesos::modules::Module<process::http::authentication::Authenticator>
    org_mesos_audit_HttpAuthenticator = module(
        "Records HTTP requests and their authentication (basic, JWT).",
        mesos_audit::HttpAuthenticator::create);


EXPORT
mesos::modules::Module<process::http::authentication::Authenticator>
    org_mesos_audit_HttpFrameworkAuthenticator = module(
        "Records frameworks' HTTP requests and their authentication.",
        mesos_audit::HttpAuthenticator::createForFrameworks);
