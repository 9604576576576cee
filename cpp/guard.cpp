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
    case Callback::LogLine:
      return "LogLine";
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
    case Callback::AllocatorRecover:
      return "AllocatorRecover";
    case Callback::AllocatorAddFramework:
      return "AllocatorAddFramework";
    case Callback::AllocatorRemoveFramework:
      return "AllocatorRemoveFramework";
    case Callback::AllocatorActivateFramework:
      return "AllocatorActivateFramework";
    case Callback::AllocatorDeactivateFramework:
      return "AllocatorDeactivateFramework";
    case Callback::AllocatorUpdateFramework:
      return "AllocatorUpdateFramework";
    case Callback::AllocatorAddSlave:
      return "AllocatorAddSlave";
    case Callback::AllocatorRemoveSlave:
      return "AllocatorRemoveSlave";
    case Callback::AllocatorUpdateSlave:
      return "AllocatorUpdateSlave";
    case Callback::AllocatorAddResourceProvider:
      return "AllocatorAddResourceProvider";
    case Callback::AllocatorActivateSlave:
      return "AllocatorActivateSlave";
    case Callback::AllocatorDeactivateSlave:
      return "AllocatorDeactivateSlave";
    case Callback::AllocatorUpdateWhitelist:
      return "AllocatorUpdateWhitelist";
    case Callback::AllocatorRequestResources:
      return "AllocatorRequestResources";
    case Callback::AllocatorUpdateAllocation:
      return "AllocatorUpdateAllocation";
    case Callback::AllocatorUpdateAvailable:
      return "AllocatorUpdateAvailable";
    case Callback::AllocatorUpdateUnavailability:
      return "AllocatorUpdateUnavailability";
    case Callback::AllocatorUpdateInverseOffer:
      return "AllocatorUpdateInverseOffer";
    case Callback::AllocatorTransition:
      return "AllocatorTransition";
    case Callback::AllocatorRecoverResources:
      return "AllocatorRecoverResources";
    case Callback::AllocatorSuppressOffers:
      return "AllocatorSuppressOffers";
    case Callback::AllocatorReviveOffers:
      return "AllocatorReviveOffers";
    case Callback::AllocatorUpdateQuota:
      return "AllocatorUpdateQuota";
    case Callback::AllocatorUpdateWeights:
      return "AllocatorUpdateWeights";
    case Callback::AllocatorOffer:
      return "AllocatorOffer";
    case Callback::AllocatorInverseOffer:
      return "AllocatorInverseOffer";
    case Callback::AllocatorUsed:
      return "AllocatorUsed";
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
