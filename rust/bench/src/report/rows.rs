//! The rows, and the targets in them.

use std::collections::BTreeMap;

use super::{Row, Unit, Verdict, lines::LINES};
use crate::run::Spread;

type Values = BTreeMap<String, Spread>;

const PEERS: [&str; 4] = ["glog", "tracing", "spdlog", "channel"];

/// Between the cheapest and the dearest event, however many there are: flat, on a machine that does other
/// things too.
const FLAT: f64 = 1.5;

/// Everything that was measured, row by row.
pub(super) fn rows(values: &Values) -> Vec<Row> {
    let mut rows = caller(values);
    rows.extend(worker(values));
    rows.extend(limits(values));
    rows.extend(growth(values));
    rows.extend(mesos(values));
    rows.extend(instructions(values));
    rows.retain(|row| row.ours.is_some() || !row.peers.is_empty());
    rows
}

fn median(values: &Values, name: &str) -> Option<f64> {
    values.get(name).map(|spread| spread.median)
}

/// A row of one value: `ours` and `limit` name whole values, peers have the value `peer`.
fn row(values: &Values, title: &str, unit: Unit, ours: &str, peer: &str, limit: &str) -> Row {
    let peers = PEERS
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), median(values, &format!("{name}/{peer}"))?)))
        .collect();
    Row {
        title: title.to_owned(),
        unit,
        ours: median(values, ours),
        peers,
        limit: median(values, limit),
        verdicts: Vec::new(),
    }
}

impl Row {
    fn beside(self, peer: &str, target: f64, at_most: bool) -> Self {
        self.compared(peer, Some(target), at_most)
    }

    fn compared(mut self, peer: &str, target: Option<f64>, at_most: bool) -> Self {
        let other = if peer == "limit" { self.limit } else { self.peers.get(peer).copied() };
        if let (Some(ours), Some(other)) = (self.ours, other) {
            self.verdicts.push(Verdict {
                against: peer.to_owned(),
                ratio: ours / other,
                target,
                at_most,
                absolute: false,
                interval: None,
            });
        }
        self
    }

    fn absolute(mut self, target: f64) -> Self {
        if let Some(ours) = self.ours {
            self.verdicts.push(Verdict {
                against: String::new(),
                ratio: ours,
                target: Some(target),
                at_most: true,
                absolute: true,
                interval: None,
            });
        }
        self
    }
}

fn caller(values: &Values) -> Vec<Row> {
    let ns = Unit::Nanoseconds;
    let whole = |title, value: &str| {
        row(values, title, ns, &format!("module/{value}"), value, &format!("copy/{value}"))
    };
    vec![
        whole("a decision recorded, p50", "hot.p50").beside("glog", 1.0 / 12.0, true),
        whole("a decision recorded, p99", "hot.p99").beside("glog", 0.1, true),
        whole("a decision recorded, p99.9", "hot.p999").beside("glog", 0.05, true),
        whole("isolated, cold caches, p50", "isolated.p50").beside("glog", 1.0 / 6.0, true),
        row(
            values,
            "without serialisation, a burst's mean",
            ns,
            "ours/hot.whole",
            "hot.whole",
            "copy/hot.whole",
        )
        .beside("limit", 1.5, true),
        row(values, "without serialisation, p50", ns, "ours/hot.p50", "", "copy/hot.p50"),
        row(values, "without serialisation, p99", ns, "ours/hot.p99", "", "copy/hot.p99"),
        row(values, "without serialisation, p99.9", ns, "ours/hot.p999", "", "copy/hot.p999"),
        row(values, "without serialisation, isolated", ns, "ours/isolated.p50", "", "copy/isolated.p50"),
        row(values, "a decision only counted, p50", ns, "module/counted.p50", "", "").absolute(25.0),
        row(values, "the clock alone, p99.9", ns, "nothing/hot.p999", "", ""),
    ]
}

fn worker(values: &Values) -> Vec<Row> {
    let mut rows = Vec::new();
    for lines in &LINES {
        for threads in [1, 4] {
            let key = |subject: &str| lines.key(subject, &format!("rate.{threads}"));
            let title = format!("events/s, {}, {threads} thr.", lines.title);
            let mut rate = row(values, &title, Unit::PerSecond, &key("ours"), "", &key("write"));
            rate.peers = PEERS
                .into_iter()
                .filter_map(|peer| Some((peer.to_owned(), median(values, &key(peer))?)))
                .collect();
            let wanted = [("glog", 4.0), ("spdlog", 1.5), ("channel", 1.3)];
            let beside =
                |rate: Row, (peer, target)| rate.compared(peer, lines.wanted.then_some(target), false);
            rows.push(wanted.into_iter().fold(rate, beside));
        }
    }
    for threads in [1, 4] {
        let title = format!("events/s, whole path, {threads} thr.");
        let value = format!("module/rate.{threads}");
        rows.push(row(values, &title, Unit::PerSecond, &value, "", ""));
    }
    rows.push(row(values, "events/s, as FlatBuffers, 1 thr.", Unit::PerSecond, "frames/rate.1", "", ""));
    for (title, value) in
        [("CPU per event, caller", "caller.1"), ("CPU per event, background", "background.1")]
    {
        let (ours, limit) = (format!("ours/{value}"), format!("write/{value}"));
        rows.push(row(values, title, Unit::Nanoseconds, &ours, value, &limit));
    }
    rows
}

fn limits(values: &Values) -> Vec<Row> {
    let burst = "burst.longest_own";
    vec![
        row(values, "burst of 100,000: longest call", Unit::Nanoseconds, "ours/burst.longest_own", burst, "")
            .absolute(1e6),
        row(values, "events of it that found no room", Unit::Count, "ours/burst.lost", "", ""),
        row(values, "memory at the end of it", Unit::Mebibytes, "ours/memory.mib", "memory.mib", "")
            .absolute(64.0),
        row(values, "CPU when idle, over a minute", Unit::Percent, "ours/idle.percent", "", "").absolute(0.1),
        row(values, "the same beside libmesos", Unit::Percent, "module/idle.percent", "", "").absolute(0.1),
    ]
}

/// The dearest point of a series, in terms of the cheapest.
fn growth(values: &Values) -> Vec<Row> {
    let points = |threads: Option<&str>| -> Vec<f64> {
        let cost = |name: &str| {
            Some(median(values, &format!("{name}.caller"))? + median(values, &format!("{name}.background"))?)
        };
        let names = values.keys().filter_map(|key| key.strip_suffix(".caller"));
        let wanted = names.filter(|name| {
            let mut parts = name.split('.').skip(1);
            let (events, on) = (parts.next(), parts.next());
            name.starts_with("ours/growth.")
                && match threads {
                    Some(threads) => on == Some(threads),
                    // With the one-thread point of the same size.
                    None => events == most_threads_events(values),
                }
        });
        wanted.filter_map(cost).collect()
    };
    [("CPU per event, 10^3 events to the most", Some("1")), ("CPU per event, 1 thread to 16", None)]
        .into_iter()
        .filter_map(|(title, threads)| {
            let points = points(threads);
            let low = points.iter().copied().reduce(f64::min)?;
            let high = points.iter().copied().reduce(f64::max)?;
            let mut row = row(values, title, Unit::Ratio, "", "", "");
            row.ours = Some(high / low);
            Some(row.absolute(FLAT))
        })
        .collect()
}

/// With how many events the series over the threads was measured.
fn most_threads_events(values: &Values) -> Option<&str> {
    let key = values.keys().find(|key| key.starts_with("ours/growth.") && key.ends_with(".16.caller"))?;
    key.split('.').nth(1)
}

fn mesos(values: &Values) -> Vec<Row> {
    [("GET /state, 10,000 tasks", "state"), ("launching tasks", "launch")]
        .into_iter()
        .map(|(title, value)| {
            let (ours, bare) = (format!("mesos/{value}.ours"), format!("mesos/{value}.bare"));
            let mut row = row(values, title, Unit::Milliseconds, &ours, "", &bare);
            if let Some(spread) = values.get(&format!("mesos/{value}.ratio")) {
                row.verdicts.push(Verdict {
                    against: "bare Mesos".to_owned(),
                    // The median of the pairs' ratios, not the ratio of two medians.
                    ratio: spread.median,
                    target: Some(1.02),
                    at_most: true,
                    absolute: false,
                    interval: Some(spread.interval),
                });
            }
            row
        })
        .collect()
}

fn instructions(values: &Values) -> Vec<Row> {
    [("instructions per submit", "submit"), ("instructions per event, worker", "worker")]
        .into_iter()
        .map(|(title, value)| {
            let (ours, before) = (format!("instructions/{value}"), format!("instructions/{value}.before"));
            let mut row = row(values, title, Unit::Count, &ours, "", "");
            if let (Some(ours), Some(before)) = (row.ours, median(values, &before)) {
                let against = "accepted before".to_owned();
                let target = Some(1.0 + crate::instructions::TOLERANCE);
                let ratio = ours / before;
                row.verdicts.push(Verdict {
                    against,
                    ratio,
                    target,
                    at_most: true,
                    absolute: false,
                    interval: None,
                });
            }
            row
        })
        .collect()
}
