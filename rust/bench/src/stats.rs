//! Quantiles and medians.

/// The value below which that part of the values is. Sorts them.
#[must_use]
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

/// The value in the middle.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    quantile(&mut values.to_vec(), 0.5)
}

/// What a part of a whole takes, at that quantile, where only the whole can be timed, and the rest of it by itself: the least
/// time beyond the rest's median that no more of the wholes take than `1 - part`, beside those of which the rest alone takes
/// as long. What stops a program now and then, whatever it does, would otherwise be held against the part even where the
/// rest was stopped. Sorts both.
#[must_use]
pub fn quantile_beyond(whole: &mut [f64], rest: &mut [f64], part: f64) -> f64 {
    let typical = quantile(rest, 0.5);
    whole.sort_unstable_by(f64::total_cmp);
    // From the longest down, as far as too few are as long.
    let slow = |(above, time): &(usize, f64)| {
        let rests = rest.len() - rest.partition_point(|other| other <= time);
        *above as f64 / whole.len() as f64 - rests as f64 / rest.len() as f64 > 1.0 - part
    };
    let mut times = (0..).zip(whole.iter().rev().copied());
    times.find(slow).map_or(f64::NAN, |(_, time)| time - typical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values() {
        let mut values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert!((quantile(&mut values, 0.5) - 3.0).abs() < f64::EPSILON);
        assert!((quantile(&mut values, 0.99) - 5.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn of_what_stops_a_program_the_part_is_charged_with_its_share() {
        // Calls of 750, of which the rest takes 300; some of each are stopped in the middle, for 10,000 to 30,000.
        let calls = |time: f64, stopped: usize| -> Vec<f64> {
            let late = |call: usize| 10_000.0 + 20_000.0 * call as f64 / stopped as f64;
            let call = |call| time + if call < stopped { late(call) } else { (call % 10) as f64 };
            (0..100_000).map(call).collect()
        };
        let beyond = |stopped, part| quantile_beyond(&mut calls(750.0, stopped), &mut calls(300.0, 60), part);
        let near = |value: f64, expected: f64| assert!((value - expected).abs() < 10.0, "{value}");
        near(beyond(120, 0.999), 450.0);
        let most = beyond(180, 0.999);
        assert!(most > 10_000.0, "{most}");
        for stopped in [120, 180] {
            near(beyond(stopped, 0.5), 450.0);
            near(beyond(stopped, 0.99), 450.0);
        }
    }
}
