//! The report, for people and for programs.

use std::io::{self, Write};

use mesos_audit_core::chain::RootKey;
use serde_json::json;

use super::{
    args::{Args, Format},
    finding::{Finding, Report, Verdict, Weight},
};
use crate::{pretty::printable, report::counted};

pub(super) fn print(report: &Report, roots: &[RootKey], args: &Args) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => {
            let mut value = serde_json::to_value(report)?;
            value["verdict"] = serde_json::to_value(report.verdict())?;
            value["checked"] = json!({ "key": !roots.is_empty() });
            writeln!(out, "{value}")?;
        }
        Format::Text => text(report, &mut out)?,
    }
    out.flush()
}

fn text(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for file in &report.files {
        let blocks = match file.blocks {
            Some((first, last)) if first == last => format!("block {first}"),
            Some((first, last)) => format!("blocks {first}-{last}"),
            None => "no block".to_owned(),
        };
        let state = if file.tampered > 0 { "TAMPERED" } else { "as sealed" };
        let lines = counted(file.lines, "line", "lines");
        writeln!(out, "{}: {lines}, {blocks}: {state}", printable(&file.file))?;
    }
    for finding in &report.findings {
        writeln!(out, "{}", line(finding))?;
    }
    if report.more > 0 {
        writeln!(out, "... and {} more findings", report.more)?;
    }
    for (reason, count) in &report.dropped {
        let reason = printable(reason);
        writeln!(
            out,
            "missing: the log says that {} dropped: {reason}",
            counted(*count, "record was", "records were")
        )?;
    }
    for head in &report.heads {
        writeln!(out, "head: {head}")?;
    }
    let verdict = match report.verdict() {
        Verdict::Complete => {
            let mut text =
                format!("complete: {}, as they were written", counted(report.sealed, "record", "records"));
            if report.accounted > 0 {
                text += &format!(
                    "; {} of Mesos, as many as were counted",
                    counted(report.accounted, "event", "events")
                );
            }
            text
        }
        Verdict::Incomplete => {
            let dropped: u64 = report.dropped.values().sum();
            let mut text = "no sign of tampering, but not proven complete".to_owned();
            if dropped + report.missing > 0 {
                text += &format!(
                    ": {} missing",
                    counted(dropped + report.missing, "record is known to be", "records are known to be")
                );
            }
            text
        }
        Verdict::Unchecked => "not verified".to_owned(),
        Verdict::Tampered => "TAMPERED WITH".to_owned(),
    };
    writeln!(out, "verdict: {verdict}")
}

fn line(finding: &Finding) -> String {
    let weight = match finding.weight {
        Weight::Note => "note",
        Weight::Missing => "missing",
        Weight::Unchecked => "unchecked",
        Weight::Tampered => "TAMPERED",
    };
    let place = finding.place.as_ref().map(|place| format!("{}:{}: ", printable(&place.file), place.line));
    format!("{weight}: {}{}: {}", place.unwrap_or_default(), finding.kind, printable(&finding.message))
}
