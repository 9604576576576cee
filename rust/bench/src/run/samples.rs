//! What was measured, by subject and value, round after round.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{measure::Values, stats::quantile};

/// The middle of several rounds, with the lowest and the highest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// Between these the true median is, in 95 of 100 runs. As wide as all values where they are few.
    pub interval: [f64; 2],
    /// How many rounds.
    pub rounds: usize,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    values: BTreeMap<String, Vec<f64>>,
    problems: Vec<String>,
}

impl Samples {
    /// One round's results of a subject.
    pub fn add(&mut self, subject: &str, values: Values) {
        for (name, value) in values {
            self.values.entry(format!("{subject}/{name}")).or_default().push(value);
        }
    }

    /// Something that could not be measured. Told once, however many rounds say the same.
    pub fn problem(&mut self, what: String) {
        if !self.problems.contains(&what) {
            self.problems.push(what);
        }
    }

    /// What could not be measured.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// By `subject/value`.
    #[must_use]
    pub fn spreads(&self) -> BTreeMap<String, Spread> {
        let spread = |values: &Vec<f64>| {
            let mut values = values.clone();
            let [low, median, high] = [0.0, 0.5, 1.0].map(|part| quantile(&mut values, part));
            Spread { median, low, high, interval: interval(&values), rounds: values.len() }
        };
        self.values.iter().map(|(name, values)| (name.clone(), spread(values))).collect()
    }
}

/// Of sorted values, by their order alone: the noise of a shared machine has no known shape.
fn interval(sorted: &[f64]) -> [f64; 2] {
    let (count, last) = (sorted.len() as f64, sorted.len().saturating_sub(1));
    let half = 0.98 * count.sqrt();
    let at = |place: f64| sorted.get((place.max(0.0) as usize).min(last)).copied().unwrap_or(f64::NAN);
    [at((count / 2.0 - half).floor()), at((count / 2.0 + half).ceil())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_median_and_narrows() {
        let few: Vec<f64> = (0..5).map(f64::from).collect();
        assert_eq!(interval(&few), [0.0, 4.0]);
        let many: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(interval(&many), [40.0, 60.0]);
    }
}
