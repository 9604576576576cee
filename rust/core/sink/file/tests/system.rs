//! Full disks, read-only disks and no more file descriptors, made by the kernel.

use super::*;

/// Runs a test with a file system of its own in `$AUDIT_DIR`, where the machine lets us make one.
fn with_mount(test: &str, options: &str) {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().to_str().unwrap();
    if !Command::new("unshare").args(["-m", "true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("no mount namespaces here: {test} is not tested");
        return;
    }
    let shell = format!(
        "exec unshare -m sh -c 'mount -t tmpfs -o {options} audit \"$AUDIT_DIR\" && exec \"$@\"' sh \"$@\""
    );
    let output = elsewhere(test, &shell, &[("AUDIT_DIR", dir)]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("1 passed"));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shell(command: &str) {
    assert!(Command::new("sh").args(["-c", command]).status().unwrap().success(), "{command}");
}

fn dir() -> PathBuf {
    PathBuf::from(std::env::var("AUDIT_DIR").unwrap())
}

fn sink(output: &Output, time: &Monotonic) -> FileSink {
    let path = dir().join("audit.jsonl");
    FileSink::open_at(&path, output, RUN, Timestamp::now(), time.clone()).unwrap()
}

#[test]
fn a_full_disk() {
    with_mount("system::on_a_full_disk", "size=1m");
}

#[test]
#[ignore = "run by another test, on a small file system"]
fn on_a_full_disk() {
    let output = Output { compress: Compress::Gzip, compress_after_s: 3_600, ..plain() };
    let time = Monotonic::new();
    let mut sink = sink(&output, &time);
    let line = format!("{}\n", "0123456789abcde".repeat(1_000));
    for _ in 0..20 {
        write(&mut sink, &line);
    }
    let filler = dir().join("filler");
    shell(&format!("dd if=/dev/zero of={} bs=4k count=1000 2>/dev/null; true", filler.display()));
    let mut written = 20 * line.len();
    let error = loop {
        match sink.write(line.as_bytes()) {
            Ok(count) => written += count,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    // A new file takes no block of a tmpfs: there may be room for it or not, but the old one is whole.
    let place = Place::new(dir().join("audit.jsonl")).unwrap();
    if let Err(error) = rotate(&mut sink) {
        panic!("{error}");
    }
    let mut rounds = keeper::Rounds::new(place, &output, time.clone(), Default::default());
    let later = SystemTime::now() + Duration::from_secs(7_200);
    wait_for(|| keeper_has_let_go(&dir()));
    rounds.pass(later);
    let sizes: usize = contents_without(&dir(), "filler").values().map(String::len).sum();
    assert_eq!(sizes, written, "the plain one is kept when there is no room for another");
    assert!(names_without(&dir(), "filler").iter().all(|name| !name.ends_with(".tmp")));
    fs::remove_file(filler).unwrap();
    time.skip(Duration::from_secs(60));
    rounds.pass(later);
    let names = names_without(&dir(), "filler");
    assert!(names.iter().any(|name| name.ends_with(".gz")) && names.len() == 2, "{names:?}");
    sink.write(b"again\n").unwrap();
    let sizes: usize = contents(&dir()).values().map(String::len).sum();
    assert_eq!(sizes, written + 6);
}

fn keeper_has_let_go(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().map(Result::unwrap).all(|entry| {
        let name = entry.file_name().into_string().unwrap();
        !name.starts_with("audit-") || fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
    })
}

fn contents_without(dir: &Path, name: &str) -> BTreeMap<String, String> {
    let mut all = contents(dir);
    all.remove(name);
    all
}

fn names_without(dir: &Path, name: &str) -> Vec<String> {
    names(dir).into_iter().filter(|found| found != name).collect()
}

#[test]
fn a_directory_that_becomes_read_only() {
    with_mount("system::in_a_read_only_directory", "size=4m");
}

#[test]
#[ignore = "run by another test, on a file system of its own"]
fn in_a_read_only_directory() {
    let time = Monotonic::new();
    let mut sink = sink(&plain(), &time);
    let line = format!("{}\n", "x".repeat(200));
    write(&mut sink, &line);
    // The kernel makes no file system read-only that is written to; a view of it will do: names cannot
    // change, the open file can.
    let dir = dir();
    let path = dir.display();
    shell(&format!("mount --bind {path} {path} && mount -o remount,bind,ro {path}"));
    assert_eq!(rotate(&mut sink).unwrap_err().raw_os_error(), Some(libc::EROFS));
    write(&mut sink, &line);
    assert_eq!(names(&dir), ["audit.jsonl"]);
    shell(&format!("mount -o remount,bind,rw {path}"));
    time.skip(Duration::from_secs(1));
    assert_eq!(sink.due(Timestamp::now()), Some(Change::Rotate(RotateReason::Size)));
    let closed = rotate(&mut sink).unwrap().closed.unwrap();
    assert_eq!(fs::read_to_string(closed).unwrap(), line.repeat(2));
}

#[test]
fn a_file_system_that_is_read_only_at_the_start() {
    with_mount("system::refused_while_read_only", "size=4m");
}

#[test]
#[ignore = "run by another test, on a file system of its own"]
fn refused_while_read_only() {
    let path = dir().join("audit.jsonl");
    shell(&format!("mount -o remount,ro {}", dir().display()));
    let error = FileSink::open(&path, &plain(), RUN).unwrap_err().to_string();
    assert!(error.contains("output.path: Read-only file system"), "{error}");
    shell(&format!("mount -o remount,rw {}", dir().display()));
    write(&mut FileSink::open(&path, &plain(), RUN).unwrap(), "x\n");
}

#[test]
fn no_more_file_descriptors() {
    let dir = tempfile::tempdir().unwrap();
    let environment = [("AUDIT_DIR", dir.path().to_str().unwrap())];
    let output = elsewhere("system::without_file_descriptors", "ulimit -n 64; exec \"$@\"", &environment);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
#[ignore = "run by another test, with few file descriptors"]
fn without_file_descriptors() {
    let time = Monotonic::new();
    let mut sink = sink(&plain(), &time);
    let line = format!("{}\n", "x".repeat(200));
    write(&mut sink, &line);
    let mut hogs: Vec<_> = std::iter::from_fn(|| fs::File::open("/dev/null").ok()).collect();
    assert_eq!(rotate(&mut sink).unwrap_err().raw_os_error(), Some(libc::EMFILE));
    write(&mut sink, &line);
    // Enough for the new file but not for what comes after it.
    hogs.pop();
    time.skip(Duration::from_secs(1));
    let changed = rotate(&mut sink);
    write(&mut sink, &line);
    drop(hogs);
    time.skip(Duration::from_secs(2));
    if changed.is_err() {
        rotate(&mut sink).unwrap();
    }
    assert_eq!(contents(&dir()).into_values().collect::<String>().len(), line.len() * 3);
}
