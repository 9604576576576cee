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
