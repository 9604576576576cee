//! What others do to the live file.

use super::*;

fn reopen(bed: &mut Bed, sink: &mut FileSink, reason: ReopenReason) -> Changed {
    assert_eq!(bed.later(sink), Some(Change::Reopen(reason)));
    let changed = sink.change(Change::Reopen(reason)).unwrap();
    assert_eq!(bed.later(sink), None);
    changed
}

#[test]
fn a_deleted_file_is_made_again_and_what_it_held_is_rescued() {
    let mut bed = Bed::new(plain());
    let mut sink = bed.open();
    write(&mut sink, &header(START, RUN));
    fs::remove_file(bed.path()).unwrap();
    assert_eq!(bed.due(&mut sink), None, "not looked at before every event");
    write(&mut sink, "after the deletion\n");
    let changed = reopen(&mut bed, &mut sink, ReopenReason::Deleted);
    write(&mut sink, "new\n");
    let rescued = changed.closed.unwrap();
    wait_for(|| rescued.exists());
    assert_eq!(fs::read_to_string(rescued).unwrap(), header(START, RUN) + "after the deletion\n");
    assert_eq!(fs::read_to_string(bed.path()).unwrap(), "new\n");
}

#[test]
fn a_file_that_cannot_be_made_again_yet_is_kept_open_and_not_called_durable() {
    let mut bed = Bed::new(plain());
    bed.dir = tempfile::tempdir().unwrap();
    let mut sink = bed.open();
    write(&mut sink, "one\n");
    // A directory in the file's place: even root cannot open that for writing.
    fs::remove_file(bed.path()).unwrap();
    fs::create_dir(bed.path()).unwrap();
    assert_eq!(bed.later(&mut sink), Some(Change::Reopen(ReopenReason::Replaced)));
    sink.change(Change::Reopen(ReopenReason::Replaced)).unwrap_err();
    write(&mut sink, &format!("{}\n", "x".repeat(200)));
    assert!(sink.sync().is_err());
    assert_eq!(bed.due(&mut sink), None, "and no rotation of what is not ours");
    fs::remove_dir(bed.path()).unwrap();
    let changed = reopen(&mut bed, &mut sink, ReopenReason::Deleted);
    sink.sync().unwrap();
    let rescued = changed.closed.unwrap();
    wait_for(|| rescued.exists());
    assert!(fs::read_to_string(rescued).unwrap().starts_with("one\nxxx"));
}

#[test]
fn a_deleted_directory_is_made_again() {
    let mut bed = Bed::new(plain());
    bed.output.durability = Durability::Interval;
    let path = bed.dir.path().join("a/b/audit.jsonl");
    let now = Timestamp::from_micros(bed.now);
    let mut sink = FileSink::open_at(&path, &bed.output, RUN, now, bed.time.clone()).unwrap();
    write(&mut sink, "one\n");
    fs::remove_dir_all(bed.dir.path().join("a")).unwrap();
    let changed = reopen(&mut bed, &mut sink, ReopenReason::Deleted);
    write(&mut sink, "two\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), "two\n");
    let rescued = changed.closed.unwrap();
    wait_for(|| rescued.exists());
    assert_eq!(fs::read_to_string(rescued).unwrap(), "one\n");
}

#[test]
fn a_moved_file_is_left_where_it_is() {
    let mut bed = Bed::new(plain());
    let mut sink = bed.open();
    write(&mut sink, "one\n");
    let moved = bed.dir.path().join("audit.jsonl.1");
    fs::rename(bed.path(), &moved).unwrap();
    let changed = reopen(&mut bed, &mut sink, ReopenReason::Moved);
    assert_eq!(changed.closed, Some(moved.canonicalize().unwrap()));
    assert_eq!(fs::read_to_string(moved).unwrap(), "one\n");
}

#[test]
fn a_replaced_file_is_finished_and_the_new_one_written() {
    let mut bed = Bed::new(plain());
    let mut sink = bed.open();
    write(&mut sink, "one\n");
    // As logrotate does with `create`.
    let moved = bed.dir.path().join("audit.jsonl.1");
    fs::rename(bed.path(), &moved).unwrap();
    fs::write(bed.path(), "").unwrap();
    write(&mut sink, "two\n");
    assert!(rotate(&mut sink).is_err(), "not ours to rename");
    assert_eq!(fs::read_to_string(&moved).unwrap(), "one\ntwo\n");
    reopen(&mut bed, &mut sink, ReopenReason::Replaced);
    write(&mut sink, "three\n");
    assert_eq!(fs::read_to_string(bed.path()).unwrap(), "three\n");
    assert_eq!(names(bed.dir.path()), ["audit.jsonl", "audit.jsonl.1"]);
}

#[test]
fn a_file_that_was_edited_in_place_leaves_the_true_one_as_an_archive() {
    let mut bed = Bed::new(plain());
    let mut sink = bed.open();
    write(&mut sink, "evil\ngood\n");
    let edited = bed.dir.path().join("edited");
    fs::write(&edited, "good\n").unwrap();
    fs::rename(edited, bed.path()).unwrap();
    let rescued = reopen(&mut bed, &mut sink, ReopenReason::Replaced).closed.unwrap();
    wait_for(|| rescued.exists());
    assert_eq!(fs::read_to_string(rescued).unwrap(), "evil\ngood\n");
}

#[test]
fn a_truncated_file_is_gone_on_with_from_a_line_of_its_own() {
    for (left, after) in [(0, "two\n"), (2, "on\ntwo\n")] {
        let mut bed = Bed::new(plain());
        let mut sink = bed.open();
        write(&mut sink, "one\n");
        fs::OpenOptions::new().write(true).open(bed.path()).unwrap().set_len(left).unwrap();
        let changed = reopen(&mut bed, &mut sink, ReopenReason::Truncated);
        assert_eq!(changed.closed, None);
        write(&mut sink, "two\n");
        assert_eq!(fs::read_to_string(bed.path()).unwrap(), after);
    }
}

#[test]
fn a_link_in_the_files_place_is_not_followed() {
    let mut bed = Bed::new(plain());
    let mut sink = bed.open();
    let victim = bed.dir.path().join("victim");
    fs::write(&victim, "").unwrap();
    fs::remove_file(bed.path()).unwrap();
    std::os::unix::fs::symlink(&victim, bed.path()).unwrap();
    assert_eq!(bed.later(&mut sink), Some(Change::Reopen(ReopenReason::Replaced)));
    sink.change(Change::Reopen(ReopenReason::Replaced)).unwrap_err();
    write(&mut sink, "secret\n");
    assert_eq!(fs::read_to_string(victim).unwrap(), "");
}
