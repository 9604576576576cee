//! What is shown in which colour. Only the terminal's own 16 colours: they are legible on its background.

use anstyle::{AnsiColor, Style};
use mesos_audit_core::event::Action;

const fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(color)))
}

pub(super) const QUIET: Style = Style::new().dimmed();
pub(super) const TIME: Style = QUIET;
pub(super) const SERVICE: Style = Style::new();
pub(super) const WHO: Style = Style::new().bold();
pub(super) const WHY: Style = color(AnsiColor::Yellow);

pub(super) const IDENTITY: Style = color(AnsiColor::Cyan);
pub(super) const DECISION: Style = color(AnsiColor::Magenta);
pub(super) const REQUEST: Style = color(AnsiColor::BrightBlue);
pub(super) const WORK: Style = color(AnsiColor::Green);
pub(super) const CLUSTER: Style = color(AnsiColor::Yellow);
pub(super) const OWN: Style = QUIET;
pub(super) const FAULT: Style = color(AnsiColor::Red).bold();
pub(super) const OTHER: Style = Style::new();

pub(super) const GOOD: Style = color(AnsiColor::Green);
pub(super) const BAD: Style = color(AnsiColor::Red).bold();
pub(super) const UNSURE: Style = color(AnsiColor::Yellow).bold();

pub(super) const fn action(action: Action) -> Style {
    match action {
        Action::Authentication => IDENTITY,
        Action::Authorization | Action::AuthorizationSummary => DECISION,
        Action::EventsCounted => OTHER,
        Action::ApiRequest => REQUEST,
        Action::TaskLaunchAttempt
        | Action::TaskLaunch
        | Action::ExecutorLaunch
        | Action::DockerPrepare
        | Action::ContainerFetched
        | Action::TaskStatus
        | Action::ExecutorRemoved => WORK,
        Action::AgentLost
        | Action::AgentResources
        | Action::AgentAttributes
        | Action::FrameworkAdded
        | Action::FrameworkUpdated
        | Action::FrameworkActivated
        | Action::FrameworkDeactivated
        | Action::FrameworkRemoved
        | Action::OffersSuppressed
        | Action::OffersRevived
        | Action::AgentAdded
        | Action::AgentUpdated
        | Action::AgentActivated
        | Action::AgentDeactivated
        | Action::AgentRemoved
        | Action::ResourceProviderAdded
        | Action::ResourcesRequested
        | Action::ResourcesOffered
        | Action::ResourcesAllocated
        | Action::ResourcesRecovered
        | Action::ResourcesHeld
        | Action::ResourcesUpdated
        | Action::QuotaUpdated
        | Action::QuotaRecovered
        | Action::WeightsUpdated
        | Action::WhitelistUpdated
        | Action::MaintenanceUpdated
        | Action::InverseOfferSent
        | Action::InverseOfferUpdated => CLUSTER,
        Action::ModuleStart
        | Action::AuditLogOpened
        | Action::AuditSeal
        | Action::AuditLedger
        | Action::AuditConfigChanged => OWN,
        Action::AgentRefused
        | Action::FrameworkRefused
        | Action::AuthenticationRefused
        | Action::AuthenticationFailed
        | Action::AuthenticationTimedOut
        | Action::AuthenticationDiscarded
        | Action::AuthenticationDisabled
        | Action::CredentialsExposed
        | Action::ApproverFailed
        | Action::TaskRefused
        | Action::MessageRateLimited
        | Action::SenderRefused
        | Action::HookFailed
        | Action::ErrorLogged => BAD,
        Action::AuditEventsDropped
        | Action::AuditSyncFailed
        | Action::AuditAnswerUnrecorded
        | Action::AuditCallbackFailed
        | Action::AuditRecordUnreadable
        | Action::AuditWorkerRestarted
        | Action::AuditConfigRefused => FAULT,
    }
}

pub(super) fn verdict(word: &str) -> Style {
    match word {
        "allowed" | "success" => GOOD,
        "denied" | "failure" | "forbidden" => BAD,
        _ => UNSURE,
    }
}

/// A task's state, by Mesos's name.
pub(super) fn state(name: &str) -> Style {
    match name {
        "TASK_FINISHED" | "TASK_RUNNING" => GOOD,
        "TASK_STAGING" | "TASK_STARTING" => Style::new(),
        "TASK_FAILED" | "TASK_ERROR" | "TASK_LOST" | "TASK_DROPPED" | "TASK_GONE" => BAD,
        _ => UNSURE,
    }
}
