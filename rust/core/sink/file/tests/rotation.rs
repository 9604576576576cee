use super::*;

#[test]
fn by_size_with_the_first_events_time_and_run_in_the_name() {
    let bed = Bed::new(plain());
    let mut sink = bed.open();
    write(&mut sink, &header(START + 7, "aaaabbbbccccdddd"));
    assert_eq!(bed.due(&mut sink), None);
    write(&mut sink, &format!("{}\n", "x".repeat(100)));
    assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Size)));
    let changed = rotate(&mut sink).unwrap();
    let archive = "audit-20261123T152400.000007Z-aaaabbbb.jsonl";
    assert_eq!(changed.closed.unwrap().file_name().unwrap(), archive);
    assert_eq!(bed.due(&mut sink), None);
    write(&mut sink, "next\n");
    let all = contents(bed.dir.path());
    assert_eq!(all.len(), 2);
    assert_eq!(all["audit.jsonl"], "next\n");
    assert!(all[archive].ends_with("xx\n"));
    let error = FileSink::open(&bed.path(), &plain(), RUN).unwrap_err().to_string();
    assert!(error.contains("another process"), "the lock has moved over: {error}");
}

#[test]
fn never_in_the_middle_of_a_line_and_never_an_empty_file() {
    let mut bed = Bed::new(plain());
    let mut sink = bed.open();
    bed.pass(Duration::from_secs(1_000_000));
    assert_eq!(bed.due(&mut sink), None, "empty");
    write(&mut sink, &"x".repeat(200));
    assert_eq!(bed.later(&mut sink), None, "torn");
    write(&mut sink, "\n");
    assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Size)));
}

#[test]
fn by_time_whatever_the_wall_clock_does() {
    let day = Duration::from_secs(86_400);
    let mut bed = Bed::new(Output { rotate_bytes: 0, ..plain() });
    let mut sink = bed.open();
    write(&mut sink, &header(START, RUN));
    // Ten years to and fro.
    for jump in [3_650, -3_650, -3_650, 3_650] {
        bed.now += jump * 86_400_000_000;
        assert_eq!(bed.due(&mut sink), None);
    }
    bed.pass(day - Duration::from_secs(10));
    assert_eq!(bed.due(&mut sink), None);
    bed.pass(Duration::from_secs(11));
    assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Time)));
    rotate(&mut sink).unwrap();
    write(&mut sink, &header(bed.now, RUN));
    assert_eq!(bed.due(&mut sink), None);

    // A restart does not make a file young again.
    bed.pass(day / 2);
    drop(sink);
    let mut sink = bed.open();
    assert_eq!(bed.due(&mut sink), None);
    bed.pass(day / 2 + Duration::from_secs(1));
    assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Time)));
    drop(sink);

    // A first event from the future is no reason for anything.
    bed.now -= 86_400_000_000 * 100;
    let mut sink = bed.open();
    assert_eq!(bed.due(&mut sink), None);
    bed.pass(day + Duration::from_secs(1));
    assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Time)));
}

#[test]
fn names_sort_even_when_the_clock_goes_back() {
    let bed = Bed::new(plain());
    let mut sink = bed.open();
    let mut archives = Vec::new();
    for (index, time) in [START, START + 5, START - 1_000_000_000, START, START + 6].into_iter().enumerate() {
        write(&mut sink, &header(time, RUN));
        write(&mut sink, &format!("{index}\n"));
        archives.push(rotate(&mut sink).unwrap().closed.unwrap());
        if index == 2 {
            // Also when the process that knew has gone.
            drop(sink);
            sink = bed.open();
        }
    }
    assert!(archives.is_sorted() && archives.windows(2).all(|pair| pair[0] != pair[1]), "{archives:?}");
    for (index, archive) in archives.iter().enumerate() {
        assert!(fs::read_to_string(archive).unwrap().ends_with(&format!("\n{index}\n")));
    }
}

#[test]
fn a_foreign_file_with_the_archives_name_stays() {
    let bed = Bed::new(plain());
    let mut sink = bed.open();
    write(&mut sink, &header(START, RUN));
    let taken = bed.dir.path().join("audit-20261123T152400.000000Z-0f1e2d3c.jsonl");
    fs::write(&taken, "foreign").unwrap();
    assert_eq!(rotate(&mut sink).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    write(&mut sink, "goes on\n");
    let closed = rotate(&mut sink).unwrap().closed.unwrap();
    assert!(closed > taken);
    assert_eq!(fs::read_to_string(taken).unwrap(), "foreign");
    assert!(fs::read_to_string(closed).unwrap().ends_with("goes on\n"));
}

#[test]
fn a_failure_at_any_step_changes_nothing_and_is_tried_again_with_less_and_less_haste() {
    for step in rotate::STEPS {
        for errno in [libc::EIO, libc::ENOSPC, libc::EMFILE, libc::EROFS] {
            let mut bed = Bed::new(plain());
            let mut sink = bed.open();
            write(&mut sink, &format!("{}\n", "x".repeat(200)));
            fault::fail_at(Some((step, errno)));
            let result = rotate(&mut sink);
            if step == "rotate.placed" {
                // Done already; only its durability is not known.
                result.unwrap();
                fault::fail_at(None);
                continue;
            }
            assert_eq!(result.unwrap_err().raw_os_error(), Some(errno));
            assert_eq!(names(bed.dir.path()), ["audit.jsonl"], "{step}");
            write(&mut sink, "after\n");
            assert_eq!(bed.later(&mut sink), None, "not at once");
            bed.pass(Duration::from_secs(1));
            assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Size)));
            rotate(&mut sink).unwrap_err();
            bed.pass(Duration::from_secs(1));
            assert_eq!(bed.due(&mut sink), None, "twice as long");
            fault::fail_at(None);
            bed.pass(Duration::from_secs(1));
            assert_eq!(bed.due(&mut sink), Some(Change::Rotate(RotateReason::Size)));
            let closed = rotate(&mut sink).unwrap().closed.unwrap();
            assert!(fs::read_to_string(closed).unwrap().ends_with("x\nafter\n"));
            assert_eq!(fs::read_to_string(bed.path()).unwrap(), "");
        }
    }
}
