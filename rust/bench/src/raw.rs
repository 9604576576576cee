//! The one file with `unsafe`: the processor's clock, and peers in C++.

use std::{
    ffi::{CString, c_char},
    fmt::Display,
    path::Path,
};

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};

use crate::event::Event;

/// The time stamp counter, read when everything before it is done.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn ticks() -> u64 {
    use core::arch::x86_64::{__rdtscp, _mm_lfence};
    let mut processor = 0;
    // SAFETY: every x86-64 processor that can run this has RDTSCP, and it writes to `processor` only.
    let ticks = unsafe { __rdtscp(&raw mut processor) };
    // SAFETY: SSE2 is part of x86-64. What is timed must not begin before the clock was read.
    unsafe { _mm_lfence() };
    ticks
}

/// Nanoseconds, where there is no such counter.
#[cfg(not(target_arch = "x86_64"))]
pub fn ticks() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// `Text` of peers/peer.hpp.
#[repr(C)]
struct Text {
    data: *const u8,
    size: usize,
}

impl Text {
    fn of(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), size: bytes.len() }
    }
}

type Open = unsafe extern "C" fn(*const c_char, *const c_char, *const Text, usize) -> i32;
type Emit = unsafe extern "C" fn(i64, u64, f64, f64);
type Select = unsafe extern "C" fn(i32);
type Flush = unsafe extern "C" fn();

/// A peer of `peers/`: a library with the functions of peers/peer.hpp.
#[derive(Clone, Copy, Debug)]
pub struct Foreign {
    emit: Emit,
    select: Option<Select>,
    flush: Option<Flush>,
}

impl Foreign {
    /// Loads the library and has it open its output in `folder`.
    ///
    /// # Errors
    /// It cannot be loaded, or says that it cannot start.
    pub fn open(library: &Path, folder: &Path, settings: &str, event: &Event) -> Result<Self, String> {
        let wrong = |error: &dyn Display| format!("{}: {error}", library.display());
        // Global, as the audit module finds Mesos's symbols in what the peer is linked against.
        // SAFETY: the initialisers are those of the C++ libraries that the peers wrap.
        let loaded = unsafe { Library::open(Some(library), RTLD_NOW | RTLD_GLOBAL) };
        // Never unloaded: the peers leave threads behind.
        let loaded = Box::leak(Box::new(loaded.map_err(|error| wrong(&error))?));
        // SAFETY: peers/peer.hpp declares it so.
        let open: Symbol<Open> = unsafe { loaded.get(b"peer_open\0") }.map_err(|error| wrong(&error))?;
        // SAFETY: as above.
        let emit: Symbol<Emit> = unsafe { loaded.get(b"peer_emit\0") }.map_err(|error| wrong(&error))?;
        // SAFETY: as above; only the module has it.
        let select: Option<Symbol<Select>> = unsafe { loaded.get(b"peer_select\0") }.ok();
        // SAFETY: as above; only spdlog has it.
        let flush: Option<Symbol<Flush>> = unsafe { loaded.get(b"peer_flush\0") }.ok();

        let folder = CString::new(folder.as_os_str().as_encoded_bytes()).map_err(|error| wrong(&error))?;
        let settings = CString::new(settings).map_err(|error| wrong(&error))?;
        let messages = [event.subject(), event.task_info(), event.framework_info()];
        let texts = event.texts();
        let texts = texts.iter().map(|text| text.as_bytes()).chain(messages.iter().map(Vec::as_slice));
        let texts: Vec<_> = texts.map(Text::of).collect();
        // SAFETY: the strings end with NUL, and everything outlives the call, which copies what it keeps.
        let status = unsafe { open(folder.as_ptr(), settings.as_ptr(), texts.as_ptr(), texts.len()) };
        if status != 0 {
            return Err(wrong(&format_args!("cannot start: status {status}")));
        }
        Ok(Self { emit: *emit, select: select.map(|select| *select), flush: flush.map(|flush| *flush) })
    }

    /// Emits one event: the one that it was opened with, at that time.
    #[inline]
    pub fn emit(&self, event: &Event) {
        // SAFETY: may be called on any thread once `peer_open` has succeeded.
        unsafe { (self.emit)(event.timestamp, event.duration_ns, event.cpus, event.mem) };
    }

    /// Chooses what the module's next calls are. Not while another thread emits.
    pub fn select(&self, which: i32) {
        if let Some(select) = self.select {
            // SAFETY: takes any number; the caller sees to it that nobody emits.
            unsafe { select(which) };
        }
    }

    /// Has it write what it keeps in memory.
    pub fn flush(&self) {
        if let Some(flush) = self.flush {
            // SAFETY: may be called on any thread once `peer_open` has succeeded.
            unsafe { flush() };
        }
    }
}
