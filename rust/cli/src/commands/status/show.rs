//! A status, for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use mesos_audit_core::{clock::Timestamp, health::Status};

use super::Verdict;
use crate::pretty::printable;

pub(super) fn text(told: &Status, verdict: Verdict, now: Timestamp, out: &mut Vec<u8>) -> io::Result<()> {
    let color = match verdict {
        Verdict::Healthy => AnsiColor::Green,
        Verdict::Dropping | Verdict::Degraded | Verdict::Stopped => AnsiColor::Yellow,
        Verdict::Failing | Verdict::Stale => AnsiColor::Red,
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    let ago = |at: Timestamp| age(now.as_micros().saturating_sub(at.as_micros()));
    let counters = &told.counters;
    writeln!(
        out,
        "{style}{}{style:#}  {} on {}, pid {}, mesos-audit {}, run {}",
        verdict.name(),
        printable(&told.service),
        printable(&told.host),
        told.pid,
        printable(&told.version),
        printable(&told.run)
    )?;
    writeln!(out, "  log       {}", printable(&told.log.display().to_string()))?;
    let since = format!("started {} ago, told {} ago", ago(told.started), ago(told.updated));
    match told.ended {
        Some(at) => writeln!(out, "  time      {since}, ended {} ago", ago(at))?,
        None => writeln!(out, "  time      {since}")?,
    }
    match (&told.output.failing_since, &told.output.error) {
        (Some(at), error) => {
            let error = error.as_deref().unwrap_or("unknown");
            writeln!(
                out,
                "  output    cannot be written for {}: {}; records wait",
                ago(*at),
                printable(error)
            )?;
        }
        (None, _) if told.output.unsynced_since.is_none() => writeln!(out, "  output    ok")?,
        (None, _) => {}
    }
    if let Some(at) = told.output.unsynced_since {
        let error = told.output.sync_error.as_deref().unwrap_or("unknown");
        let error = printable(error);
        writeln!(
            out,
            "  disk      the last sync failed, {} ago: {error}; what was written may be lost",
            ago(at)
        )?;
    }
    writeln!(
        out,
        "  recorded  {} events, {} decisions counted only; {} events and {} bytes in all",
        counters.recorded, counters.counted_only, counters.events, counters.bytes
    )?;
    if !counters.suppressed.is_empty() {
        let skipped: Vec<_> = counters
            .suppressed
            .iter()
            .map(|skipped| format!("{} (rule {})", skipped.count, printable(&skipped.rule)))
            .collect();
        writeln!(out, "  skipped   {}", skipped.join(", "))?;
    }
    let lost: Vec<_> = counters
        .dropped
        .iter()
        .map(|dropped| format!("{} ({})", dropped.count, printable(&dropped.reason)))
        .collect();
    match (lost.is_empty(), told.last_drop) {
        (true, _) => writeln!(out, "  lost      none")?,
        (false, Some(at)) => writeln!(out, "  lost      {}, the last {} ago", lost.join(", "), ago(at))?,
        (false, None) => writeln!(out, "  lost      {}", lost.join(", "))?,
    }
    writeln!(
        out,
        "  faults    {} write failures, {} sync failures, {} worker restarts, {} callback faults",
        counters.write_failures, counters.sync_failures, counters.worker_restarts, counters.callback_faults
    )?;
    let queue = counters.queue;
    let share = queue.high_water_bytes.saturating_mul(100) / queue.capacity_bytes.max(1);
    writeln!(out, "  queue     {share} % of {} bytes at its fullest", queue.capacity_bytes)?;
    match told.seal {
        Some(seal) => {
            writeln!(out, "  seal      block {}, record {}, {} ago", seal.block, seal.sequence, ago(seal.at))
        }
        None => writeln!(out, "  seal      none"),
    }
}

/// `12s`, `3m`, `2h 5m`, `4d 3h`. A clock that went back gives `0s`.
fn age(micros: i64) -> String {
    let seconds = micros.max(0) / 1_000_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match () {
        () if days > 0 => format!("{days}d {}h", hours % 24),
        () if hours > 0 => format!("{hours}h {}m", minutes % 60),
        () if minutes > 0 => format!("{minutes}m {}s", seconds % 60),
        () => format!("{seconds}s"),
    }
}
