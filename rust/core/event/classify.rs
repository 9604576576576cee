//! What kind of event an action is, in the words of ECS.

use super::{
    Action,
    ecs::{Category, EventType, Kind},
};

impl Action {
    /// ECS `event.kind`.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::AuditEventsDropped
            | Self::AuditSyncFailed
            | Self::AuditAnswerUnrecorded
            | Self::AuditCallbackFailed
            | Self::AuditRecordUnreadable
            | Self::AuditWorkerRestarted
            | Self::AuditConfigRefused => Kind::PipelineError,
            _ => Kind::Event,
        }
    }

    /// ECS `event.category`.
    #[must_use]
    pub const fn categories(self) -> &'static [Category] {
        match self {
            Self::Authentication
            | Self::AuthenticationRefused
            | Self::AuthenticationFailed
            | Self::AuthenticationTimedOut
            | Self::AuthenticationDiscarded
            | Self::AuthenticationDisabled => &[Category::Authentication],
            Self::Authorization
            | Self::AuthorizationSummary
            | Self::FrameworkRefused
            | Self::ApproverFailed
            | Self::MessageRateLimited
            | Self::SenderRefused => &[Category::Api],
            Self::ApiRequest => &[Category::Api, Category::Web],
            Self::AgentLost
            | Self::AgentResources
            | Self::AgentAttributes
            | Self::AgentRefused
            | Self::AgentAdded
            | Self::AgentUpdated
            | Self::AgentActivated
            | Self::AgentDeactivated
            | Self::AgentRemoved
            | Self::ResourceProviderAdded
            | Self::ResourcesRequested
            | Self::ResourcesOffered
            | Self::ResourcesAllocated
            | Self::ResourcesRecovered
            | Self::ResourcesHeld
            | Self::ResourcesUpdated
            | Self::InverseOfferSent
            | Self::InverseOfferUpdated => &[Category::Host],
            Self::MaintenanceUpdated => &[Category::Configuration, Category::Host],
            Self::ModuleStart
            | Self::CredentialsExposed
            | Self::HookFailed
            | Self::QuotaUpdated
            | Self::QuotaRecovered
            | Self::WeightsUpdated
            | Self::WhitelistUpdated
            | Self::AuditConfigChanged
            | Self::AuditConfigRefused => &[Category::Configuration],
            Self::AuditLogOpened | Self::AuditSeal => &[Category::File],
            _ => &[Category::Process],
        }
    }

    /// ECS `event.type` where it does not depend on what happened.
    #[must_use]
    pub const fn types(self) -> &'static [EventType] {
        match self {
            Self::Authentication
            | Self::TaskLaunchAttempt
            | Self::TaskLaunch
            | Self::ExecutorLaunch
            | Self::FrameworkAdded
            | Self::AgentAdded
            | Self::ModuleStart => &[EventType::Start],
            Self::ApiRequest | Self::AuthorizationSummary => &[EventType::Access],
            Self::ExecutorRemoved | Self::AgentLost | Self::FrameworkRemoved | Self::AgentRemoved => {
                &[EventType::End]
            }
            Self::FrameworkUpdated
            | Self::FrameworkActivated
            | Self::FrameworkDeactivated
            | Self::OffersSuppressed
            | Self::OffersRevived
            | Self::AgentUpdated
            | Self::AgentActivated
            | Self::AgentDeactivated
            | Self::ResourceProviderAdded
            | Self::ResourcesAllocated
            | Self::ResourcesRecovered
            | Self::ResourcesUpdated
            | Self::QuotaUpdated
            | Self::WeightsUpdated
            | Self::WhitelistUpdated
            | Self::MaintenanceUpdated
            | Self::AuditConfigChanged => &[EventType::Change],
            Self::AuditLogOpened => &[EventType::Creation],
            Self::AgentRefused
            | Self::FrameworkRefused
            | Self::AuthenticationRefused
            | Self::TaskRefused
            | Self::MessageRateLimited
            | Self::SenderRefused => &[EventType::Denied],
            Self::ErrorLogged
            | Self::AuthenticationFailed
            | Self::AuthenticationTimedOut
            | Self::AuthenticationDiscarded
            | Self::AuthenticationDisabled
            | Self::CredentialsExposed
            | Self::ApproverFailed
            | Self::HookFailed
            | Self::AuditEventsDropped
            | Self::AuditSyncFailed
            | Self::AuditAnswerUnrecorded
            | Self::AuditCallbackFailed
            | Self::AuditRecordUnreadable
            | Self::AuditWorkerRestarted
            | Self::AuditConfigRefused => &[EventType::Error],
            _ => &[EventType::Info],
        }
    }
}
