//! In a real Mesos with 10,000 tasks on the books, and on the way there and on to 20,000: the same work with our
//! authorizer and with Mesos's own, in turn.
//!
//! The tasks wait for an executor that never registers, so they are on the master's books, in every answer and
//! behind every question of the authorizer, and cost nothing more.

mod framework;
mod http;

use std::{
    ops::Range,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use mesos_testbed::{Audit, Cluster, Credential, Lines, Testbed};

use crate::{
    machine::threads_cpu,
    measure::Values,
    run::{Samples, scratch},
};
use framework::Framework;

/// 80 times 125 tasks, and as many again once those are on the books.
const BATCHES: usize = 80;
const BATCH: usize = 125;

/// GET /state, in pairs, in between.
const PAIRS: usize = 40;

/// Two processes are never quite as quick as each other, whatever they do, so that is done with several pairs of them. The
/// times of a launch swing by a sixth: to know half a percent of them takes two thousand.
const ROUNDS: usize = 12;

/// Two Mesos that have nothing to do for so long, but for their timers, are done with what was asked of them.
const CALM: Duration = Duration::from_millis(50);

/// What their timers take of a processor is a tenth of this.
const CALM_SHARE: f64 = 0.05;

/// And come to that state within this.
const PATIENCE: Duration = Duration::from_secs(60);

struct Side {
    cluster: Cluster,
    framework: Framework,
}

/// Adds what it finds.
///
/// # Errors
/// Mesos does not start, or does not do what it should.
pub fn measure(samples: &mut Samples, progress: &mut dyn FnMut(&str)) -> Result<(), String> {
    let folder = scratch()?;
    let testbed = Testbed::provision(&Lines).map_err(|error| error.to_string())?;
    for round in 0..ROUNDS {
        let mut tell = |what: &str| progress(&format!("mesos, round {} of {ROUNDS}: {what}", round + 1));
        tell("starting it twice");
        let log = folder.path().join(format!("{round}.jsonl"));
        let start = |log: Option<&Path>| side(&testbed, log).map_err(|error| error.to_string());
        let (mut ours, mut bare);
        if round.is_multiple_of(2) {
            ours = start(Some(&log))?;
            bare = start(None)?;
        } else {
            bare = start(None)?;
            ours = start(Some(&log))?;
        }
        work(samples, &mut ours, &mut bare, &mut tell)?;
    }
    Ok(())
}

/// A Mesos with our authorizer, which records to `log`, or one with its own.
fn side(testbed: &Testbed, log: Option<&Path>) -> Result<Side, mesos_testbed::Error> {
    let builder = testbed
        .cluster(if log.is_some() { "bench-ours" } else { "bench-bare" })?
        .flag("resources", "cpus:8000;mem:800000;disk:1000")
        // The executor is not to come.
        .flag("executor_registration_timeout", "1days")
        .flag("quiet", "true");
    let builder = if let Some(log) = log {
        let mut audit = Audit::new(&Audit::library("release"), log);
        // Only what is compared: who logs in is Mesos's own affair on both sides.
        for module in ["Anonymous", "Hook", "Authenticator", "HttpAuthenticator"] {
            audit = audit.without(module);
        }
        audit.without("HttpFrameworkAuthenticator").install(builder)?
    } else {
        let builder = builder.credentials(&Audit::people())?.agent_credential("agent", "agent-secret")?;
        builder.authenticate().acls(&Audit::acls())
    };
    let cluster = builder.flag("http_framework_authenticators", "basic").start()?;
    let ended = format!("while [ -d /proc/{} ]; do sleep 1; done", cluster.pid());
    let framework =
        Framework::subscribe(cluster.port(), &marathon(), &ended).map_err(mesos_testbed::Error::new)?;
    Ok(Side { cluster, framework })
}

/// All the tasks, and what is asked about the first half of them.
fn work(
    samples: &mut Samples,
    ours: &mut Side,
    bare: &mut Side,
    tell: &mut dyn FnMut(&str),
) -> Result<(), String> {
    launches(samples, 0..BATCHES, ours, bare, tell)?;
    for number in 0..PAIRS + 2 {
        tell(&format!("GET /state, {number} of {PAIRS} pairs"));
        // The first ones make Mesos's own memory grow.
        let mut warming = Samples::default();
        let into = if number < 2 { &mut warming } else { &mut *samples };
        pair(into, "state", number, ours, bare, |side| state(&side.cluster))?;
    }
    launches(samples, BATCHES..2 * BATCHES, ours, bare, tell)
}

fn launches(
    samples: &mut Samples,
    batches: Range<usize>,
    ours: &mut Side,
    bare: &mut Side,
    tell: &mut dyn FnMut(&str),
) -> Result<(), String> {
    for batch in batches {
        tell(&format!("launching, {} tasks", batch * BATCH));
        let launch = |side: &mut Side| side.framework.launch(batch * BATCH, BATCH);
        pair(samples, "launch", batch, ours, bare, launch)?;
    }
    Ok(())
}

fn marathon() -> Credential {
    Credential::new("marathon", "marathon-secret")
}

/// Both sides once, in changing order, each while the other has nothing to do; milliseconds, and the ratio.
fn pair(
    samples: &mut Samples,
    name: &str,
    number: usize,
    ours: &mut Side,
    bare: &mut Side,
    mut take: impl FnMut(&mut Side) -> Result<Duration, String>,
) -> Result<(), String> {
    let sides = [ours.cluster.pid(), bare.cluster.pid()];
    let mut take = |side| {
        settle(sides)?;
        take(side)
    };
    let (with, without) = if number.is_multiple_of(2) {
        let with = take(ours)?;
        (with, take(bare)?)
    } else {
        let without = take(bare)?;
        (take(ours)?, without)
    };
    let (with, without) = (with.as_secs_f64() * 1e3, without.as_secs_f64() * 1e3);
    let values = [
        (format!("{name}.ours"), with),
        (format!("{name}.bare"), without),
        (format!("{name}.ratio"), with / without),
    ];
    samples.add("mesos", Values::from(values));
    Ok(())
}

/// Until both processes have nothing more to do: when the master has dealt with a launch, the agent has not.
fn settle(processes: [u32; 2]) -> Result<(), String> {
    let spent =
        || Ok::<_, String>(threads_cpu(processes[0], |_| true)? + threads_cpu(processes[1], |_| true)?);
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let before = spent()?;
        thread::sleep(CALM);
        if spent()? - before < CALM.as_nanos() as f64 * CALM_SHARE {
            return Ok(());
        }
    }
    Err(format!("Mesos is still busy after {} s", PATIENCE.as_secs()))
}

fn state(cluster: &Cluster) -> Result<Duration, String> {
    let ops = Credential::new("ops", "ops-secret");
    let start = Instant::now();
    let answer = cluster.get("/master/state", Some(&ops)).map_err(|error| error.to_string())?;
    let taken = start.elapsed();
    let tasks = answer.body.matches("\"state\":\"TASK_STAGING\"").count();
    if tasks < BATCHES * BATCH {
        return Err(format!("/state has {tasks} tasks (status {})", answer.status));
    }
    Ok(taken)
}
