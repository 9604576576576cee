//! Decisions that Mesos hears only once their record is on disk, and what it hears where that cannot be.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use mesos_audit_core::event::{Action, OwnedEvent, ecs::Kind, mesos::Decision};
use mesos_testbed::{Framework, Scheduler, Task};

use crate::support::{Audited, TestResult, events, ops, prepare, start, task};

const DEADLINE: Duration = Duration::from_millis(500);

fn config(failure: &str) -> String {
    format!(
        "[authorization]\ndurable = [\"RUN_TASK\"]\ndurable_ms = {}\ndurable_failure = \"{failure}\"",
        DEADLINE.as_millis()
    )
}

fn marathon(audited: &Audited) -> Result<Scheduler, Box<dyn std::error::Error>> {
    Ok(audited.cluster.scheduler(&Framework::new("marathon").login("marathon", "marathon-secret"))?)
}

fn is_answer(event: &OwnedEvent, id: &str) -> bool {
    event.event.action == Action::Authorization && task(event) == id
}

#[test]
fn a_task_runs_once_its_authorization_is_on_disk() -> TestResult {
    let audited = start("durable", "release", |builder, audit| (builder, audit.config(&config("deny"))))?;
    let mut marathon = marathon(&audited)?;
    marathon.launch(&Task::new("task", "true"))?;
    marathon.wait_status("task", "TASK_RUNNING")?;
    // Not waited for: it must be there by now.
    let events = audited.events()?;
    let answer = events.iter().find(|event| is_answer(event, "task")).expect("the answer that let it run");
    assert_eq!(answer.mesos.authz.as_ref().unwrap().decision, Some(Decision::Allowed));
    assert!(events.iter().all(|event| event.event.kind == Kind::Event), "nothing was late");
    marathon.wait_status("task", "TASK_FINISHED")?;
    marathon.stop()?;
    Ok(())
}

/// A small file system, for all to see as long as this lives: Mesos must see it as well as the test.
struct Disk(PathBuf);

impl Disk {
    fn mount(dir: &Path) -> Option<Self> {
        fs::create_dir(dir).ok()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "audit"]).arg(dir);
        let mounted = mount.status().is_ok_and(|status| status.success());
        mounted.then(|| Self(dir.to_owned()))
    }

    fn fill(&self) -> TestResult {
        let mut filler = fs::File::create(self.0.join("filler"))?;
        let error = loop {
            if let Err(error) = filler.write_all(&[0; 4096]) {
                break error;
            }
        };
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        Ok(())
    }

    fn empty(&self) -> TestResult {
        Ok(fs::remove_file(self.0.join("filler"))?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: Mesos may still have the log open.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// What a full disk does to a launch; tells the event that says so afterwards.
fn on_a_full_disk(failure: &str, judge: impl FnOnce(&mut Scheduler) -> TestResult) -> TestResult {
    let (builder, audit, log) = prepare(&format!("durable-{failure}"), "release")?;
    let folder = builder.dir().join("disk");
    let Some(disk) = Disk::mount(&folder) else {
        eprintln!("SKIPPED: this user cannot mount a tmpfs on this machine");
        return Ok(());
    };
    let settings = builder.dir().join("full.toml");
    let small = folder.join("audit.jsonl");
    fs::write(
        &settings,
        format!("[output]\npath = {:?}\n{}\n", small.display().to_string(), config(failure)),
    )?;
    drop(log);
    let cluster = audit.config_path(&settings).install(builder)?.start()?;
    let audited = Audited { cluster, log: small };
    let mut marathon = marathon(&audited)?;
    marathon.login()?;

    disk.fill()?;
    // The page that the log's last line is in has room for some more.
    for _ in 0..20 {
        assert_eq!(audited.cluster.get("/master/state", Some(&ops()))?.status, 200);
    }
    marathon.launch(&Task::new("task", "true"))?;
    let until = Instant::now() + 2 * DEADLINE;
    let mut slowest = Duration::ZERO;
    while Instant::now() < until {
        let asked = Instant::now();
        assert_eq!(audited.cluster.get("/health", Some(&ops()))?.status, 200);
        slowest = slowest.max(asked.elapsed());
    }
    assert!(slowest < 4 * DEADLINE, "the master was not there for {slowest:?}");
    judge(&mut marathon)?;

    disk.empty()?;
    let answer = if failure == "deny" { "denied" } else { "allowed" };
    let told = audited.wait("the answer without a record", |event| {
        let audit = event.mesos.audit.as_ref();
        event.event.action == Action::AuditAnswerUnrecorded
            && audit.and_then(|audit| audit.unrecorded.as_ref()).is_some_and(|told| told.answer == answer)
    })?;
    assert_eq!(told.event.kind, Kind::PipelineError);
    // The record itself waited in memory.
    assert!(events(&audited.log)?.iter().any(|event| is_answer(event, "task")));
    marathon.stop()?;
    Ok(())
}

#[test]
fn a_task_is_denied_where_its_authorization_cannot_be_written() -> TestResult {
    on_a_full_disk("deny", |marathon| {
        let status = marathon.wait_status("task", "TASK_ERROR")?;
        assert!(status.to_string().contains("REASON_TASK_UNAUTHORIZED"), "{status}");
        Ok(())
    })
}

#[test]
fn a_task_runs_all_the_same_if_that_was_chosen() -> TestResult {
    on_a_full_disk("allow", |marathon| {
        marathon.wait_status("task", "TASK_FINISHED")?;
        Ok(())
    })
}
