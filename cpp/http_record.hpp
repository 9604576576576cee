// What of an HTTP request and of its authentication may be recorded.
//
// Requests carry secrets in their headers, queries and bodies, so this is a
// list of what is taken: nothing else leaves here.
#ifndef MESOS_AUDIT_HTTP_RECORD_HPP
#define MESOS_AUDIT_HTTP_RECORD_HPP

#include <string>

#include <process/authenticator.hpp>
#include <process/http.hpp>

#include "record.hpp"

namespace mesos_audit {

// `scheme` stands for the request's own where that does not name one. Returns
// the type of a v1 call, empty where there is none or it cannot be seen.
std::string write(
    Record& record,
    const process::http::Request& request,
    const std::string& scheme);

void write(
    Record& record,
    const process::http::authentication::AuthenticationResult& result);

// ASCII only, whatever the locale.
std::string lowerCase(std::string text);

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_HTTP_RECORD_HPP
