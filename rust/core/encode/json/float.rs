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
    if value >= 0.001 && steps < MOST * STEPS {
        // Rounded by hand: without SSE 4.1 that is a call. Whether it is right is asked next.
        #[allow(clippy::cast_possible_truncation)] // In range, as was asked.
        let steps = (steps + 0.5) as i64;
        if steps as f64 / STEPS == value {
            return thousandths(steps.unsigned_abs(), room);
        }
    }
    if value.is_finite() {
        put(ryu::Buffer::new().format_finite(value).as_bytes(), room)
    } else {
        put(b"null", room)
    }
}

fn thousandths(steps: u64, room: &mut [u8]) -> Option<&mut [u8]> {
    let rest = put(itoa::Buffer::new().format(steps / 1000).as_bytes(), room)?;
    let part = (steps % 1000) as u32;
    let digits = [b'.', digit(part / 100), digit(part / 10), digit(part)];
    let length = match part {
        _ if part.is_multiple_of(100) => 2,
        _ if part.is_multiple_of(10) => 3,
        _ => 4,
    };
    // All four are written, of which the next text takes the places of those that are too many.
    *rest.first_chunk_mut()? = digits;
    rest.get_mut(length..)
}

const fn digit(number: u32) -> u8 {
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
