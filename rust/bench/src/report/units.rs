//! Numbers as people read them.

use serde::{Deserialize, Serialize};

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nanoseconds.
    Nanoseconds,
    /// Events per second.
    PerSecond,
    /// Mebibytes.
    Mebibytes,
    /// Hundredths.
    Percent,
    /// Milliseconds.
    Milliseconds,
    /// A number of things.
    Count,
    /// A ratio.
    Ratio,
}

impl Unit {
    /// A number with its unit, three digits of it.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        if !value.is_finite() {
            return "-".to_owned();
        }
        match self {
            Self::Nanoseconds if value >= 1e6 => format!("{} ms", digits(value / 1e6)),
            Self::Nanoseconds if value >= 1e5 => format!("{} \u{b5}s", digits(value / 1e3)),
            Self::Nanoseconds => format!("{} ns", digits(value)),
            Self::PerSecond if value >= 1e6 => format!("{} M/s", digits(value / 1e6)),
            Self::PerSecond if value >= 1e4 => format!("{} k/s", digits(value / 1e3)),
            Self::PerSecond => format!("{}/s", digits(value)),
            Self::Mebibytes => format!("{} MiB", digits(value)),
            Self::Percent => format!("{} %", digits(value)),
            Self::Milliseconds => format!("{} ms", digits(value)),
            Self::Count => grouped(value),
            Self::Ratio => format!("{value:.3}x"),
        }
    }
}

/// A ratio as one says it: a third, or thrice.
#[must_use]
pub fn ratio(value: f64) -> String {
    if value > 0.0 && value < 0.2 { format!("1/{}", digits(1.0 / value)) } else { format!("{value:.2}x") }
}

fn digits(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 100.0 || value == 0.0 {
        grouped(value)
    } else if magnitude >= 10.0 {
        format!("{value:.1}")
    } else if magnitude >= 0.1 {
        format!("{value:.2}")
    } else {
        format!("{value:.4}")
    }
}

/// With a comma before each three digits.
fn grouped(value: f64) -> String {
    let plain = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in plain.chars().enumerate() {
        if index > 0 && (plain.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(Unit::Nanoseconds.show(40.04), "40.0 ns");
        assert_eq!(Unit::Nanoseconds.show(49_000.0), "49,000 ns");
        assert_eq!(Unit::Nanoseconds.show(2_500_000.0), "2.50 ms");
        assert_eq!(Unit::PerSecond.show(3_200_000.0), "3.20 M/s");
        assert_eq!(ratio(1.0 / 12.0), "1/12.0");
        assert_eq!(ratio(1.5), "1.50x");
    }
}
