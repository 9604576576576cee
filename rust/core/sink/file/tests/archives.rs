use std::os::unix::fs::PermissionsExt;

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

/// An archive of that many bytes, last written that many days ago.
fn archive(bed: &Bed, index: i64, bytes: usize, days: u64, gz: bool) -> String {
    let place = Place::new(bed.path()).unwrap();
    let mut name = place.archive(Timestamp::from_micros(START + index), RUN);
    let mut data = vec![b'x'; bytes];
    if gz {
        name += ".gz";
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&data).unwrap();
        data = encoder.finish().unwrap();
    }
    let file = fs::File::create(bed.dir.path().join(&name)).unwrap();
    (&file).write_all(&data).unwrap();
    file.set_modified(SystemTime::now() - HOUR * 24 * u32::try_from(days).unwrap()).unwrap();
    name
}

fn limits(change: impl FnOnce(&mut Output)) -> Output {
    let mut output = Output { keep_bytes: 0, ..plain() };
    change(&mut output);
    output
}

#[test]
fn the_oldest_go_first_by_count_and_only_ours_go() {
    let bed = Bed::new(limits(|output| output.keep_files = 2));
    let names: Vec<_> = (0..5).map(|index| archive(&bed, index, 10, 0, index % 2 == 0)).collect();
    let foreign =
        ["audit.jsonl.1", "audit-2.jsonl", "audit-20261123T152400.000000Z-0f1e2d3c.jsonl.old", "aaa"];
    for name in foreign {
        fs::write(bed.dir.path().join(name), "").unwrap();
    }
    let directory = Place::new(bed.path()).unwrap().archive(Timestamp::from_micros(1), RUN);
    fs::create_dir(bed.dir.path().join(&directory)).unwrap();
    rounds(&bed).pass(SystemTime::now());
    fs::remove_dir(bed.dir.path().join(&directory)).expect("a directory is no archive");
    let left = super::names(bed.dir.path());
    assert_eq!(names.iter().filter(|name| left.contains(name)).collect::<Vec<_>>(), [&names[3], &names[4]]);
    assert!(foreign.iter().all(|name| left.iter().any(|left| left == name)));
}

#[test]
fn the_live_file_and_its_room_to_grow_count_among_the_bytes() {
    for (live, kept) in [(0, 3), (100, 3), (150, 2), (400, 0)] {
        let bed = Bed::new(limits(|output| output.keep_bytes = 430));
        fs::write(bed.path(), "x".repeat(live)).unwrap();
        for index in 0..5 {
            archive(&bed, index, 110, 0, false);
        }
        rounds(&bed).pass(SystemTime::now());
        assert_eq!(names(bed.dir.path()).len() - 1, kept, "{live}");
    }
}

#[test]
fn age_counts_only_while_the_clock_runs_evenly() {
    let bed = Bed::new(limits(|output| output.keep_days = 30));
    for (index, days) in [31, 29, 31].into_iter().enumerate() {
        archive(&bed, index as i64, 10, days, false);
    }
    let mut rounds = rounds(&bed);
    let wall = SystemTime::now();
    rounds.pass(wall);
    assert_eq!(names(bed.dir.path()).len(), 3, "not at once");
    bed.time.skip(HOUR);
    rounds.pass(wall + HOUR * 24 * 3_650);
    assert_eq!(names(bed.dir.path()).len(), 3, "the clock has jumped");
    bed.time.skip(HOUR / 2);
    rounds.pass(wall + HOUR + HOUR / 2);
    assert_eq!(names(bed.dir.path()).len(), 3, "and back");
    bed.time.skip(HOUR);
    rounds.pass(wall + HOUR * 2 + HOUR / 2);
    assert_eq!(names(bed.dir.path()).len(), 1);
}

#[test]
fn an_archive_is_compressed_when_it_has_been_there_for_a_while() {
    let mut bed = Bed::new(Output { compress: Compress::Gzip, ..plain() });
    bed.output.mode = "0600".to_owned();
    let mut sink = bed.open();
    write(&mut sink, &format!("{}\n", "compress me ".repeat(100_000)));
    let closed = rotate(&mut sink).unwrap().closed.unwrap();
    let modified = fs::metadata(&closed).unwrap().modified().unwrap();
    let gz = PathBuf::from(format!("{}.gz", closed.display()));
    let mut rounds = rounds(&bed);
    rounds.pass(modified + Duration::from_secs(59));
    assert!(closed.exists() && !gz.exists());
    // Until the sink's own thread has let go of it, it is left alone.
    wait_for(|| {
        keeper::Rounds::new(
            Place::new(bed.path()).unwrap(),
            &bed.output,
            bed.time.clone(),
            Default::default(),
        )
        .pass(modified + Duration::from_secs(60));
        gz.exists() && !closed.exists()
    });
    let metadata = fs::metadata(&gz).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(metadata.modified().unwrap(), modified);
    assert!(metadata.len() < 20_000);
    let name = gz.file_name().unwrap().to_str().unwrap();
    assert_eq!(contents(bed.dir.path())[name].len(), 1_200_001);
    let text = Command::new("gzip").arg("-tv").arg(&gz).output().unwrap();
    assert!(text.status.success(), "gzip reads it: {text:?}");
}

#[test]
fn many_archives_do_not_wait_for_their_time() {
    let bed = Bed::new(limits(|output| output.compress = Compress::Gzip));
    for index in 0..6 {
        archive(&bed, index, 10, 0, false);
    }
    rounds(&bed).pass(SystemTime::now());
    let compressed: Vec<_> = names(bed.dir.path()).iter().map(|name| name.ends_with(".gz")).collect();
    assert_eq!(compressed, [true, true, false, false, false, false]);
}

#[test]
fn an_archive_that_somebody_writes_to_is_left_alone() {
    let mut bed = Bed::new(limits(|output| output.compress = Compress::Gzip));
    bed.output.compress_after_s = 0;
    bed.output.keep_files = 1;
    let names: Vec<_> = (0..2).map(|index| archive(&bed, index, 10, 0, false)).collect();
    let writer = fs::File::open(bed.dir.path().join(&names[0])).unwrap();
    writer.lock().unwrap();
    rounds(&bed).pass(SystemTime::now());
    assert_eq!(super::names(bed.dir.path()), [names[0].clone(), format!("{}.gz", names[1])]);
    drop(writer);
    // A lock outlives its file while a child that another test forks has not begun its program yet.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while super::names(bed.dir.path()) != [format!("{}.gz", names[1])] {
        assert!(std::time::Instant::now() < deadline, "{:?}", super::names(bed.dir.path()));
        rounds(&bed).pass(SystemTime::now());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn a_failure_while_compressing_leaves_the_plain_one_and_is_tried_again() {
    for step in &compress::STEPS[..3] {
        for errno in [libc::ENOSPC, libc::EIO, libc::EMFILE] {
            let mut bed = Bed::new(limits(|output| output.compress = Compress::Gzip));
            bed.output.compress_after_s = 0;
            let name = archive(&bed, 0, 200_000, 0, false);
            let mut rounds = rounds(&bed);
            fault::fail_at(Some((step, errno)));
            rounds.pass(SystemTime::now());
            fault::fail_at(None);
            assert_eq!(names(bed.dir.path()), std::slice::from_ref(&name), "{step}");
            rounds.pass(SystemTime::now());
            assert_eq!(names(bed.dir.path()), std::slice::from_ref(&name), "not at once");
            bed.time.skip(Duration::from_secs(60));
            rounds.pass(SystemTime::now());
            assert_eq!(names(bed.dir.path()), [format!("{name}.gz")]);
        }
    }
}

#[test]
fn nothing_is_touched_before_the_sink_is_used() {
    // A start looks for the file of a run that died while it rotated, by its inode.
    let mut bed = Bed::new(limits(|output| output.compress_after_s = 0));
    bed.output.compress = Compress::Gzip;
    let plain = bed.dir.path().join(archive(&bed, 1, 10, 1, false));
    let mut sink = bed.open();
    std::thread::sleep(Duration::from_millis(200));
    assert!(plain.exists());
    write(&mut sink, "one\n");
    wait_for(|| !plain.exists());
}
