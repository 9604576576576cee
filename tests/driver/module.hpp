// The library under test, opened as Mesos opens it.
#ifndef MESOS_AUDIT_DRIVER_MODULE_HPP
#define MESOS_AUDIT_DRIVER_MODULE_HPP

#include <memory>
#include <string>

#include <mesos/module/allocator.hpp>
#include <mesos/module/anonymous.hpp>
#include <mesos/module/authenticator.hpp>
#include <mesos/module/authorizer.hpp>
#include <mesos/module/hook.hpp>
#include <mesos/module/http_authenticator.hpp>

namespace driver {

typedef process::http::authentication::Authenticator HttpAuthenticator;

// Ends the program if the library or one of its modules cannot be found.
void open(const std::string& path);

mesos::modules::ModuleBase* find(const std::string& name);


template <typename T>
mesos::modules::Module<T>& module(const std::string& name)
{
  return *static_cast<mesos::modules::Module<T>*>(find(name));
}


template <typename T>
std::unique_ptr<T> create(
    const std::string& name, const mesos::Parameters& parameters)
{
  return std::unique_ptr<T>(module<T>(name).create(parameters));
}

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_MODULE_HPP
