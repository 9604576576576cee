//! Amounts and times as people write them.

use mesos_audit_core::event::mesos::Resources;

/// `cpus 0.5 mem 32`, as Mesos's own flags name them.
pub(super) fn amounts(resources: &Resources) -> String {
    let numbers = [
        ("cpus", resources.cpus),
        ("mem", resources.mem),
        ("disk", resources.disk),
        ("gpus", resources.gpus),
    ];
    let mut parts: Vec<_> =
        numbers.into_iter().filter_map(|(name, amount)| Some(format!("{name}:{}", amount?))).collect();
    parts.extend(resources.ports.iter().map(|ports| format!("ports:[{ports}]")));
    parts.join(";")
}

/// `870ns`, `12us`, `3.4ms`, `1.25s`.
pub(super) fn duration(nanos: u64) -> String {
    let (unit, name) = match nanos {
        0..1_000 => return format!("{nanos}ns"),
        1_000..1_000_000 => (1_000, "us"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    let (whole, tenths) = (nanos / unit, nanos % unit * 10 / unit);
    if whole < 10 && tenths > 0 { format!("{whole}.{tenths}{name}") } else { format!("{whole}{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (nanos, text) in [
            (0, "0ns"),
            (999, "999ns"),
            (1_000, "1us"),
            (3_450, "3.4us"),
            (12_900, "12us"),
            (3_400_000, "3.4ms"),
            (61_000_000_000, "61s"),
            (u64::MAX, "18446744073s"),
        ] {
            assert_eq!(duration(nanos), text);
        }
    }

    #[test]
    fn only_what_is_there() {
        assert_eq!(amounts(&Resources::default()), "");
        let resources =
            Resources { cpus: Some(0.5), mem: Some(32.0), ports: Some("1-2".into()), ..Resources::default() };
        assert_eq!(amounts(&resources), "cpus:0.5;mem:32;ports:[1-2]");
    }
}
