//! Logs of FlatBuffers: every command reads them as it reads lines.

mod common;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

use common::{
    Dir, Ran, golden, numbers, program, run,
    sealed::Run,
    verifying::{gzip, kinds, only},
};
use mesos_audit_core::{
    encode::{Encode, flatbuffers::FlatBuffers, json::Json},
    event::OwnedEvent,
    format::frames::{Frames, fill},
};
use serde_json::Value;

/// The frames that the golden lines would be, and these lines.
fn twins() -> (Vec<Vec<u8>>, String) {
    let (mut frames, mut lines) = (Vec::new(), String::new());
    for line in fs::read_to_string(golden("events.jsonl")).unwrap().lines() {
        // One is of another schema.
        let Ok(mut event) = serde_json::from_str::<OwnedEvent>(line) else { continue };
        let mut line = Vec::new();
        Json::default().encode(&mut event, &mut line);
        let mut frame = Vec::new();
        FlatBuffers::default().encode(&mut event, &mut frame);
        frames.push(frame);
        lines += str::from_utf8(&line).unwrap();
    }
    assert!(frames.len() > 25, "{}", frames.len());
    (frames, lines)
}

fn tail(args: &[&str]) -> Ran {
    run([&["tail"], args].concat())
}

#[test]
fn tail_shows_what_it_would_show_of_lines() {
    let (frames, lines) = twins();
    let dir = Dir::new();
    let (fb, json) = (dir.write("log.fb", frames.concat()), dir.write("log.jsonl", &lines));
    let all = tail(&["--all", "--format", "json", &fb]);
    assert_eq!((all.code, all.out, all.err.as_str()), (0, lines.clone(), ""));
    for args in [
        &["--all"][..],
        &["--all", "--color", "always"],
        &["-n", "3"],
        &["-n", "0"],
        &["-n", "2", "--outcome", "denied"],
        &["--where", "mesos.task.state~FAIL", "--all"],
        &["--since", "2026-11-23T10:00:00Z"],
        &["--action", "authorization", "--format", "json"],
    ] {
        let [fb, json] = [&fb, &json].map(|file| tail(&[args, &[file.as_str()]].concat()));
        assert_eq!((fb.code, fb.out, fb.err), (json.code, json.out, json.err), "{args:?}");
    }
}

/// What any version ever wrote, `tail` shows.
#[test]
fn fixtures_of_every_version_are_shown_alike() {
    let mut files = Vec::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/schema");
    for version in fs::read_dir(fixtures).unwrap() {
        let entries = fs::read_dir(version.unwrap().path()).unwrap();
        files.extend(
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().unwrap() == "bin"),
        );
    }
    assert!(files.len() > 20, "{}", files.len());
    let shown = |extension: &str, args: &[&str]| {
        let mut all = vec![PathBuf::from("tail"), "--all".into()];
        all.extend(args.iter().map(PathBuf::from));
        all.extend(files.iter().map(|path| path.with_extension(extension)));
        let ran = run(all);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        ran.out
    };
    assert_eq!(shown("bin", &[]), shown("jsonl", &[]));
    // Of a line what was written is shown, of a frame what would be written today: earlier versions left C1 controls as they
    // are, so it is the values that are alike.
    let values = |extension: &str| -> Vec<serde_json::Value> {
        let text = shown(extension, &["--format", "json"]);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(values("bin"), values("jsonl"));
}

#[test]
fn a_pipe_is_told_by_its_bytes() {
    let (frames, lines) = twins();
    let mut child = program()
        .args(["tail", "--all", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&frames.concat()).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.out), (0, lines));
}

#[test]
fn damage_is_named_with_its_place_and_hides_nothing_behind_it() {
    let (frames, lines) = twins();
    let lines: Vec<_> = lines.lines().collect();
    let dir = Dir::new();
    // The second is torn and filled up, as a crash and the next start leave it; the fourth is overwritten; the last torn.
    let mut torn = frames[1][..frames[1].len() / 2].to_vec();
    torn.extend(fill(&torn).unwrap());
    let third = frames[0].len() + torn.len() + frames[2].len();
    let log = [
        &frames[0],
        &torn,
        &frames[2],
        &vec![0xee; 50],
        &frames[3],
        &frames[4][..frames[4].len() - 1].to_vec(),
    ]
    .map(Vec::as_slice)
    .concat();
    let ran = tail(&["--all", "--format", "json", &dir.write("log.fb", log)]);
    assert_eq!((ran.code, ran.out.lines().collect::<Vec<_>>()), (1, vec![lines[0], lines[2], lines[3]]));
    let complaints: Vec<_> = ran.err.lines().collect();
    assert_eq!(complaints.len(), 4, "{}", ran.err);
    assert!(complaints[0].contains("log.fb: line 2: no event: damaged frame: "), "{}", ran.err);
    assert!(complaints[0].ends_with(&format!("at byte {}", frames[0].len())), "{}", ran.err);
    assert!(complaints[1].ends_with(&format!("at byte {third}")), "{}", ran.err);
}

#[test]
fn a_frame_that_is_being_written_is_waited_for() {
    use mesos_audit::reader::{Follow, Happening};

    let (frames, lines) = twins();
    let dir = Dir::new();
    let path = dir.path("log.fb");
    let mut follow = Follow::new(&path);
    let mut seen = String::new();
    let mut poll = |seen: &mut String| {
        follow
            .poll(|happening| {
                if let Happening::Line(found) = happening {
                    seen.push_str(str::from_utf8(found.line.bytes).unwrap());
                    seen.push('\n');
                }
                Ok::<_, std::convert::Infallible>(())
            })
            .unwrap();
    };
    let bytes = frames.concat();
    let (half, archive) = (bytes.len() / 2, dir.path("log-1.fb"));
    for chunk in bytes[..half].chunks(97) {
        fs::OpenOptions::new().create(true).append(true).open(&path).unwrap().write_all(chunk).unwrap();
        poll(&mut seen);
    }
    assert!(lines.starts_with(&seen) && seen.lines().count() > 10);
    // Rotated: what is missing comes to the file under its new name, then the next one begins.
    let whole = bytes[..half].len() - seen.lines().zip(&frames).map(|(_, frame)| frame.len()).sum::<usize>();
    let next = frames[seen.lines().count()].len() - whole;
    fs::rename(&path, &archive).unwrap();
    fs::OpenOptions::new().append(true).open(&archive).unwrap().write_all(&bytes[half..half + next]).unwrap();
    fs::write(&path, &bytes[half + next..]).unwrap();
    poll(&mut seen);
    assert_eq!(seen, lines);
}

fn verify(dir: &Dir) -> (i32, Value) {
    let (logs, key) = (dir.path(""), dir.path("audit.fb.key"));
    let args: [&Path; 6] =
        ["verify".as_ref(), "--format".as_ref(), "json".as_ref(), "--key".as_ref(), &key, &logs];
    let ran = run(args);
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err)))
}

fn frames_of(path: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).unwrap();
    let mut frames = Frames::new(bytes.as_slice(), 0);
    let mut all = Vec::new();
    while let Some((_, piece, _)) = frames.next_piece().unwrap() {
        all.push(piece.to_vec());
    }
    all
}

/// Three files of one run, as `rotated` has them in JSON.
fn rotated(dir: &Dir) -> PathBuf {
    let live = dir.path("audit.fb");
    let mut run = Run::start(&live, "run1");
    for archive in ["audit-1.fb", "audit-2.fb"] {
        run.blocks(3, 6);
        run.dropped(2);
        run.rotate(&dir.path(archive));
    }
    run.blocks(3, 6);
    run.end();
    live
}

#[test]
fn a_whole_log_is_verified_compressed_or_not() {
    let dir = Dir::new();
    rotated(&dir);
    gzip(&dir.path("audit-1.fb"));
    fs::remove_file(dir.path("audit-1.fb")).unwrap();
    let (code, report) = verify(&dir);
    assert_eq!((code, &report["dropped"]["queue_full"]), (3, &4.into()), "{report:#}");
    assert!(kinds(&report).iter().all(|kind| *kind == "dropped"), "{report:#}");
}

#[test]
fn each_attack_on_a_frame_is_named() {
    type Attack = fn(&mut Vec<Vec<u8>>);
    // Frames 0 and 1 are header and seal, 2 to 7 the first block's.
    let attacks: [(&str, Attack); 7] = [
        ("altered", |frames| {
            let at = frames[4].iter().position(|byte| *byte == b'/').unwrap();
            frames[4][at] = b'!';
        }),
        ("altered", |frames| {
            let last = frames[4].len() - 1;
            frames[4][last] ^= 1;
        }),
        ("removed", |frames| drop(frames.remove(4))),
        ("inserted", |frames| frames.insert(4, frames[3].clone())),
        ("reordered", |frames| frames.swap(3, 5)),
        ("seal", |frames| {
            let at = frames[8].windows(4).position(|window| window == b"time").unwrap();
            frames[8][at] = b'T';
        }),
        // Nothing to be read any more.
        ("altered", |frames| frames[8][40] ^= 0xff),
    ];
    for (kind, attack) in attacks {
        let dir = Dir::new();
        let live = rotated(&dir);
        let mut frames = frames_of(&live);
        attack(&mut frames);
        fs::write(&live, frames.concat()).unwrap();
        let (code, report) = verify(&dir);
        assert!(code == 1 && kinds(&report).contains(&kind), "{kind}: {report:#}");
    }
}

#[test]
fn a_length_that_was_altered_is_found() {
    for change in [1_i32, -1, 8, 300, 40_000, 1 << 20] {
        let dir = Dir::new();
        let live = rotated(&dir);
        let mut frames = frames_of(&live);
        let length = i32::from_le_bytes(frames[4][..4].try_into().unwrap());
        frames[4][..4].copy_from_slice(&(length + change).to_le_bytes());
        fs::write(&live, frames.concat()).unwrap();
        let (code, report) = verify(&dir);
        assert_eq!((code, &report["verdict"]), (1, &"tampered".into()), "{change}: {report:#}");
    }
}

#[test]
fn a_crash_in_the_middle_of_a_frame_is_told_from_tampering() {
    let dir = Dir::new();
    let live = dir.path("audit.fb");
    let mut run = Run::start(&live, "run1");
    run.blocks(2, 4);
    run.records(3);
    drop(run);
    let bytes = fs::read(&live).unwrap();
    let torn = &bytes[..bytes.len() - 30];
    // What the sink does at the next start.
    let last = frames_of(&live).last().unwrap().len() - 30;
    let fill = fill(&torn[torn.len() - last..]).unwrap();
    fs::write(&live, [torn, &fill].concat()).unwrap();
    let mut run = Run::start(&live, "run2");
    run.records(2);
    run.end();
    let (code, report) = verify(&dir);
    assert_eq!((code, &report["verdict"]), (3, &"incomplete".into()), "{report:#}");
    assert_eq!(only(&report, "adopted")["weight"], "note");
    assert!(kinds(&report).contains(&"crash"), "{report:#}");
    let shown = tail(&["--all", "--format", "json", live.to_str().unwrap()]);
    assert_eq!((shown.code, shown.err.lines().count()), (1, 2), "{}", shown.err);
    assert_eq!(numbers(&shown.out).len(), frames_of(&live).len() - 1);
}
