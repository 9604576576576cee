//! Where panics stop. A panic that reached C++ would end the master.

use std::{
    any::Any,
    cell::RefCell,
    panic::{self, AssertUnwindSafe, catch_unwind},
};

use crate::error::Error;

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `f`; a panic becomes its description.
pub(super) fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    // What `f` touches is either consumed by the failed call or guarded by the pipeline's own rules for
    // panics (atomics, poison-tolerant locks).
    catch_unwind(AssertUnwindSafe(f)).map_err(describe)
}

/// The same for a function that can fail: a panic is an error like any other.
pub(super) fn fallible<T>(f: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    caught(f).unwrap_or_else(|panic| Err(Error::new(format!("internal error: {panic}"))))
}

fn describe(payload: Box<dyn Any + Send>) -> String {
    // Dropping a payload may panic again, and this is the last stop.
    std::mem::forget(payload);
    let place = LAST_PANIC.try_with(|last| last.try_borrow_mut().ok()?.take()).ok().flatten();
    place.unwrap_or_else(|| "panic".to_owned())
}

/// Replaces the standard hook, which writes to stderr (a pipe that may be full) on whatever thread panics:
/// here a thread of Mesos's. Only where it happened is kept: a panic's message can quote the data that it
/// failed on. The hook is that of this library's own copy of the Rust runtime, nobody else's.
pub(super) fn remember_where() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("panic at {}:{}", at.file(), at.line()));
        let _ = LAST_PANIC.try_with(|last| last.try_borrow_mut().map(|mut last| *last = place));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_without_its_message() {
        assert_eq!(caught(|| 7), Ok(7));
        let error = fallible::<()>(|| panic!("secret")).unwrap_err().to_string();
        assert!(error.starts_with("internal error: panic") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_survived() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert!(caught(|| panic::panic_any(Bomb)).is_err());
    }
}
