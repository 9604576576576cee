//! `mesos-audit trace`.

mod args;
mod gather;
mod show;
mod step;

use std::io;

pub(crate) use args::Args;
use gather::{Ids, Nothing, framework_id, task_id};
use mesos_audit_core::event::{Action, OwnedEvent};

use super::events::each_event;
use crate::{
    pretty::quoted,
    report::{Status, complain},
};

/// The chain of one task.
pub(crate) struct Chain {
    ids: Ids,
    events: Vec<(step::Step, OwnedEvent)>,
    end: step::End,
    missing: Vec<step::Step>,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    if args.files.iter().any(|path| path.as_os_str() == "-") {
        complain("goes through its files twice, so it cannot read standard input");
        return Ok(Status::Failed);
    }
    // Twice through the files, so that memory holds no more than what may belong to the task.
    let mut named = Vec::new();
    let status = each_event(&args.files, true, |event, _| {
        let is_trace = event.trace.as_ref().is_some_and(|trace| trace.id == args.task);
        if is_trace || task_id(&event) == Some(&*args.task) {
            named.push(event);
        }
    });
    if status == Status::Failed {
        return Ok(status);
    }
    let ids = match Ids::of(&args.task, args.framework.as_deref(), named.iter()) {
        Ok(ids) => ids,
        Err(nothing) => {
            let task = quoted(&args.task).into_owned();
            match nothing {
                Nothing::NoSuchTask => complain(format_args!("no event in these files names a task {task}")),
                Nothing::Frameworks(frameworks) => {
                    let all: Vec<_> = frameworks.iter().map(|id| quoted(id)).collect();
                    complain(format_args!(
                        "several frameworks have a task {task}: choose by --framework from {}",
                        all.join(", ")
                    ));
                }
            }
            return Ok(Status::Failed);
        }
    };
    let mut events = Vec::new();
    // What is wrong with the files was told the first time.
    let again = each_event(&args.files, false, |event, _| {
        if ids.has(&event) {
            events.push(event);
        }
    });
    let chain = Chain::new(ids, events);
    let gaps = if chain.missing.is_empty() { Status::Fine } else { Status::Wrong };
    match args.format {
        args::Format::Text => show::tree(&chain, args.color)?,
        args::Format::Json => show::json(&chain)?,
    }
    Ok(status.max(again).max(gaps))
}

impl Chain {
    fn new(ids: Ids, mut events: Vec<OwnedEvent>) -> Self {
        // A file that was given twice tells nothing twice.
        events.sort_by(|a, b| a.event.id.cmp(&b.event.id));
        events.dedup_by(|a, b| a.event.id == b.event.id);
        let received = events
            .iter()
            .filter(|event| {
                event.event.action == Action::TaskLaunch
                    && event.mesos.component == Some(mesos_audit_core::event::mesos::Component::Agent)
                    && framework_id(event).is_some()
            })
            .map(|event| event.timestamp)
            .min();
        let mut events: Vec<_> =
            events.into_iter().map(|event| (step::step(&event, received), event)).collect();
        events.sort_by(|(one, a), (two, b)| {
            (one, a.timestamp, &a.process.entity_id, a.event.sequence).cmp(&(
                two,
                b.timestamp,
                &b.process.entity_id,
                b.event.sequence,
            ))
        });
        let (end, missing) = step::judge(&events);
        Self { ids, events, end, missing }
    }
}
