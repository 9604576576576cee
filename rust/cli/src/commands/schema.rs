//! `mesos-audit schema`.

use std::io::{self, Write};

use mesos_audit_core::event::AuditEvent;

use crate::report::Status;

pub(crate) fn run() -> io::Result<Status> {
    writeln!(io::stdout(), "{:#}", AuditEvent::json_schema())?;
    Ok(Status::Fine)
}
