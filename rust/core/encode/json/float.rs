//! Numbers with a point.

use super::escape::put;

/// Amounts of resources have three digits behind the point (Mesos rounds them so), and formatting a double in general
/// takes as long as a dozen strings.
const STEPS: f64 = 1000.0;

/// Up to here every multiple of a thousandth has at most 15 digits, so that it is the shortest text of its double: two
/// such decimals are never the same double.
const MOST: f64 = 1e11;

/// Writes the shortest text that reads back as `value`; `null` where JSON has none.
pub(super) fn write(value: f64, room: &mut [u8]) -> Option<&mut [u8]> {
    let steps = value * STEPS;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // In range, as is asked first.
    if value >= 0.001 && steps < MOST * STEPS && steps.round() / STEPS == value {
        let steps = steps.round() as u64;
        let rest = put(itoa::Buffer::new().format(steps / 1000).as_bytes(), room)?;
        let digits = [b'.', digit(steps / 100), digit(steps / 10), digit(steps)];
        let length = match steps {
            _ if steps.is_multiple_of(100) => 2,
            _ if steps.is_multiple_of(10) => 3,
            _ => 4,
        };
        return put(&digits[..length], rest);
    }
    if value.is_finite() {
        put(ryu::Buffer::new().format_finite(value).as_bytes(), room)
    } else {
        put(b"null", room)
    }
}

const fn digit(number: u64) -> u8 {
    b'0' + (number % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut room = vec![0; 64];
        let rest = write(value, &mut room).unwrap().len();
        String::from_utf8(room[..64 - rest].to_vec()).unwrap()
    }

    #[test]
    fn amounts_are_written_as_ever() {
        for (value, expected) in [
            (0.5, "0.5"),
            (512.0, "512.0"),
            (0.1, "0.1"),
            (0.001, "0.001"),
            (1.05, "1.05"),
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (-2.5, "-2.5"),
            (1e300, "1e300"),
            (0.0001, "0.0001"),
        ] {
            assert_eq!(text(value), expected);
        }
        assert_eq!(text(f64::NAN), "null");
    }

    proptest::proptest! {
        #[test]
        fn every_double_is_written_as_ryu_does(bits: u64, thousandths in 0..2_000_000_000_000_000_u64) {
            for value in [f64::from_bits(bits), thousandths as f64 / 1000.0, (thousandths % 100_000) as f64 / 1000.0] {
                if value.is_finite() {
                    proptest::prop_assert_eq!(text(value), ryu::Buffer::new().format_finite(value).to_owned());
                }
            }
        }
    }
}
