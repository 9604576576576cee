//! From nothing to the audit trail, in one command.

mod follow;
mod screen;
mod summary;

use std::{fs, path::Path, sync::Arc, time::Duration};

use anstyle::{AnsiColor, Style};
use mesos_audit::pretty;
use mesos_testbed::{Audit, Cluster, Day, Progress, Testbed};

use crate::{build, progress::Steps, root::at, run::Result};

use follow::Follower;
use screen::Screen;

/// Where the trail stays.
const LOG: &str = "target/demo/audit.jsonl";

const SCENE: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::White)));

/// Shows a day in a cluster. Tells whether everything that must be recorded was.
pub(crate) fn demo(picture: Option<&Path>) -> Result<bool> {
    let screen = Arc::new(Screen::new());
    anstream::println!(
        "{SCENE}mesos-audit: a real Apache Mesos 1.11.0 with the audit module in it{SCENE:#}\n"
    );
    let steps = Steps::default();
    let testbed = Testbed::provision(&steps)?;
    steps.done();
    let library = build::module("release")?;

    let log = at(LOG);
    start_afresh(&log)?;
    steps.step("starting mesos master and agent with the module");
    let audit = Audit::new(&library, &log).with_allocator().config("[service]\nname = \"mesos\"");
    let cluster = audit.install(testbed.cluster("demo")?)?.start()?;
    steps.done();

    anstream::println!("\n{}", pretty::legend(true));
    let follower = Follower::start(&log, &screen)?;
    let day = Day::live(&cluster, &mut |scene| {
        // The trail of the scene before, first.
        follower.settle();
        screen.line("");
        screen.line(&format!("{SCENE}\u{25b8} {scene}{SCENE:#}"));
    });
    let complete = day.and_then(|day| {
        // The agent's removal is the last thing, and its event comes a little after Mesos's answer.
        wait_for_agent_lost(&cluster, &log)?;
        Ok(day)
    });
    follower.settle();
    let events = follower.stop()?;
    let day = complete?;
    cluster.stop()?;

    anstream::println!();
    let complete = summary::print(&events, &day);
    if let Some(picture) = picture {
        fs::write(picture, screen.picture())?;
    }
    anstream::println!("\nThe log is {LOG}. Look at it with:\n");
    anstream::println!("  cargo run -q -p mesos-audit -- tail --all {LOG}");
    anstream::println!("  cargo run -q -p mesos-audit -- tail --all --outcome failure {LOG}");
    Ok(complete)
}

/// Without the log of the last time, its key and its chain's state.
fn start_afresh(log: &Path) -> Result<()> {
    let Some(folder) = log.parent() else { return Ok(()) };
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(fs::create_dir_all(folder)?)
}

fn wait_for_agent_lost(cluster: &Cluster, log: &Path) -> std::result::Result<(), mesos_testbed::Error> {
    cluster.wait_for("the event of the agent's removal", || {
        let text = fs::read_to_string(log).unwrap_or_default();
        std::thread::sleep(Duration::from_millis(20));
        Ok(text.contains(r#""action":"agent_lost""#).then_some(()))
    })
}
