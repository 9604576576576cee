//! What an event can be about.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `event.action`: what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Somebody proved who they are, or failed to: SASL or HTTP.
    Authentication,
    /// The authorizer decided.
    Authorization,
    /// Decisions of one approver that were counted instead of recorded one by one; written when Mesos is done
    /// with the approver.
    AuthorizationSummary,
    /// A request reached an authenticated HTTP endpoint.
    ApiRequest,
    /// Events that the policy has counted instead of recording them one by one (`mesos.counted`).
    EventsCounted,
    /// A framework asked for a task, before Mesos authorized or validated it. The only event of a launch that
    /// is denied later.
    TaskLaunchAttempt,
    /// A task's launch: on the master accepted and about to be sent, on the agent received.
    TaskLaunch,
    /// An agent starts a new executor.
    ExecutorLaunch,
    /// An agent prepares a Docker container.
    DockerPrepare,
    /// An agent has fetched what a container needs (also when it needs nothing).
    ContainerFetched,
    /// An agent learnt a task's new state.
    TaskStatus,
    /// An agent removed an executor.
    ExecutorRemoved,
    /// The master removed an agent, or marked it unreachable.
    AgentLost,
    /// An agent starts with these resources.
    AgentResources,
    /// An agent starts with these attributes.
    AgentAttributes,
    /// The allocator learnt of a framework: it subscribed, or its agents brought it back after a failover.
    FrameworkAdded,
    /// A framework's roles or other properties changed, or it subscribed again.
    FrameworkUpdated,
    /// A framework gets offers from now on: it is connected.
    FrameworkActivated,
    /// A framework gets no more offers: it is disconnected.
    FrameworkDeactivated,
    /// A framework is gone for good: torn down, or not back in time.
    FrameworkRemoved,
    /// A framework wants no offers for some or all of its roles.
    OffersSuppressed,
    /// A framework wants offers again, also of what it refused.
    OffersRevived,
    /// An agent's resources are there: it registered, or came back.
    AgentAdded,
    /// An agent's resources or properties changed.
    AgentUpdated,
    /// An agent's resources are offered from now on.
    AgentActivated,
    /// An agent's resources are not offered any more: it is disconnected, drained or deactivated.
    AgentDeactivated,
    /// An agent's resources are gone.
    AgentRemoved,
    /// A resource provider brought an agent more resources.
    ResourceProviderAdded,
    /// A framework said which resources it would like (Mesos's own allocator ignores it).
    ResourcesRequested,
    /// The allocator offers an agent's resources to a framework: one event per agent and role.
    ResourcesOffered,
    /// Offered resources of an agent were taken for tasks or executors.
    ResourcesAllocated,
    /// Resources came back from a framework: declined, rescinded, or of a task that ended.
    ResourcesRecovered,
    /// What a framework already holds on an agent when one of them is added: after a failover, mostly.
    ResourcesHeld,
    /// An operation changed what an agent's resources are: reserved or not, a volume or not. Of an operator's, `event.outcome` says whether the allocator could.
    ResourcesUpdated,
    /// A role's quota was set or removed.
    QuotaUpdated,
    /// A role has a quota since before this master: it was read from the registry.
    QuotaRecovered,
    /// A role's weight was set, by an operator or, as the master starts, by its registry.
    WeightsUpdated,
    /// The list of the agents that may be used was read or changed (`--whitelist`).
    WhitelistUpdated,
    /// An agent's planned maintenance was set or cancelled.
    MaintenanceUpdated,
    /// The allocator asks a framework to leave an agent whose maintenance is planned.
    InverseOfferSent,
    /// An inverse offer was answered, rescinded, or timed out.
    InverseOfferUpdated,
    /// Mesos made one of the modules.
    ModuleStart,
    /// Mesos logged a warning, an error or its own end (`log.level`); what it is about is not recognised.
    ErrorLogged,
    /// The master logged that it does not let an agent register: it is not authenticated, not authorized, or gone.
    AgentRefused,
    /// The master logged that it does not let a framework subscribe: it is not authorized, or not valid.
    FrameworkRefused,
    /// Mesos logged wrong credentials (SASL).
    AuthenticationRefused,
    /// Mesos logged that an authentication went wrong, without an answer.
    AuthenticationFailed,
    /// Mesos logged that an authentication took too long. The line does not say whose: `authentication_discarded` does.
    AuthenticationTimedOut,
    /// The master logged that an authentication was given up: it took too long, or was begun anew.
    AuthenticationDiscarded,
    /// The master logged that it runs without authentication, because its authenticator does not work.
    AuthenticationDisabled,
    /// Mesos logged that everybody can read a file that holds secrets.
    CredentialsExposed,
    /// Mesos logged that an authorizer failed, or was asked for something that it does not know; it counts as a denial.
    ApproverFailed,
    /// The agent logged that it does not run a task, or a task group, because it is not authorized.
    TaskRefused,
    /// The master logged that it dropped a framework's message: there were too many.
    MessageRateLimited,
    /// Mesos logged a message that is not from whom it should be, and ignored it.
    SenderRefused,
    /// Mesos logged that a hook of some module failed.
    HookFailed,
    /// mesos-audit opened its output. The first event of a process run, and of every file.
    AuditLogOpened,
    /// The records since the last seal are bound to it by a key that no longer exists.
    AuditSeal,
    /// How much was recorded and how much was lost: at intervals, before a file ends, and at the end of the run.
    AuditLedger,
    /// Events were lost, how many and why.
    AuditEventsDropped,
    /// What was written could not be brought to the disk: it may be lost if the machine fails.
    AuditSyncFailed,
    /// Decisions were given, or denied, because their records were not on disk in time.
    AuditAnswerUnrecorded,
    /// A callback failed inside mesos-audit. Mesos was not affected.
    AuditCallbackFailed,
    /// A callback's data could not be read.
    AuditRecordUnreadable,
    /// The thread that writes the log panicked and went on. What it had in its hands is told as dropped, reason `panic`.
    AuditWorkerRestarted,
    /// The configuration's file has changed: another policy holds, or keys differ that need a restart.
    AuditConfigChanged,
    /// The configuration's file has changed and cannot be used. What held before goes on.
    AuditConfigRefused,
}

impl Action {
    /// Every action, in the order of the documentation.
    pub const ALL: [Self; 67] = [
        Self::Authentication,
        Self::Authorization,
        Self::AuthorizationSummary,
        Self::ApiRequest,
        Self::EventsCounted,
        Self::TaskLaunchAttempt,
        Self::TaskLaunch,
        Self::ExecutorLaunch,
        Self::DockerPrepare,
        Self::ContainerFetched,
        Self::TaskStatus,
        Self::ExecutorRemoved,
        Self::AgentLost,
        Self::AgentResources,
        Self::AgentAttributes,
        Self::FrameworkAdded,
        Self::FrameworkUpdated,
        Self::FrameworkActivated,
        Self::FrameworkDeactivated,
        Self::FrameworkRemoved,
        Self::OffersSuppressed,
        Self::OffersRevived,
        Self::AgentAdded,
        Self::AgentUpdated,
        Self::AgentActivated,
        Self::AgentDeactivated,
        Self::AgentRemoved,
        Self::ResourceProviderAdded,
        Self::ResourcesRequested,
        Self::ResourcesOffered,
        Self::ResourcesAllocated,
        Self::ResourcesRecovered,
        Self::ResourcesHeld,
        Self::ResourcesUpdated,
        Self::QuotaUpdated,
        Self::QuotaRecovered,
        Self::WeightsUpdated,
        Self::WhitelistUpdated,
        Self::MaintenanceUpdated,
        Self::InverseOfferSent,
        Self::InverseOfferUpdated,
        Self::ModuleStart,
        Self::ErrorLogged,
        Self::AgentRefused,
        Self::FrameworkRefused,
        Self::AuthenticationRefused,
        Self::AuthenticationFailed,
        Self::AuthenticationTimedOut,
        Self::AuthenticationDiscarded,
        Self::AuthenticationDisabled,
        Self::CredentialsExposed,
        Self::ApproverFailed,
        Self::TaskRefused,
        Self::MessageRateLimited,
        Self::SenderRefused,
        Self::HookFailed,
        Self::AuditLogOpened,
        Self::AuditSeal,
        Self::AuditLedger,
        Self::AuditEventsDropped,
        Self::AuditSyncFailed,
        Self::AuditAnswerUnrecorded,
        Self::AuditCallbackFailed,
        Self::AuditRecordUnreadable,
        Self::AuditWorkerRestarted,
        Self::AuditConfigChanged,
        Self::AuditConfigRefused,
    ];

    /// The name as written to events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Authorization => "authorization",
            Self::AuthorizationSummary => "authorization_summary",
            Self::ApiRequest => "api_request",
            Self::EventsCounted => "events_counted",
            Self::TaskLaunchAttempt => "task_launch_attempt",
            Self::TaskLaunch => "task_launch",
            Self::ExecutorLaunch => "executor_launch",
            Self::DockerPrepare => "docker_prepare",
            Self::ContainerFetched => "container_fetched",
            Self::TaskStatus => "task_status",
            Self::ExecutorRemoved => "executor_removed",
            Self::AgentLost => "agent_lost",
            Self::AgentResources => "agent_resources",
            Self::AgentAttributes => "agent_attributes",
            Self::FrameworkAdded => "framework_added",
            Self::FrameworkUpdated => "framework_updated",
            Self::FrameworkActivated => "framework_activated",
            Self::FrameworkDeactivated => "framework_deactivated",
            Self::FrameworkRemoved => "framework_removed",
            Self::OffersSuppressed => "offers_suppressed",
            Self::OffersRevived => "offers_revived",
            Self::AgentAdded => "agent_added",
            Self::AgentUpdated => "agent_updated",
            Self::AgentActivated => "agent_activated",
            Self::AgentDeactivated => "agent_deactivated",
            Self::AgentRemoved => "agent_removed",
            Self::ResourceProviderAdded => "resource_provider_added",
            Self::ResourcesRequested => "resources_requested",
            Self::ResourcesOffered => "resources_offered",
            Self::ResourcesAllocated => "resources_allocated",
            Self::ResourcesRecovered => "resources_recovered",
            Self::ResourcesHeld => "resources_held",
            Self::ResourcesUpdated => "resources_updated",
            Self::QuotaUpdated => "quota_updated",
            Self::QuotaRecovered => "quota_recovered",
            Self::WeightsUpdated => "weights_updated",
            Self::WhitelistUpdated => "whitelist_updated",
            Self::MaintenanceUpdated => "maintenance_updated",
            Self::InverseOfferSent => "inverse_offer_sent",
            Self::InverseOfferUpdated => "inverse_offer_updated",
            Self::ModuleStart => "module_start",
            Self::ErrorLogged => "error_logged",
            Self::AgentRefused => "agent_refused",
            Self::FrameworkRefused => "framework_refused",
            Self::AuthenticationRefused => "authentication_refused",
            Self::AuthenticationFailed => "authentication_failed",
            Self::AuthenticationTimedOut => "authentication_timed_out",
            Self::AuthenticationDiscarded => "authentication_discarded",
            Self::AuthenticationDisabled => "authentication_disabled",
            Self::CredentialsExposed => "credentials_exposed",
            Self::ApproverFailed => "approver_failed",
            Self::TaskRefused => "task_refused",
            Self::MessageRateLimited => "message_rate_limited",
            Self::SenderRefused => "sender_refused",
            Self::HookFailed => "hook_failed",
            Self::AuditLogOpened => "audit_log_opened",
            Self::AuditSeal => "audit_seal",
            Self::AuditLedger => "audit_ledger",
            Self::AuditEventsDropped => "audit_events_dropped",
            Self::AuditSyncFailed => "audit_sync_failed",
            Self::AuditAnswerUnrecorded => "audit_answer_unrecorded",
            Self::AuditCallbackFailed => "audit_callback_failed",
            Self::AuditRecordUnreadable => "audit_record_unreadable",
            Self::AuditWorkerRestarted => "audit_worker_restarted",
            Self::AuditConfigChanged => "audit_config_changed",
            Self::AuditConfigRefused => "audit_config_refused",
        }
    }

    /// Whether it tells decisions of the authorizer.
    #[must_use]
    pub const fn is_decision(self) -> bool {
        matches!(self, Self::Authorization | Self::AuthorizationSummary)
    }

    /// Whether it tells of Mesos, and counts as recorded; the others tell of mesos-audit itself. A record that could not
    /// be read is of Mesos still.
    #[must_use]
    pub const fn is_of_mesos(self) -> bool {
        !matches!(
            self,
            Self::AuditLogOpened
                | Self::AuditSeal
                | Self::AuditLedger
                | Self::AuditEventsDropped
                | Self::AuditSyncFailed
                | Self::AuditAnswerUnrecorded
                | Self::AuditCallbackFailed
                | Self::AuditWorkerRestarted
                | Self::AuditConfigChanged
                | Self::AuditConfigRefused
        )
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|action| action.name() == text)
            .ok_or_else(|| format!("`{text}` is no event action"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_serde_writes_and_reads() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.name());
            assert_eq!(action.name().parse::<Action>().unwrap(), action);
        }
        assert!("no_such_action".parse::<Action>().is_err());
    }
}
