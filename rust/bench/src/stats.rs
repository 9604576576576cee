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
}
