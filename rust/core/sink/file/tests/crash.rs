//! kill -9 at each step, in a real process.

use super::*;

const KILL: &str = "MESOS_AUDIT_TEST_KILL_AT";
const LINES: usize = 60;

fn output() -> Output {
    Output { rotate_bytes: 400, compress: Compress::Gzip, compress_after_s: 0, ..Output::default() }
}

#[test]
#[ignore = "run by another test, which has it killed"]
fn writes_until_it_is_killed() {
    let path = PathBuf::from(std::env::var("AUDIT_FILE").unwrap());
    let mut sink = FileSink::open(&path, &output(), RUN).unwrap();
    for line in 0..LINES {
        if let Some(change) = sink.due(Timestamp::now()) {
            sink.change(change).unwrap();
        }
        write(&mut sink, &format!("{{\"line\":{line:03},\"filler\":\"{}\"}}\n", "x".repeat(30)));
        std::thread::sleep(Duration::from_millis(2));
    }
    // The other thread may come to its place later.
    std::thread::sleep(Duration::from_secs(10));
    panic!("it was not killed");
}

/// A frame of the shape that the sink looks for: length, root, identifier.
fn frame(content: &str) -> Vec<u8> {
    let mut bytes = u32::try_from(8 + content.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(b"\x0c\0\0\0MAE1");
    bytes.extend(content.as_bytes());
    bytes
}

#[test]
fn a_torn_frame_is_filled_up_and_the_next_stands_by_itself() {
    use crate::format::frames::Frames;

    let (one, two) = (frame("one\n"), frame("and another one"));
    for torn in 1..one.len() {
        let bed = Bed::new(Output { format: Format::Flatbuffers, ..plain() });
        fs::write(bed.path(), [two.as_slice(), &one[..torn]].concat()).unwrap();
        let mut sink = bed.open();
        assert_eq!(sink.write(&two).unwrap(), two.len());
        let bytes = fs::read(bed.path()).unwrap();
        let mut frames = Frames::new(bytes.as_slice(), 0);
        let mut found = Vec::new();
        while let Some((_, piece, _)) = frames.next_piece().unwrap() {
            found.push(piece.to_vec());
        }
        assert_eq!(found.len(), 3, "{torn}");
        assert!(found[0] == two && found[2] == two && found[1][..torn] == one[..torn]);
    }
}

#[test]
fn a_file_turns_only_between_two_frames() {
    let mut bed = Bed::new(Output { format: Format::Flatbuffers, rotate_bytes: 10, ..plain() });
    let mut sink = bed.open();
    let frame = frame("a newline is no end\n");
    let middle = frame.len() - 1;
    assert_eq!(sink.write(&frame[..middle]).unwrap(), middle);
    assert!(bed.later(&mut sink).is_none());
    assert_eq!(sink.write(&frame[middle..]).unwrap(), 1);
    assert!(bed.later(&mut sink).is_some());
}

#[test]
fn a_log_of_the_other_format_is_refused() {
    for (format, content) in [(Format::Json, frame("x")), (Format::Flatbuffers, b"{\"a\":1}\n".to_vec())] {
        let bed = Bed::new(Output { format, ..plain() });
        fs::write(bed.path(), &content).unwrap();
        let error = FileSink::open(&bed.path(), &bed.output, RUN).unwrap_err().to_string();
        assert!(error.contains("output.path: holds ") && error.contains("another file"), "{error}");
        assert_eq!(fs::read(bed.path()).unwrap(), content, "untouched");
    }
}

#[test]
fn a_death_at_any_step_loses_nothing_and_doubles_nothing() {
    for step in rotate::STEPS.iter().chain(&compress::STEPS) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        let environment = [("AUDIT_FILE", path.to_str().unwrap()), (KILL, *step)];
        let died = elsewhere("crash::writes_until_it_is_killed", "exec \"$@\"", &environment);
        let said = String::from_utf8_lossy(&died.stdout);
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&died.status), Some(9), "{step}: {said}");

        let mut sink = FileSink::open(&path, &output(), RUN).unwrap();
        write(&mut sink, "{\"line\":999}\n");
        let finished = |name: &String| name == "audit.jsonl" || name.ends_with(".gz");
        wait_for(|| names(dir.path()).iter().all(finished));
        drop(sink);
        // In the order of their names, the live one last.
        let mut all = contents(dir.path());
        let live = all.remove("audit.jsonl").unwrap();
        let text = all.into_values().chain([live]).collect::<String>();
        let lines: Vec<_> = text.lines().map(|line| line[8..11].parse::<usize>().unwrap()).collect();
        let (last, written) = lines.split_last().unwrap();
        assert_eq!(*last, 999);
        assert!(written.len() >= 7, "{step}: {written:?}");
        assert_eq!(written, (0..written.len()).collect::<Vec<_>>(), "{step}");
    }
}
