#include "guard.hpp"

#include "slice.hpp"

#ifdef MESOS_AUDIT_FAULT_INJECTION
#include <cstdlib>
#include <stdexcept>
#include <string>
#endif

namespace mesos_audit {

void caught(Callback callback, const char* what) noexcept
{
  fault(callback, slice(what));
}


#ifdef MESOS_AUDIT_FAULT_INJECTION
namespace {

const char* name(Callback callback)
{
  switch (callback) {
    case Callback::ModuleStart:
      return "ModuleStart";
    case Callback::SaslAuthentication:
      return "SaslAuthentication";
    case Callback::HttpAuthentication:
      return "HttpAuthentication";
    case Callback::Authorized:
      return "Authorized";
    case Callback::Approved:
      return "Approved";
    case Callback::ApprovalSummary:
      return "ApprovalSummary";
    case Callback::GetApprover:
      return "GetApprover";
    case Callback::MasterLaunchTaskResources:
      return "MasterLaunchTaskResources";
    case Callback::MasterLaunchTaskLabels:
      return "MasterLaunchTaskLabels";
    case Callback::MasterSlaveLost:
      return "MasterSlaveLost";
    case Callback::SlaveRunTaskLabels:
      return "SlaveRunTaskLabels";
    case Callback::SlaveExecutorEnvironment:
      return "SlaveExecutorEnvironment";
    case Callback::SlavePreLaunchDocker:
      return "SlavePreLaunchDocker";
    case Callback::SlavePostFetch:
      return "SlavePostFetch";
    case Callback::SlaveTaskStatus:
      return "SlaveTaskStatus";
    case Callback::SlaveRemoveExecutor:
      return "SlaveRemoveExecutor";
    case Callback::SlaveResources:
      return "SlaveResources";
    case Callback::SlaveAttributes:
      return "SlaveAttributes";
  }
  return "";
}

}  // namespace


void inject(Callback callback)
{
  const char* wanted = std::getenv("MESOS_AUDIT_FAULT");

  if (wanted != nullptr && std::string("throw:") + name(callback) == wanted) {
    throw std::runtime_error("injected fault");
  }
}
#endif  // MESOS_AUDIT_FAULT_INJECTION

}  // namespace mesos_audit
