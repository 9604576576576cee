//! Panics, caught and told by their place. A panic's message is never kept: it can quote the data that it failed on.

use std::{
    any::Any,
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `f`; a panic becomes its description. What `f` touches must be whole for those who come after it.
pub(crate) fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(describe)
}

/// Panics with what [`caught`] has told of a panic on another thread, so that whoever catches it here is told the same.
pub(crate) fn again(place: String) -> ! {
    let _ = LAST_PANIC.try_with(|last| last.try_borrow_mut().map(|mut last| *last = Some(place)));
    // Without the hook, which would note this place.
    resume_unwind(Box::new(()))
}

fn describe(payload: Box<dyn Any + Send>) -> String {
    // Dropping a payload may panic again, and there may be nobody left to catch that.
    std::mem::forget(payload);
    let place = LAST_PANIC.try_with(|last| last.try_borrow_mut().ok()?.take()).ok().flatten();
    place.unwrap_or_else(|| "panic".to_owned())
}

/// Replaces the standard hook, which writes to stderr (a pipe that may be full) on whatever thread panics, be it one
/// of Mesos's. Only where it happened is kept. The hook is that of this library's own copy of the Rust runtime,
/// nobody else's.
#[cfg(feature = "module")]
pub(crate) fn remember_where() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("panic at {}:{}", at.file(), at.line()));
        let _ = LAST_PANIC.try_with(|last| last.try_borrow_mut().map(|mut last| *last = place));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_place_without_its_message() {
        assert_eq!(caught(|| 7), Ok(7));
        let said = caught::<()>(|| panic!("secret")).unwrap_err();
        assert!(said.starts_with("panic") && !said.contains("secret"), "{said}");
    }

    #[test]
    fn a_panic_of_another_thread_is_told_by_its_place() {
        assert_eq!(caught::<()>(|| again("panic at x.rs:1".to_owned())), Err("panic at x.rs:1".to_owned()));
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_survived() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert!(caught(|| std::panic::panic_any(Bomb)).is_err());
    }
}
