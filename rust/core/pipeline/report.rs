//! What mesos-audit tells about itself, as events.

use super::ledger::{self, FaultKind, Ledger};
use crate::{
    config::Loaded,
    event::{
        Action, Draft, ecs,
        integrity::Chain,
        mesos::{Audit, Config, Dropped, Fault, LogFile, PolicyState, SyncFailures, Unrecorded},
    },
    telemetry,
};

fn own(action: Action, audit: Audit<'static>) -> Draft<'static> {
    let mut draft = Draft::new(action);
    draft.mesos.audit = Some(Box::new(audit));
    draft
}

/// The first event of a run.
pub(super) fn opened(loaded: &Loaded, policy: PolicyState<'static>, chain: Option<Chain>) -> Draft<'static> {
    let config = Config {
        path: loaded.path.as_ref().map(|path| path.display().to_string().into()),
        sha256: loaded.sha256.clone().into(),
    };
    header(Some(config), "start", None, policy, chain)
}

/// The first event of another file.
pub(super) fn turned(
    reason: &'static str,
    previous: Option<String>,
    policy: PolicyState<'static>,
    chain: Option<Chain>,
) -> Draft<'static> {
    header(None, reason, previous, policy, chain)
}

fn header(
    config: Option<Config<'static>>,
    reason: &'static str,
    previous: Option<String>,
    policy: PolicyState<'static>,
    chain: Option<Chain>,
) -> Draft<'static> {
    let file = LogFile { reason: reason.into(), previous: previous.map(Into::into) };
    let version = Some(env!("CARGO_PKG_VERSION").into());
    let policy = Some(policy);
    own(
        Action::AuditLogOpened,
        Audit { version, config, file: Some(file), policy, chain, ..Audit::default() },
    )
}

/// Records that were lost.
pub(super) fn dropped(count: u64, reason: &'static str) -> Draft<'static> {
    telemetry::EventsDropped { count, reason }.emit();
    let dropped = Dropped { count, reason: reason.into() };
    own(Action::AuditEventsDropped, Audit { dropped: Some(dropped), ..Audit::default() })
}

/// Syncs that failed.
pub(super) fn sync_failed(count: u64) -> Draft<'static> {
    let failures = SyncFailures { count };
    own(Action::AuditSyncFailed, Audit { sync_failures: Some(failures), ..Audit::default() })
}

/// What was recorded and lost so far.
pub(super) fn ledger(told: crate::event::health::Ledger<'static>) -> Draft<'static> {
    own(Action::AuditLedger, Audit { ledger: Some(told), ..Audit::default() })
}

/// Panics of the worker, and where the last one was.
pub(super) fn restarted((count, place): &(u64, String)) -> Draft<'static> {
    telemetry::WorkerRestarted { count: *count, place }.emit();
    let fault = Fault { kind: FaultKind::Panic.name().into(), count: *count };
    let mut draft = own(Action::AuditWorkerRestarted, Audit { fault: Some(fault), ..Audit::default() });
    draft.error = Some(ecs::Error { message: place.clone().into() });
    draft
}

/// Callbacks that failed, and answers that no record on disk stands behind, since the last time.
pub(super) fn faults(ledger: &Ledger, mut tell: impl FnMut(Draft<'static>)) {
    for fault in ledger.take_faults() {
        tell(failed(fault));
    }
    for (count, answer) in ledger.take_unrecorded().into_iter().zip(["allowed", "denied"]) {
        if count > 0 {
            let unrecorded = Unrecorded { count, answer: answer.into() };
            let audit = Audit { unrecorded: Some(unrecorded), ..Audit::default() };
            tell(own(Action::AuditAnswerUnrecorded, audit));
        }
    }
}

fn failed(fault: ledger::Fault) -> Draft<'static> {
    let kind = fault.kind.name();
    telemetry::CallbackFailed { callback: fault.callback.method(), kind, detail: &fault.detail }.emit();
    let told = Fault { kind: kind.into(), count: fault.count };
    let mut draft = own(Action::AuditCallbackFailed, Audit { fault: Some(told), ..Audit::default() });
    draft.mesos.callback = Some(fault.callback.method().into());
    draft.mesos.component = fault.callback.component();
    draft.error = Some(ecs::Error { message: fault.detail.into() });
    draft
}
