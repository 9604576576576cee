//! Random faults at full rate, round after round, each on a log of its own; after each everything is accounted for.

use std::{
    env, fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    Result,
    account::{Account, Run},
    at,
    bed::Bed,
    child::Child,
    disk::Disk,
    space::Space,
    tally::Sent,
};

/// Megabytes of a round's own file system, and by how many it grows after it was full.
const SPACE: u64 = 48;

/// More than all that can wait in queue and backlog makes of lines.
const ALL_THAT_WAITS: u64 = 160;

/// The most megabytes that a round's log may take of a disk that is not its own; less where less is free.
const MOST: u64 = 2 << 10;

/// With less there is no round.
const LEAST: u64 = 64;

/// More than any event of a sender takes in the log.
const EVENT_BYTES: u64 = 700;

/// SplitMix64: the same seed, the same faults.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % limit
    }
}

/// What was done and what came of it.
#[derive(Debug, Default)]
struct Totals {
    rounds: u64,
    kills: u64,
    deletions: u64,
    pauses: u64,
    full: u64,
    failing: u64,
    sent: u64,
    recorded: u64,
    dropped: u64,
    died: u64,
    torn: u64,
    failures: Vec<String>,
}

/// Goes on for so many minutes. Tells whether every event was accounted for.
///
/// # Errors
/// It could not be tried.
pub fn soak(minutes: u64, seed: Option<u64>) -> Result<bool> {
    let seed = match seed {
        Some(seed) => seed,
        None => getrandom::u64().map_err(at("random bytes"))?,
    };
    let program = env::current_exe().map_err(at("this program"))?;
    let with_space = Space::is_possible();
    if !with_space {
        println!("no mount namespaces for this user: disks do not fill up");
    }
    println!("seed {seed}");
    let (mut random, mut totals) = (Random(seed), Totals::default());
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    while Instant::now() < end {
        totals.rounds += 1;
        // Every other one, so that there are long logs as well.
        let with_space = with_space && totals.rounds.is_multiple_of(2);
        let before = totals.sent;
        if let Err(error) = round(&program, with_space, &mut random, &mut totals) {
            println!("round {}: {error}", totals.rounds);
            totals.failures.push(format!("round {}: {error}", totals.rounds));
        } else {
            println!("round {}: {} events, all accounted for", totals.rounds, totals.sent - before);
        }
    }
    table(&totals);
    Ok(totals.failures.is_empty())
}

/// One log: some processes, of which all but the last are killed.
fn round(program: &Path, with_space: bool, random: &mut Random, totals: &mut Totals) -> Result<()> {
    // Blocked rather than dropped, mostly: the more is recorded, the more there is to be missed.
    let full = if random.below(3) == 0 { "drop" } else { "block" };
    let config = format!(
        "rotate_bytes = {}\n[queue]\nbytes = {}\nwhen_full = \"{full}\"\nblock_ms = 10000\n[integrity]\nseal_ms = {}\n",
        1 << (20 + random.below(6)),
        // On a file system that is in memory, less of it.
        if with_space { 4 << 20 } else { 48 << 20 },
        10 + random.below(200),
    );
    let mut bed = if with_space {
        let bed = Bed::sized(program, &config, "1m")?;
        bed.space()?.grow(SPACE)?;
        bed
    } else {
        Bed::new(program, &config)?
    };
    let disk = bed.disk()?;
    let mut sent = Vec::new();
    let processes = 1 + random.below(4);
    let kept = if with_space { u64::MAX } else { room(&bed)? / processes / EVENT_BYTES };
    for left in (0..processes).rev() {
        let mut child = bed.start()?;
        child.tell(&format!("flow {} {kept}", 1 + random.below(3)))?;
        for _ in 0..1 + random.below(3) {
            sleep(Duration::from_millis(random.below(120)));
            fault(&bed, &disk, &child, random, totals)?;
        }
        if left > 0 {
            totals.kills += 1;
            sent.push(child.kill()?);
            if with_space {
                // The next one must be able to start: a full disk refuses it.
                bed.space()?.grow(SPACE)?;
            }
        } else {
            child.tell("halt")?;
            if with_space {
                bed.space()?.grow(ALL_THAT_WAITS)?;
            }
            let ended = child.end().map_err(|error| {
                let free = free(bed.logs()).unwrap_or_default();
                format!("{error}, {free} MB free in {}", bed.logs().display())
            });
            sent.push(ended?.0);
        }
    }
    judge(&bed, &sent, totals)
}

/// Bytes that its log may take.
fn room(bed: &Bed) -> Result<u64> {
    // Half of it: what was deleted is there twice while it is copied, and others use the disk as well.
    match (free(bed.logs())? / 2).min(MOST) {
        ..LEAST => Err(format!("less than {} MB are free for {}", 2 * LEAST, bed.logs().display())),
        room => Ok(room << 20),
    }
}

/// Megabytes that are free there.
fn free(path: &Path) -> Result<u64> {
    let state = rustix::fs::statvfs(path).map_err(at("statvfs"))?;
    Ok((state.f_bavail * state.f_frsize) >> 20)
}

fn fault(bed: &Bed, disk: &Disk, child: &Child, random: &mut Random, totals: &mut Totals) -> Result<()> {
    match random.below(4) {
        3 => {
            totals.failing += 1;
            let orders = ["write error 5", "write error 28", "write wait 50", "write hang", "sync error 5"];
            disk.order(orders[usize::try_from(random.below(orders.len() as u64)).unwrap_or(0)])?;
            sleep(Duration::from_millis(random.below(400)));
            disk.works()?;
        }
        0 => {
            totals.pauses += 1;
            child.pause();
            sleep(Duration::from_millis(random.below(300)));
            child.resume();
        }
        // Not on a disk that may be full as well: there is no room then for a copy of what was deleted.
        1 if bed.space().is_err() => {
            totals.deletions += 1;
            // It may be gone already, and not yet made again.
            let _ = fs::remove_file(bed.live());
            // Until it is made again, and what it held is copied, a SIGKILL takes that along: that is `rm`.
            sleep(Duration::from_millis(600));
            wait_for_the_copy(bed);
            // On a busy machine the copy may not even have begun.
            sleep(Duration::from_secs(1));
            wait_for_the_copy(bed);
        }
        _ => {
            let Ok(space) = bed.space() else { return Ok(()) };
            totals.full += 1;
            let filler = bed.logs().join("filler");
            let _ = fs::File::create(&filler)
                .and_then(|mut file| std::io::copy(&mut std::io::repeat(0), &mut file));
            sleep(Duration::from_millis(random.below(400)));
            fs::remove_file(filler).map_err(at("filler"))?;
            if random.below(2) == 0 {
                space.grow(SPACE)?;
                sleep(Duration::from_millis(300));
            }
        }
    }
    Ok(())
}

fn wait_for_the_copy(bed: &Bed) {
    let end = Instant::now() + Duration::from_secs(20);
    let unfinished = || {
        let names = fs::read_dir(bed.logs()).into_iter().flatten().flatten();
        !bed.live().exists()
            || names.map(|entry| entry.file_name()).any(|name| name.as_encoded_bytes().ends_with(b".tmp"))
    };
    while unfinished() && Instant::now() < end {
        sleep(Duration::from_millis(20));
    }
}

fn judge(bed: &Bed, sent: &[Sent], totals: &mut Totals) -> Result<()> {
    let account: Account = bed.account()?;
    if account.runs.len() != sent.len() {
        return Err(format!("{} processes ran, {} are in the log", sent.len(), account.runs.len()));
    }
    let last = sent.len() - 1;
    for (number, (run, sent)) in account.runs.iter().zip(sent).enumerate() {
        let wrong = |error| format!("process {number}: {error}");
        if number == last {
            run.is_complete(sent).map_err(wrong)?;
        } else {
            totals.died += run.tail(sent).map_err(wrong)?;
        }
        totals.sent += sent.total();
    }
    totals.recorded += account.runs.iter().map(|run| run.recorded).sum::<u64>();
    totals.dropped += account.runs.iter().map(Run::dropped).sum::<u64>();
    totals.torn += account.torn;
    let verified = bed.verify()?;
    if !matches!(verified.code, 0 | 3) {
        return Err(format!("verify ended with {}: {:#}", verified.code, verified.report));
    }
    Ok(())
}

fn table(totals: &Totals) {
    println!();
    for (what, count) in [
        ("rounds", totals.rounds),
        ("processes killed", totals.kills),
        ("live files deleted", totals.deletions),
        ("pauses", totals.pauses),
        ("full disks", totals.full),
        ("failing, slow, hung disks", totals.failing),
        ("events sent", totals.sent),
        ("  recorded", totals.recorded),
        ("  announced as dropped", totals.dropped),
        ("  the last before a SIGKILL", totals.died),
        ("lines torn by a SIGKILL", totals.torn),
    ] {
        println!("{what:28} {count:>14}");
    }
    let unexplained = totals.sent.abs_diff(totals.recorded + totals.dropped + totals.died);
    println!("{:28} {unexplained:>14}", "unaccounted for");
    for failure in &totals.failures {
        println!("FAILED: {failure}");
    }
}
