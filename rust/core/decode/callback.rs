//! Which method Mesos called.

use std::fmt;

use crate::event::{Action, mesos::Component};

/// A callback that hands over records. The numbers are those of the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Callback {
    ModuleStart = 1,
    SaslAuthentication = 2,
    HttpAuthentication = 3,
    Authorized = 4,
    Approved = 5,
    ApprovalSummary = 6,
    GetApprover = 7,
    LogLine = 8,
    MasterLaunchTaskResources = 10,
    MasterLaunchTaskLabels = 11,
    MasterSlaveLost = 12,
    SlaveRunTaskLabels = 13,
    SlaveExecutorEnvironment = 14,
    SlavePreLaunchDocker = 15,
    SlavePostFetch = 16,
    SlaveTaskStatus = 17,
    SlaveRemoveExecutor = 18,
    SlaveResources = 19,
    SlaveAttributes = 20,
    AllocatorRecover = 40,
    AllocatorAddFramework = 41,
    AllocatorRemoveFramework = 42,
    AllocatorActivateFramework = 43,
    AllocatorDeactivateFramework = 44,
    AllocatorUpdateFramework = 45,
    AllocatorAddSlave = 46,
    AllocatorRemoveSlave = 47,
    AllocatorUpdateSlave = 48,
    AllocatorAddResourceProvider = 49,
    AllocatorActivateSlave = 50,
    AllocatorDeactivateSlave = 51,
    AllocatorUpdateWhitelist = 52,
    AllocatorRequestResources = 53,
    AllocatorUpdateAllocation = 54,
    AllocatorUpdateAvailable = 55,
    AllocatorUpdateUnavailability = 56,
    AllocatorUpdateInverseOffer = 57,
    AllocatorTransition = 58,
    AllocatorRecoverResources = 59,
    AllocatorSuppressOffers = 60,
    AllocatorReviveOffers = 61,
    AllocatorUpdateQuota = 62,
    AllocatorUpdateWeights = 63,
    AllocatorOffer = 64,
    AllocatorInverseOffer = 65,
    AllocatorUsed = 66,
}

impl Callback {
    /// Every callback.
    pub const ALL: [Self; 46] = [
        Self::ModuleStart,
        Self::SaslAuthentication,
        Self::HttpAuthentication,
        Self::Authorized,
        Self::Approved,
        Self::ApprovalSummary,
        Self::GetApprover,
        Self::LogLine,
        Self::MasterLaunchTaskResources,
        Self::MasterLaunchTaskLabels,
        Self::MasterSlaveLost,
        Self::SlaveRunTaskLabels,
        Self::SlaveExecutorEnvironment,
        Self::SlavePreLaunchDocker,
        Self::SlavePostFetch,
        Self::SlaveTaskStatus,
        Self::SlaveRemoveExecutor,
        Self::SlaveResources,
        Self::SlaveAttributes,
        Self::AllocatorRecover,
        Self::AllocatorAddFramework,
        Self::AllocatorRemoveFramework,
        Self::AllocatorActivateFramework,
        Self::AllocatorDeactivateFramework,
        Self::AllocatorUpdateFramework,
        Self::AllocatorAddSlave,
        Self::AllocatorRemoveSlave,
        Self::AllocatorUpdateSlave,
        Self::AllocatorAddResourceProvider,
        Self::AllocatorActivateSlave,
        Self::AllocatorDeactivateSlave,
        Self::AllocatorUpdateWhitelist,
        Self::AllocatorRequestResources,
        Self::AllocatorUpdateAllocation,
        Self::AllocatorUpdateAvailable,
        Self::AllocatorUpdateUnavailability,
        Self::AllocatorUpdateInverseOffer,
        Self::AllocatorTransition,
        Self::AllocatorRecoverResources,
        Self::AllocatorSuppressOffers,
        Self::AllocatorReviveOffers,
        Self::AllocatorUpdateQuota,
        Self::AllocatorUpdateWeights,
        Self::AllocatorOffer,
        Self::AllocatorInverseOffer,
        Self::AllocatorUsed,
    ];

    /// The callback of that number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        BY_NUMBER.get(usize::from(number)).copied().flatten()
    }

    /// The C++ method, for `mesos.callback`.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::ModuleStart => "Module::create",
            Self::SaslAuthentication => "Authenticator::authenticate",
            Self::HttpAuthentication => "http::Authenticator::authenticate",
            Self::Authorized => "Authorizer::authorized",
            Self::Approved | Self::ApprovalSummary => "ObjectApprover::approved",
            Self::GetApprover => "Authorizer::getApprover",
            Self::LogLine => "google::LogSink::send",
            Self::MasterLaunchTaskResources => "Hook::masterLaunchTaskResourceDecorator",
            Self::MasterLaunchTaskLabels => "Hook::masterLaunchTaskLabelDecorator",
            Self::MasterSlaveLost => "Hook::masterSlaveLostHook",
            Self::SlaveRunTaskLabels => "Hook::slaveRunTaskLabelDecorator",
            Self::SlaveExecutorEnvironment => "Hook::slaveExecutorEnvironmentDecorator",
            Self::SlavePreLaunchDocker => "Hook::slavePreLaunchDockerTaskExecutorDecorator",
            Self::SlavePostFetch => "Hook::slavePostFetchHook",
            Self::SlaveTaskStatus => "Hook::slaveTaskStatusDecorator",
            Self::SlaveRemoveExecutor => "Hook::slaveRemoveExecutorHook",
            Self::SlaveResources => "Hook::slaveResourcesDecorator",
            Self::SlaveAttributes => "Hook::slaveAttributesDecorator",
            Self::AllocatorRecover => "Allocator::recover",
            Self::AllocatorAddFramework => "Allocator::addFramework",
            Self::AllocatorRemoveFramework => "Allocator::removeFramework",
            Self::AllocatorActivateFramework => "Allocator::activateFramework",
            Self::AllocatorDeactivateFramework => "Allocator::deactivateFramework",
            Self::AllocatorUpdateFramework => "Allocator::updateFramework",
            Self::AllocatorAddSlave => "Allocator::addSlave",
            Self::AllocatorRemoveSlave => "Allocator::removeSlave",
            Self::AllocatorUpdateSlave => "Allocator::updateSlave",
            Self::AllocatorAddResourceProvider => "Allocator::addResourceProvider",
            Self::AllocatorActivateSlave => "Allocator::activateSlave",
            Self::AllocatorDeactivateSlave => "Allocator::deactivateSlave",
            Self::AllocatorUpdateWhitelist => "Allocator::updateWhitelist",
            Self::AllocatorRequestResources => "Allocator::requestResources",
            Self::AllocatorUpdateAllocation => "Allocator::updateAllocation",
            Self::AllocatorUpdateAvailable => "Allocator::updateAvailable",
            Self::AllocatorUpdateUnavailability => "Allocator::updateUnavailability",
            Self::AllocatorUpdateInverseOffer => "Allocator::updateInverseOffer",
            Self::AllocatorTransition => "Allocator::transitionOfferedToAllocated",
            Self::AllocatorRecoverResources => "Allocator::recoverResources",
            Self::AllocatorSuppressOffers => "Allocator::suppressOffers",
            Self::AllocatorReviveOffers => "Allocator::reviveOffers",
            Self::AllocatorUpdateQuota => "Allocator::updateQuota",
            Self::AllocatorUpdateWeights => "Allocator::updateWeights",
            Self::AllocatorOffer => "Allocator::offerCallback",
            Self::AllocatorInverseOffer => "Allocator::inverseOfferCallback",
            Self::AllocatorUsed => "Allocator::used",
        }
    }

    /// Whether it is the master or the agent that calls it: hooks say so, the others are called by both.
    #[must_use]
    pub const fn component(self) -> Option<Component> {
        match self {
            Self::MasterLaunchTaskResources | Self::MasterLaunchTaskLabels | Self::MasterSlaveLost => {
                Some(Component::Master)
            }
            // Only the master has SASL authenticators; the agent is the one who logs in.
            Self::SaslAuthentication => Some(Component::Master),
            Self::SlaveRunTaskLabels
            | Self::SlaveExecutorEnvironment
            | Self::SlavePreLaunchDocker
            | Self::SlavePostFetch
            | Self::SlaveTaskStatus
            | Self::SlaveRemoveExecutor
            | Self::SlaveResources
            | Self::SlaveAttributes => Some(Component::Agent),
            _ if self.is_of_allocator() => Some(Component::Master),
            _ => None,
        }
    }

    /// Whether it is one of the allocator, which only the master has.
    pub(super) const fn is_of_allocator(self) -> bool {
        matches!(self as u8, 40..=66)
    }

    /// The one `event.action` of what a hook or the allocator tells; none for the others, whose events may have several, or
    /// are decided on by more than that.
    pub const fn only_action(self) -> Option<Action> {
        match self {
            Self::ModuleStart
            | Self::SaslAuthentication
            | Self::HttpAuthentication
            | Self::Authorized
            | Self::Approved
            | Self::ApprovalSummary
            | Self::GetApprover
            | Self::LogLine => None,
            _ => Some(self.action()),
        }
    }

    /// What the event of a hook, of the allocator, or of the authorizer is called.
    pub(super) const fn action(self) -> Action {
        match self {
            Self::Authorized | Self::Approved | Self::GetApprover => Action::Authorization,
            Self::ApprovalSummary => Action::AuthorizationSummary,
            Self::MasterLaunchTaskResources => Action::TaskLaunchAttempt,
            Self::MasterSlaveLost => Action::AgentLost,
            Self::SlaveExecutorEnvironment => Action::ExecutorLaunch,
            Self::SlavePreLaunchDocker => Action::DockerPrepare,
            Self::SlavePostFetch => Action::ContainerFetched,
            Self::SlaveTaskStatus => Action::TaskStatus,
            Self::SlaveRemoveExecutor => Action::ExecutorRemoved,
            Self::SlaveResources => Action::AgentResources,
            Self::SlaveAttributes => Action::AgentAttributes,
            Self::AllocatorRecover => Action::QuotaRecovered,
            Self::AllocatorAddFramework => Action::FrameworkAdded,
            Self::AllocatorRemoveFramework => Action::FrameworkRemoved,
            Self::AllocatorActivateFramework => Action::FrameworkActivated,
            Self::AllocatorDeactivateFramework => Action::FrameworkDeactivated,
            Self::AllocatorUpdateFramework => Action::FrameworkUpdated,
            Self::AllocatorAddSlave => Action::AgentAdded,
            Self::AllocatorRemoveSlave => Action::AgentRemoved,
            Self::AllocatorUpdateSlave => Action::AgentUpdated,
            Self::AllocatorAddResourceProvider => Action::ResourceProviderAdded,
            Self::AllocatorActivateSlave => Action::AgentActivated,
            Self::AllocatorDeactivateSlave => Action::AgentDeactivated,
            Self::AllocatorUpdateWhitelist => Action::WhitelistUpdated,
            Self::AllocatorRequestResources => Action::ResourcesRequested,
            Self::AllocatorUpdateAllocation | Self::AllocatorUpdateAvailable => Action::ResourcesUpdated,
            Self::AllocatorUpdateUnavailability => Action::MaintenanceUpdated,
            Self::AllocatorUpdateInverseOffer => Action::InverseOfferUpdated,
            Self::AllocatorTransition => Action::ResourcesAllocated,
            Self::AllocatorRecoverResources => Action::ResourcesRecovered,
            Self::AllocatorSuppressOffers => Action::OffersSuppressed,
            Self::AllocatorReviveOffers => Action::OffersRevived,
            Self::AllocatorUpdateQuota => Action::QuotaUpdated,
            Self::AllocatorUpdateWeights => Action::WeightsUpdated,
            Self::AllocatorOffer => Action::ResourcesOffered,
            Self::AllocatorInverseOffer => Action::InverseOfferSent,
            Self::AllocatorUsed => Action::ResourcesHeld,
            _ => Action::TaskLaunch,
        }
    }
}

/// An index rather than a search: looked at on Mesos's threads, for every record.
const BY_NUMBER: [Option<Callback>; 128] = {
    let mut table = [None; 128];
    let mut index = 0;
    while index < Callback::ALL.len() {
        let callback = Callback::ALL[index];
        // A number that does not fit is an error when this is compiled.
        table[callback as usize] = Some(callback);
        index += 1;
    }
    table
};

impl fmt::Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method())
    }
}
