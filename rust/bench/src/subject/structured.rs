//! tracing with tracing-appender, as its documentation sets it up; lossless, as an audit trail must be.

use std::path::Path;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use crate::event::Event;

/// Keeps the writing thread alive.
#[derive(Debug)]
pub struct Tracing {
    _worker: WorkerGuard,
}

impl Tracing {
    /// Makes it the process's subscriber.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let file = tracing_appender::rolling::never(folder, "events.log");
        let (writer, worker) = NonBlockingBuilder::default().lossy(false).finish(file);
        tracing_subscriber::fmt().json().flatten_event(true).with_writer(writer).init();
        Self { _worker: worker }
    }
}

/// One event. It stamps the time itself.
#[inline]
pub(super) fn emit(event: &Event) {
    tracing::info!(
        host = event.host,
        service = event.service,
        principal = event.principal,
        action = event.action,
        decision = event.decision,
        duration_ns = event.duration_ns,
        framework_id = event.framework_id,
        framework = event.framework,
        user = event.user,
        role = event.role,
        task_id = event.task_id,
        task = event.task,
        agent_id = event.agent_id,
        executor_id = event.executor_id,
        cpus = event.cpus,
        mem = event.mem,
    );
}
