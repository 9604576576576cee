//! In a real Mesos with 10,000 tasks on the books: the same work with our authorizer and with Mesos's own, in
//! turn.
//!
//! The tasks wait for an executor that never registers, so they are on the master's books, in every answer and
//! behind every question of the authorizer, and cost nothing more.

mod framework;
mod http;

use std::time::{Duration, Instant};

use mesos_testbed::{Audit, Cluster, Credential, Lines, Testbed};

use crate::{
    measure::Values,
    run::{Samples, scratch},
};
use framework::Framework;

/// 80 times 125 tasks.
const BATCHES: usize = 80;
const BATCH: usize = 125;

/// GET /state, in pairs.
const PAIRS: usize = 80;

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
    let start = |audited: bool| -> Result<Side, mesos_testbed::Error> {
        let builder = testbed
            .cluster(if audited { "bench-ours" } else { "bench-bare" })?
            .flag("resources", "cpus:4000;mem:400000;disk:1000")
            // The executor is not to come.
            .flag("executor_registration_timeout", "1days")
            .flag("quiet", "true");
        let builder = if audited {
            let mut audit = Audit::new(&Audit::library("release"), &folder.path().join("events.jsonl"));
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
    };
    progress("mesos: starting it twice");
    let mut ours = start(true).map_err(|error| error.to_string())?;
    let mut bare = start(false).map_err(|error| error.to_string())?;

    for batch in 0..BATCHES {
        progress(&format!("mesos: launching, {} tasks", batch * BATCH));
        let seconds = |side: &mut Side| side.framework.launch(batch * BATCH, BATCH);
        pair(samples, "launch", batch, &mut ours, &mut bare, seconds)?;
    }
    for number in 0..PAIRS + 2 {
        progress(&format!("mesos: GET /state, {number} of {PAIRS} pairs"));
        // The first ones make Mesos's own memory grow.
        let mut warming = Samples::default();
        let into = if number < 2 { &mut warming } else { &mut *samples };
        pair(into, "state", number, &mut ours, &mut bare, |side| state(&side.cluster))?;
    }
    Ok(())
}

fn marathon() -> Credential {
    Credential::new("marathon", "marathon-secret")
}

/// Both sides once, in changing order; milliseconds, and the ratio.
fn pair(
    samples: &mut Samples,
    name: &str,
    number: usize,
    ours: &mut Side,
    bare: &mut Side,
    mut take: impl FnMut(&mut Side) -> Result<Duration, String>,
) -> Result<(), String> {
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
