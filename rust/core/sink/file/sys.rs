//! The system calls that the standard library does not have. The only `unsafe` of the sink.

use std::{
    ffi::{CString, c_char, c_int},
    io,
    mem::MaybeUninit,
    os::unix::ffi::OsStrExt,
    path::Path,
    ptr,
};

/// As `IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7)`: behind all others, but never starved as `IDLE` would be.
const IO_PRIORITY: c_int = (2 << 13) | 7;

/// Names and numbers longer than this are no user of any sane directory.
const MAX_ENTRY: usize = 1 << 20;

/// Makes this thread give way to all others, on the processor and on the disk. What the system refuses is
/// done without.
pub(super) fn give_way() {
    // SAFETY: takes numbers only. On Linux 0 means the calling thread, not its process.
    let _ = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, 19) };
    // SAFETY: takes numbers only; 1 is IOPRIO_WHO_PROCESS, and 0 the calling thread.
    let _ = unsafe { libc::syscall(libc::SYS_ioprio_set, 1, 0, IO_PRIORITY) };
}

/// Renames, unless there is something of that name already.
///
/// # Errors
/// `AlreadyExists`, and those of `rename`.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let [source, target] = [c_path(from)?, c_path(to)?];
    let here = libc::AT_FDCWD;
    // SAFETY: both are strings that end with NUL and outlive the call.
    let result =
        unsafe { libc::renameat2(here, source.as_ptr(), here, target.as_ptr(), libc::RENAME_NOREPLACE) };
    if result == 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        // A file system without the flag (NFS): look first. The gap between is ours alone: the lock keeps
        // other writers away.
        Some(libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP) => match to.symlink_metadata() {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::rename(from, to),
            Err(error) => Err(error),
        },
        _ => Err(error),
    }
}

fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

/// The number of a user, given by name or number.
///
/// # Errors
/// There is none of that name.
pub(super) fn user(name: &str) -> io::Result<u32> {
    // SAFETY: getpwnam_r writes a passwd, and strings into the buffer it is given; only the number is used.
    named(name, "user", |name, entry: *mut libc::passwd, buffer, found| unsafe {
        libc::getpwnam_r(name, entry, buffer.as_mut_ptr(), buffer.len(), found)
    })
    .map(|(number, entry)| entry.map_or(number, |entry| entry.pw_uid))
}

/// The number of a group, given by name or number.
///
/// # Errors
/// There is none of that name.
pub(super) fn group(name: &str) -> io::Result<u32> {
    // SAFETY: getgrnam_r writes a group, and strings into the buffer it is given; only the number is used.
    named(name, "group", |name, entry: *mut libc::group, buffer, found| unsafe {
        libc::getgrnam_r(name, entry, buffer.as_mut_ptr(), buffer.len(), found)
    })
    .map(|(number, entry)| entry.map_or(number, |entry| entry.gr_gid))
}

/// Looks a name up. A number needs no looking up: containers have users that no directory knows.
fn named<T: Copy>(
    name: &str,
    kind: &str,
    look_up: impl Fn(*const c_char, *mut T, &mut [c_char], *mut *mut T) -> c_int,
) -> io::Result<(u32, Option<T>)> {
    if let Ok(number) = name.parse::<u32>() {
        // The last number means "leave it as it is" to chown.
        return if number == u32::MAX { Err(no_such(kind, name)) } else { Ok((number, None)) };
    }
    let text = CString::new(name)?;
    let mut entry = MaybeUninit::<T>::uninit();
    let mut buffer: Vec<c_char> = vec![0; 4096];
    loop {
        let mut found: *mut T = ptr::null_mut();
        match look_up(text.as_ptr(), entry.as_mut_ptr(), &mut buffer, &raw mut found) {
            0 if found.is_null() => return Err(no_such(kind, name)),
            // SAFETY: not null, so the call has filled in `entry`.
            0 => return Ok((0, Some(unsafe { entry.assume_init() }))),
            libc::ERANGE if buffer.len() < MAX_ENTRY => buffer.resize(buffer.len() * 2, 0),
            libc::EINTR => {}
            // "Not found" has many numbers, by getpwnam's manual.
            libc::ENOENT | libc::ESRCH | libc::EBADF | libc::EPERM => return Err(no_such(kind, name)),
            error => return Err(io::Error::from_raw_os_error(error)),
        }
    }
}

fn no_such(kind: &str, name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("there is no {kind} `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(user("root").unwrap(), 0);
        assert_eq!(group("root").unwrap(), 0);
        assert_eq!(user("1234567").unwrap(), 1_234_567);
        assert_eq!(
            user("nobody-has-this-name").unwrap_err().to_string(),
            "there is no user `nobody-has-this-name`"
        );
        assert!(group("4294967295").is_err());
    }

    #[test]
    fn a_name_that_is_taken_stays() {
        let dir = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| dir.path().join(name));
        std::fs::write(&a, "a").unwrap();
        std::fs::write(&b, "b").unwrap();
        assert_eq!(rename_new(&a, &b).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        std::fs::remove_file(&b).unwrap();
        rename_new(&a, &b).unwrap();
        assert_eq!(std::fs::read(&b).unwrap(), b"a");
    }
}
