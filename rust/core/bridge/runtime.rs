//! The process's one pipeline, and the functions that C++ calls.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use super::{ffi, files, guard, monotonic};
use crate::{
    clock::Timestamp,
    config::{self, DurableFailure},
    decode::{self, Callback},
    error::Error,
    pipeline::{FaultKind, Pipeline},
    telemetry,
};

/// How long `exit()` waits for the last events. Mesos calls it when a master loses its leadership.
const EXIT_DRAIN: Duration = Duration::from_secs(1);

struct Runtime {
    pipeline: Pipeline,
    config: Option<PathBuf>,
    /// Bit n: authorization action n is answered when its record is on disk.
    durable: u128,
    /// How long such an answer waits.
    patience: Duration,
    denies_unrecorded: bool,
    errors: config::Errors,
}

// Never dropped: Mesos's threads may call until the very end of the process.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

pub(super) fn start(config: &str, mesos_version: &str) -> Result<(), Error> {
    guard::fallible(|| {
        let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        let path = (!config.is_empty()).then(|| PathBuf::from(config));
        match RUNTIME.get() {
            Some(runtime) => runtime.join(path.as_deref()),
            None => {
                let runtime = Runtime::start(path, mesos_version)?;
                // SAFETY: `at_exit` is a plain function without arguments, and stays loaded: the module is
                // linked with `-z nodelete`.
                unsafe { libc::atexit(at_exit) };
                // Cannot be set already: we hold the lock.
                let _ = RUNTIME.set(runtime);
                Ok(())
            }
        }
    })
}

impl Runtime {
    fn start(path: Option<PathBuf>, mesos_version: &str) -> Result<Self, Error> {
        guard::remember_where();
        telemetry::to_stderr();
        let loaded = config::load(path.as_deref())?;
        let authorization = &loaded.config.authorization;
        Ok(Self {
            durable: bits(&authorization.durable()?),
            patience: Duration::from_millis(authorization.durable_ms),
            denies_unrecorded: authorization.durable_failure == DurableFailure::Deny,
            errors: loaded.config.errors.clone(),
            pipeline: Pipeline::start(&loaded, mesos_version)?,
            config: path,
        })
    }

    /// A further module of the process: it may name the same file, or none.
    fn join(&self, path: Option<&Path>) -> Result<(), Error> {
        match path {
            Some(path) if self.config.as_deref() != Some(path) => {
                let running = self.config.as_deref().unwrap_or(Path::new("the defaults"));
                Err(Error::new(format!("another module of this process runs with {}", running.display()))
                    .key("config")
                    .file(path))
            }
            _ => Ok(()),
        }
    }
}

extern "C" fn at_exit() {
    let _ = guard::caught(|| RUNTIME.get().map(|runtime| runtime.pipeline.drain(EXIT_DRAIN)));
}

/// # Safety
/// `size` bytes can be read at `fields`, which is not null, and nobody writes there meanwhile.
#[inline(always)]
pub(super) unsafe fn record(callback: ffi::Callback, fields: *const u8, size: usize, at: i64) {
    // SAFETY: by the caller's promise; the slice does not outlive this call.
    let fields = unsafe { std::slice::from_raw_parts(fields, size) };
    let recorded = guard::caught(|| {
        #[cfg(feature = "fault-injection")]
        super::inject::perhaps_panic(callback);
        if let (Some(runtime), Some(callback)) = (RUNTIME.get(), known(callback)) {
            runtime.pipeline.submit(time(at), callback, fields);
        }
    });
    if let Err(panic) = recorded {
        report(callback, FaultKind::Panic, &panic);
    }
}

pub(super) fn prepare() {
    // Nothing here can panic.
    if let Some(runtime) = RUNTIME.get() {
        runtime.pipeline.prepare();
    }
}

pub(super) fn fault(callback: ffi::Callback, what: &[u8]) {
    report(callback, FaultKind::Exception, &String::from_utf8_lossy(&what[..what.len().min(200)]));
}

fn report(callback: ffi::Callback, kind: FaultKind, detail: &str) {
    // The last stop: were this to panic as well, there is nobody left to tell.
    let _ = guard::caught(|| {
        if let (Some(runtime), Some(callback)) = (RUNTIME.get(), known(callback)) {
            runtime.pipeline.fault(callback, kind, detail);
        }
    });
}

/// Most records have read the clock already, for their duration.
fn time(at: i64) -> Timestamp {
    if at == 0 { Timestamp::now() } else { monotonic::time_of_day(at) }
}

fn known(callback: ffi::Callback) -> Option<Callback> {
    Callback::from_number(callback.repr)
}

pub(super) fn policy_levels(action: i32) -> u8 {
    // Nothing here can panic, nor below.
    RUNTIME.get().map_or(0, |runtime| runtime.pipeline.policy().levels(action).bits())
}

pub(super) fn policy_skipped(action: i32, decision: u8) {
    if let Some(runtime) = RUNTIME.get() {
        runtime.pipeline.policy().skip(action, decision);
    }
}

pub(super) fn policy_skips(callback: ffi::Callback) -> bool {
    RUNTIME.get().is_some_and(|runtime| runtime.pipeline.policy().skips(callback.repr))
}

pub(super) fn is_durable(action: i32) -> bool {
    RUNTIME.get().is_some_and(|runtime| runtime.durable & bit(action) != 0)
}

pub(super) fn is_durable_record(fields: &[u8]) -> bool {
    // Where nothing is durable, nothing is looked at.
    RUNTIME.get().is_some_and(|runtime| runtime.durable != 0)
        && guard::caught(|| decode::requested_action(fields)).ok().flatten().is_some_and(is_durable)
}

pub(super) fn denies_unrecorded() -> bool {
    RUNTIME.get().is_some_and(|runtime| runtime.denies_unrecorded)
}

pub(super) fn record_before_answer(callback: ffi::Callback, fields: &[u8], at: i64) -> bool {
    let on_disk = guard::caught(|| {
        #[cfg(feature = "fault-injection")]
        super::inject::perhaps_panic(callback);
        let (Some(runtime), Some(callback)) = (RUNTIME.get(), known(callback)) else { return false };
        let deadline = Instant::now() + runtime.patience;
        runtime.pipeline.submit_durably(time(at), callback, fields, deadline)
    });
    match on_disk {
        Ok(true) => return true,
        Ok(false) => {}
        Err(panic) => report(callback, FaultKind::Panic, &panic),
    }
    let denied = denies_unrecorded();
    let _ = guard::caught(|| RUNTIME.get().map(|runtime| runtime.pipeline.answered_unrecorded(denied)));
    !denied
}

pub(super) fn watches_log() -> bool {
    RUNTIME.get().is_some_and(|runtime| runtime.errors.watches())
}

pub(super) fn wants_line(severity: i32, file: &[u8], text: &[u8]) -> bool {
    let Some(errors) = RUNTIME.get().map(|runtime| &runtime.errors) else { return false };
    severity >= errors.severity()
        || (severity == 0
            && errors.security_lines
            && guard::caught(|| decode::is_security_info(file, text)).unwrap_or(false))
}

pub(super) fn record_at_once(callback: ffi::Callback, fields: &[u8]) -> u64 {
    let position = guard::caught(|| {
        #[cfg(feature = "fault-injection")]
        super::inject::perhaps_panic(callback);
        let (Some(runtime), Some(callback)) = (RUNTIME.get(), known(callback)) else { return None };
        runtime.pipeline.submit_at_once(Timestamp::now(), callback, fields)
    });
    match position {
        Ok(position) => position.map_or(0, |position| position + 1),
        Err(panic) => {
            report(callback, FaultKind::Panic, &panic);
            0
        }
    }
}

pub(super) fn await_record(number: u64) {
    let _ = guard::caught(|| {
        if let (Some(runtime), Some(position)) = (RUNTIME.get(), number.checked_sub(1)) {
            let deadline = Instant::now() + Duration::from_millis(runtime.errors.fatal_ms);
            runtime.pipeline.await_durable(position, deadline);
        }
    });
}

fn bits(actions: &[i32]) -> u128 {
    actions.iter().fold(0, |bits, action| bits | bit(*action))
}

fn bit(action: i32) -> u128 {
    u32::try_from(action).ok().and_then(|action| 1_u128.checked_shl(action)).unwrap_or(0)
}

pub(super) fn call_type(path: &[u8], content_type: &[u8], body: &[u8]) -> String {
    let found = guard::caught(|| decode::call_type(path, content_type, body));
    found.ok().flatten().map(Into::into).unwrap_or_default()
}

pub(super) fn request_id() -> String {
    let id = guard::caught(|| RUNTIME.get().map(|runtime| runtime.pipeline.request_id()));
    id.ok().flatten().unwrap_or_default()
}

pub(super) fn claims_request(path: &[u8], call_type: &[u8]) -> bool {
    RUNTIME.get().is_some_and(|runtime| match (str::from_utf8(path), str::from_utf8(call_type)) {
        (Ok(path), Ok(call_type)) => runtime.pipeline.claims_request(path, call_type),
        _ => false,
    })
}

pub(super) fn read_acls(value: &str) -> Result<String, Error> {
    guard::fallible(|| files::acls(value))
}

pub(super) fn read_credentials(path: &str) -> Result<String, Error> {
    guard::fallible(|| files::credentials(Path::new(path)))
}

pub(super) fn read_secret(path: &str) -> Result<String, Error> {
    guard::fallible(|| files::secret(Path::new(path)))
}
