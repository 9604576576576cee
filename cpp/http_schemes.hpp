// Makes the authenticators that an HTTP module wraps.
#ifndef MESOS_AUDIT_HTTP_SCHEMES_HPP
#define MESOS_AUDIT_HTTP_SCHEMES_HPP

#include <memory>
#include <string>

#include <process/authenticator.hpp>

#include "parameters.hpp"

namespace mesos_audit {

// As the parameter `authenticators` says. Throws what is missing or wrong.
std::unique_ptr<process::http::authentication::Authenticator> createSchemes(
    const Parameters& given, const std::string& realm);

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_HTTP_SCHEMES_HPP
