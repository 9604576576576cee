//! The table in the terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Report, Row, Verdict, units};

/// What a column is called, and the peers' keys.
pub const PEERS: [(&str, &str); 4] = [
    ("glog", "glog"),
    ("tracing", "tracing-appender"),
    ("spdlog", "spdlog async"),
    ("channel", "crossbeam+serde"),
];

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const HEAD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The cells of a row, and of the further comparisons in it.
pub(super) fn cells(row: &Row) -> Vec<([String; 9], Option<bool>)> {
    let show = |value: Option<f64>| value.map(|value| row.unit.show(value)).unwrap_or_default();
    let peer = |key: &str| show(row.peers.get(key).copied());
    let mut first = [
        row.title.clone(),
        show(row.ours),
        peer("glog"),
        peer("tracing"),
        peer("spdlog"),
        peer("channel"),
        show(row.limit),
        String::new(),
        String::new(),
    ];
    let mut lines = Vec::new();
    for verdict in &row.verdicts {
        [first[7], first[8]] = shown(row, verdict);
        lines.push((std::mem::take(&mut first), verdict.met()));
    }
    if lines.is_empty() {
        lines.push((first, None));
    }
    lines
}

fn shown(row: &Row, verdict: &Verdict) -> [String; 2] {
    let bound = if verdict.at_most { "\u{2264}" } else { "\u{2265}" };
    let target = |show: &dyn Fn(f64) -> String| {
        verdict.target.map(|target| format!("{bound} {}", show(target))).unwrap_or_default()
    };
    if verdict.absolute {
        return [String::new(), target(&|target| row.unit.show(target))];
    }
    let exact = (verdict.ratio - 1.0).abs() < 0.2;
    let ratio = if exact { format!("{:.3}x", verdict.ratio) } else { units::ratio(verdict.ratio) };
    let interval = verdict.interval.map(|[from, to]| format!(" ({from:.3} to {to:.3})"));
    [format!("{ratio}{} {}", interval.unwrap_or_default(), verdict.against), target(&units::ratio)]
}

/// The whole report.
#[must_use]
pub fn render(report: &Report) -> String {
    let titles = [
        "",
        "mesos-audit",
        PEERS[0].1,
        PEERS[1].1,
        PEERS[2].1,
        PEERS[3].1,
        "machine's limit",
        "ratio",
        "target",
    ];
    let lines: Vec<_> = report.rows.iter().flat_map(cells).collect();
    let mut widths = titles.map(|title| title.chars().count());
    for (cells, _) in &lines {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::from("\n");
    let _ = writeln!(out, "{HEAD}{}{HEAD:#}", line(&titles.map(str::to_owned), &widths));
    for (cells, met) in &lines {
        let mark = match met {
            Some(true) => format!("  {GOOD}\u{2714} met{GOOD:#}"),
            Some(false) => format!("  {BAD}\u{2718} not met{BAD:#}"),
            None => String::new(),
        };
        let _ = writeln!(out, "{}{mark}", line(cells, &widths));
    }
    let kind = if report.quick { "; quick: few rounds, so take the tails lightly" } else { "" };
    let _ = writeln!(out, "\n{DIM}{}{kind}{DIM:#}", report.machine);
    let _ = writeln!(
        out,
        "{DIM}medians of all rounds; machine's limit: memcpy and one atomic add, write(2) of 256 KiB, \
         or Mesos without the module{DIM:#}"
    );
    for problem in &report.problems {
        let _ = writeln!(out, "{BAD}not measured: {problem}{BAD:#}");
    }
    out
}

fn line(cells: &[String; 9], widths: &[usize; 9]) -> String {
    let mut text = format!("{:<width$}", cells[0], width = widths[0]);
    for (cell, width) in cells.iter().zip(widths).skip(1) {
        let _ = write!(text, "  {cell:>width$}");
    }
    text
}
