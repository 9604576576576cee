//! `mesos-audit trace` over what a real Mesos did.

use std::{ffi::OsStr, fs, path::Path};

use mesos_audit_core::{
    decode::trace_id,
    event::{Action, OwnedEvent, mesos::Component},
};
use mesos_testbed::Day;
use serde_json::{Value, json};

use crate::support::{TestResult, lines, plain, program};

/// What `trace` says of a task.
struct Told {
    all: Value,
    status: Option<i32>,
    steps: Vec<String>,
}

fn trace(task: &str, files: &[&Path]) -> Result<Told, Box<dyn std::error::Error>> {
    let mut args: Vec<&OsStr> = ["trace", "--format", "json", task].map(OsStr::new).to_vec();
    args.extend(files.iter().map(|file| file.as_os_str()));
    let ran = program(&args)?;
    let all: Value = serde_json::from_slice(&ran.stdout).map_err(|error| format!("{error}: {ran:?}"))?;
    let steps = all["steps"].as_array().ok_or("no steps")?;
    let steps = steps.iter().filter_map(|step| Some(step["step"].as_str()?.to_owned())).collect();
    Ok(Told { all, status: ran.status.code(), steps })
}

/// Master and agent are one process here and write one log; two processes would write these two.
#[test]
fn a_task_is_traced_across_the_logs_of_master_and_agent() -> TestResult {
    let audited = plain("trace")?;
    let day = Day::live(&audited.cluster, &mut |_| ())?;
    audited.wait("the agent's removal", |event| event.event.action == Action::AgentLost)?;
    let folder = tempfile::tempdir()?;
    let (master, agent) = (folder.path().join("master.jsonl"), folder.path().join("agent.jsonl"));
    let (mut of_master, mut of_agent) = (String::new(), String::new());
    for line in lines(&audited.log)?.lines() {
        let event: OwnedEvent = serde_json::from_str(line)?;
        let of_it =
            if event.mesos.component == Some(Component::Agent) { &mut of_agent } else { &mut of_master };
        *of_it += line;
        of_it.push('\n');
    }
    fs::write(&master, of_master)?;
    fs::write(&agent, of_agent)?;

    let Told { all: told, status, steps } = trace(Day::FINISHED, &[&agent, &master])?;
    assert_eq!((status, &told["missing"]), (Some(0), &json!([])), "{told:#}");
    assert_eq!(
        (&told["task"], &told["framework"], &told["end"]),
        (&json!(Day::FINISHED), &json!(day.framework_id), &json!("ended"))
    );
    for step in [
        "framework",
        "attempt",
        "master_authorization",
        "master_launch",
        "agent_launch",
        "executor",
        "status",
        "end",
    ] {
        assert!(steps.iter().any(|one| one == step), "no {step} in {steps:?}");
    }
    // By its trace id as well, from the whole log.
    let Told { all: again, status, .. } =
        trace(&trace_id(&day.framework_id, Day::FINISHED), &[&audited.log])?;
    assert_eq!((status, &again["end"], &again["task"]), (Some(0), &told["end"], &told["task"]), "{again:#}");

    // With the agent's log alone, what the master must have done is named.
    let Told { all: told, status, .. } = trace(Day::FINISHED, &[&agent])?;
    assert_eq!((status, &told["missing"]), (Some(1), &json!(["attempt", "master_launch"])), "{told:#}");

    let Told { all: told, status, steps } = trace(Day::DENIED, &[&master, &agent])?;
    assert_eq!((status, &told["end"], &told["missing"]), (Some(0), &json!("denied"), &json!([])), "{told:#}");
    assert_eq!(told["framework"], json!(day.denied_framework_id));
    assert!(steps.iter().any(|step| step == "attempt"), "{steps:?}");
    assert!(!steps.iter().any(|step| step == "master_launch" || step == "agent_launch"), "{steps:?}");

    let shown = program(&["trace".as_ref(), Day::KILLED.as_ref(), master.as_os_str(), agent.as_os_str()])?;
    let text = String::from_utf8(shown.stdout)?;
    assert!(shown.status.success() && text.contains("TASK_KILLED") && text.contains("`-- ended: "), "{text}");
    Ok(())
}
