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
}

impl Callback {
    /// Every callback.
    pub const ALL: [Self; 18] = [
        Self::ModuleStart,
        Self::SaslAuthentication,
        Self::HttpAuthentication,
        Self::Authorized,
        Self::Approved,
        Self::ApprovalSummary,
        Self::GetApprover,
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
            _ => None,
        }
    }

    /// What a hook's event is called.
    pub(super) const fn hook_action(self) -> Action {
        match self {
            Self::MasterLaunchTaskResources => Action::TaskLaunchAttempt,
            Self::MasterSlaveLost => Action::AgentLost,
            Self::SlaveExecutorEnvironment => Action::ExecutorLaunch,
            Self::SlavePreLaunchDocker => Action::DockerPrepare,
            Self::SlavePostFetch => Action::ContainerFetched,
            Self::SlaveTaskStatus => Action::TaskStatus,
            Self::SlaveRemoveExecutor => Action::ExecutorRemoved,
            Self::SlaveResources => Action::AgentResources,
            Self::SlaveAttributes => Action::AgentAttributes,
            _ => Action::TaskLaunch,
        }
    }
}

/// An index rather than a search: looked at on Mesos's threads, for every record.
const BY_NUMBER: [Option<Callback>; 32] = {
    let mut table = [None; 32];
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
