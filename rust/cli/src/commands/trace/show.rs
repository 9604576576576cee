//! A chain on the terminal, and as JSON.

use std::io::{self, Write};

use mesos_audit_core::{clock::Timestamp, decode::trace_id};
use serde_json::json;

use super::{
    Chain,
    step::{End, Step},
};
use crate::{
    commands::tail::Color,
    pretty::{Printer, quoted},
};

/// Seconds between two events, with a sign: the clocks of two machines may differ.
fn gap(before: Option<Timestamp>, at: Timestamp) -> String {
    let Some(before) = before else { return "start".to_owned() };
    let micros = at.as_micros() - before.as_micros();
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.unsigned_abs();
    format!("{sign}{}.{:03} s", micros / 1_000_000, micros % 1_000_000 / 1_000)
}

pub(super) fn tree(chain: &Chain, color: Color) -> io::Result<()> {
    let colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let mut out = io::stdout().lock();
    let printer = Printer::new(colored);
    write!(out, "task {}", quoted(&chain.ids.task))?;
    if let Some(framework) = &chain.ids.framework {
        let trace = trace_id(framework, &chain.ids.task);
        write!(out, " framework {} trace {trace}", quoted(framework))?;
    }
    writeln!(out)?;
    let mut before = None;
    for step in Step::ALL {
        let events: Vec<_> = chain.events.iter().filter(|(one, _)| *one == step).collect();
        let is_missing = chain.missing.contains(&step);
        if events.is_empty() && !is_missing {
            continue;
        }
        writeln!(out, "|-- {}", step.title())?;
        for (_, event) in &events {
            writeln!(out, "|   |-- {:>10}  {}", gap(before, event.timestamp), printer.line(event))?;
            before = Some(event.timestamp);
        }
        if is_missing {
            let what = if events.is_empty() {
                "no event of it in these files"
            } else {
                "no end of it in these files"
            };
            writeln!(out, "|   `-- MISSING: {what}")?;
        }
    }
    let end = match chain.end {
        End::Denied => "denied",
        End::Ended => "ended",
        End::Open => "no end recorded",
    };
    let missing = match chain.missing.len() {
        0 => "complete".to_owned(),
        count => format!("{count} of its steps missing"),
    };
    writeln!(out, "`-- {end}: {} events, {missing}", chain.events.len())
}

pub(super) fn json(chain: &Chain) -> io::Result<()> {
    let mut before = None;
    let mut steps = Vec::new();
    for (step, event) in &chain.events {
        let gap = before.map(|before: Timestamp| event.timestamp.as_micros() - before.as_micros());
        before = Some(event.timestamp);
        steps.push(json!({"step": step, "gap_us": gap, "event": event}));
    }
    let whole = json!({
        "task": chain.ids.task,
        "framework": chain.ids.framework,
        "trace": chain.ids.framework.as_ref().map(|framework| trace_id(framework, &chain.ids.task)),
        "end": chain.end,
        "missing": chain.missing,
        "steps": steps,
    });
    writeln!(io::stdout().lock(), "{whole}")
}
