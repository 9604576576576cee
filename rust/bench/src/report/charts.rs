//! The pictures of docs/performance.md.

use super::{
    Report, Unit,
    lines::{LINES, Lines},
    svg::Picture,
    table::PEERS,
};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 90.0;
const BAR: f64 = 15.0;

/// What the bars are called, their class, and the subject whose value they show.
const BARS: [(&str, &str, &str); 7] = [
    ("mesos-audit, whole path", "ours", "module"),
    ("mesos-audit, pipeline", "ours", "ours"),
    (PEERS[0].1, "peer", "glog"),
    (PEERS[1].1, "peer", "tracing"),
    (PEERS[2].1, "peer", "spdlog"),
    (PEERS[3].1, "peer", "channel"),
    ("machine's limit", "limit", ""),
];

/// A group of bars.
struct Group {
    title: String,
    /// The value of a subject in it; of the limit, whose subject is not named.
    key: Box<dyn Fn(&str) -> String>,
}

/// The caller's thread: the smaller the better, on a scale of powers of ten.
#[must_use]
pub fn caller(report: &Report) -> String {
    let groups = [
        ("in bursts, median", "hot.p50"),
        ("in bursts, 99th percentile", "hot.p99"),
        ("in bursts, 99.9th percentile", "hot.p999"),
        ("one call at a time, cold caches", "isolated.p50"),
    ];
    let groups = groups.map(|(title, value)| Group {
        title: title.to_owned(),
        key: Box::new(move |subject| {
            let subject = if subject.is_empty() { "copy" } else { subject };
            format!("{subject}/{value}")
        }),
    });
    let heading = "Nanoseconds on the caller\u{2019}s thread, one event (logarithmic; shorter is better)";
    bars(report, heading, &groups, Unit::Nanoseconds, |value| (value.max(10.0) / 10.0).log10() / 4.5)
}

/// The file: the larger the better.
#[must_use]
pub fn throughput(report: &Report) -> String {
    let of = |(lines, threads): (&'static Lines, u32)| Group {
        title: format!("{}, {threads} thread{}", lines.title, if threads == 1 { "" } else { "s" }),
        key: Box::new(move |subject| {
            let subject = if subject.is_empty() { "write" } else { subject };
            lines.key(subject, &format!("rate.{threads}"))
        }),
    };
    let groups: Vec<_> = LINES.iter().flat_map(|lines| [(lines, 1), (lines, 4)]).map(of).collect();
    // The limit is far off, and its number says it; it must not make all others dots.
    let shown = BARS.iter().filter(|(_, class, _)| *class != "limit");
    let rates = shown.flat_map(|(_, _, subject)| {
        groups.iter().filter_map(move |group| report.median(&(group.key)(subject)))
    });
    let most = rates.fold(1.0, f64::max);
    let heading = "Events per second until the file is complete, none lost (longer is better)";
    bars(report, heading, &groups, Unit::PerSecond, |value| value / most)
}

fn bars(report: &Report, heading: &str, groups: &[Group], unit: Unit, scale: impl Fn(f64) -> f64) -> String {
    let mut picture = Picture::new(WIDTH);
    picture.text(10.0, 24.0, "head", heading);
    let mut y = 40.0;
    for group in groups {
        y += 16.0;
        picture.text(10.0, y, "dim", &group.title);
        y += 8.0;
        for (name, class, subject) in BARS {
            let Some(value) = report.median(&(group.key)(subject)) else { continue };
            // Further than there is room.
            let off = if scale(value) > 1.0 { " \u{2192}" } else { "" };
            let length = scale(value).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT);
            picture.text(LEFT - 8.0, y + 12.0, "end", name);
            picture.bar(LEFT, y, length, BAR, class);
            picture.text(
                LEFT + length.max(1.0) + 6.0,
                y + 12.0,
                "dim",
                &format!("{}{off}", unit.show(value)),
            );
            y += BAR + 5.0;
        }
        y += 8.0;
    }
    picture.finish(y + 4.0, heading)
}

/// What an event costs as there are more of them, and more threads.
#[must_use]
pub fn growth(report: &Report) -> String {
    let heading = "CPU time of one event, caller and background together (flat is good)";
    let mut points: Vec<(u64, u64, f64)> = Vec::new();
    for key in report.values.keys() {
        let Some(name) = key.strip_prefix("ours/growth.").and_then(|key| key.strip_suffix(".caller")) else {
            continue;
        };
        let both = ["caller", "background"].map(|what| report.median(&format!("ours/growth.{name}.{what}")));
        if let (Some((events, threads)), [Some(caller), Some(background)]) = (name.split_once('.'), both)
            && let (Ok(events), Ok(threads)) = (events.parse(), threads.parse())
        {
            points.push((events, threads, caller + background));
        }
    }
    points.sort_by_key(|(events, threads, _)| (*events, *threads));
    let most_threads = points.iter().map(|point| point.1).max().unwrap_or(1);
    let at = points.iter().find(|point| point.1 == most_threads).map_or(0, |point| point.0);
    let most = points.iter().map(|point| point.2).fold(1.0, f64::max);

    let mut picture = Picture::new(WIDTH);
    picture.text(10.0, 24.0, "head", heading);
    let (bottom, height) = (250.0, 190.0);
    for part in [0.0, 0.5, 1.0] {
        let y = bottom - part * height;
        picture.grid((70.0, y), (WIDTH - 20.0, y));
        picture.text(64.0, y + 4.0, "dim end", &Unit::Nanoseconds.show(most * 1.1 * part));
    }
    let mut panel = |left: f64, width: f64, series: &[(f64, String, f64)], class: &str, label: &str| {
        let (low, high) = (series.first().map_or(0.0, |s| s.0), series.last().map_or(1.0, |s| s.0));
        let x = |value: f64| left + (value - low) / (high - low).max(1e-9) * width;
        let line: Vec<_> =
            series.iter().map(|(at, _, ns)| (x(*at), bottom - ns / (most * 1.1) * height)).collect();
        picture.series(&line, class);
        for (at, name, _) in series {
            picture.text(x(*at), bottom + 18.0, "dim mid", name);
        }
        picture.text(left + width / 2.0, bottom + 38.0, "dim mid", label);
    };
    let events: Vec<_> = points
        .iter()
        .filter(|point| point.1 == 1)
        .map(|(events, _, ns)| ((*events as f64).log10(), power(*events), *ns))
        .collect();
    panel(100.0, 290.0, &events, "c0", "events, 1 thread");
    let threads: Vec<_> = points
        .iter()
        .filter(|point| point.0 == at)
        .map(|(_, threads, ns)| ((*threads as f64).log2(), threads.to_string(), *ns))
        .collect();
    panel(450.0, 260.0, &threads, "c1", &format!("threads, {} events", power(at)));
    picture.finish(300.0, heading)
}

fn power(number: u64) -> String {
    format!("10^{}", number.max(1).ilog10())
}
