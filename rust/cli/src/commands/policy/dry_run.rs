//! What a policy would keep of logs.

use std::io::{self, BufWriter, Write};

use mesos_audit_core::{
    config::PolicyLevel as Level,
    event::OwnedEvent,
    policy::{Facts, Policy},
};
use serde_json::{Value, json};

use super::{super::events::each_event, Args, Format, lacking};
use crate::report::Status;

/// Of one rule.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    events: u64,
    bytes: u64,
    /// Bytes that would be written.
    kept: u64,
}

pub(super) fn run(args: &Args, policy: &Policy) -> io::Result<Status> {
    let mut sums = vec![Sum::default(); policy.len() + 1];
    let mut own = Sum::default();
    let status = each_event(&args.files, true, |event, bytes| {
        let bytes = bytes as u64;
        let verdict = policy.judge(&Facts::of_event(&event));
        let is_own = !event.event.action.is_of_mesos();
        let sum = if is_own { &mut own } else { &mut sums[verdict.index] };
        sum.events += 1;
        sum.bytes += bytes;
        sum.kept += match verdict.level {
            Level::Skip | Level::Count => 0,
            Level::Metadata => bytes.saturating_sub(lacking_bytes(&event)),
            Level::Full => bytes,
        };
    });
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => writeln!(out, "{}", report(policy, &sums, own))?,
        Format::Text => table(&mut out, policy, &sums, own)?,
    }
    out.flush()?;
    Ok(status)
}

/// Bytes, as JSON, of what level `metadata` leaves out.
fn lacking_bytes(event: &OwnedEvent) -> u64 {
    let bytes = |(path, value): (&str, Value)| {
        let name = path.rsplit('.').next().unwrap_or(path);
        // Quotes, colon and comma.
        (name.len() + value.to_string().len() + 4) as u64
    };
    lacking(event).into_iter().map(bytes).sum()
}

fn report(policy: &Policy, sums: &[Sum], own: Sum) -> Value {
    let rules: Vec<_> = (0..)
        .zip(sums)
        .map(|(index, sum)| {
            let (rule, level) = policy.rule(index);
            json!({"rule": rule, "level": level, "events": sum.events, "bytes": sum.bytes, "kept_bytes": sum.kept})
        })
        .collect();
    json!({"policy": policy.digest(), "rules": rules, "own": {"events": own.events, "bytes": own.bytes}})
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn table(out: &mut impl Write, policy: &Policy, sums: &[Sum], own: Sum) -> io::Result<()> {
    let add = |sum: Sum, one: &Sum| Sum {
        events: sum.events + one.events,
        bytes: sum.bytes + one.bytes,
        kept: sum.kept + one.kept,
    };
    let all = sums.iter().fold(own, add);
    let width = (0..sums.len()).map(|index| policy.rule(index).0.len()).max().unwrap_or_default().max(12);
    writeln!(out, "policy {}", policy.digest())?;
    writeln!(
        out,
        "{:width$}  {:8}  {:>10}  {:>6}  {:>12}  {:>12}",
        "rule", "level", "events", "", "bytes", "kept"
    )?;
    for (index, sum) in sums.iter().enumerate() {
        let (rule, level) = policy.rule(index);
        row(out, width, rule, level.name(), *sum, all)?;
    }
    row(out, width, "mesos-audit", "full", own, all)?;
    let recorded = |level: Level| {
        let of = |index: &usize| policy.rule(*index).1 == level;
        (0..sums.len()).filter(of).map(|index| sums[index].events).sum::<u64>()
    };
    writeln!(
        out,
        "{} of {} events would be recorded in full, {} as metadata, {} counted, {} skipped: about {:.0} % of the bytes",
        recorded(Level::Full) + own.events,
        all.events,
        recorded(Level::Metadata),
        recorded(Level::Count),
        recorded(Level::Skip),
        percent(all.kept, all.bytes)
    )
}

fn row(out: &mut impl Write, width: usize, rule: &str, level: &str, sum: Sum, all: Sum) -> io::Result<()> {
    let share = percent(sum.events, all.events);
    let Sum { events, bytes, kept } = sum;
    writeln!(out, "{rule:width$}  {level:8}  {events:>10}  {share:>4.1} %  {bytes:>12}  {kept:>12}")
}
