//! The places where a test makes the process die or a call fail. Nothing at all in a program.

use std::io;

/// Marks a place.
///
/// # Errors
/// Those that a test asks for.
#[cfg(not(test))]
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "tests make it fail")]
pub(super) fn step(_: &'static str) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) use under_test::{fail_at, step};

#[cfg(test)]
mod under_test {
    use std::{cell::Cell, process::Command, thread, time::Duration};

    use super::io;

    thread_local! {
        static FAIL: Cell<Option<(&'static str, i32)>> = const { Cell::new(None) };
    }

    /// Lets the place fail on this thread with that `errno`, until told otherwise.
    pub(in super::super) fn fail_at(fault: Option<(&'static str, i32)>) {
        FAIL.set(fault);
    }

    /// Kills the whole process at the place that the environment names: no destructor, no buffer flushed.
    pub(in super::super) fn step(place: &'static str) -> io::Result<()> {
        if std::env::var("MESOS_AUDIT_TEST_KILL_AT").is_ok_and(|name| name == place) {
            Command::new("kill").args(["-9", &std::process::id().to_string()]).status().unwrap();
            thread::sleep(Duration::from_secs(60));
        }
        match FAIL.get() {
            Some((name, errno)) if name == place => Err(io::Error::from_raw_os_error(errno)),
            _ => Ok(()),
        }
    }
}
