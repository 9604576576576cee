//! Points in time as people write them.

use jiff::{SignedDuration, Timestamp};

/// An RFC 3339 time (`2026-11-23T10:00:00Z`; a space instead of `T` will do), or how long ago: `15m`, `2h 30m`, `3d`.
///
/// # Errors
/// It is neither.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let days = text.strip_suffix('d').and_then(|days| days.trim().parse::<i64>().ok());
    let ago = match days {
        Some(days) => days.checked_mul(86_400).map(SignedDuration::from_secs),
        None => text.parse::<SignedDuration>().ok(),
    };
    ago.filter(|ago| !ago.is_negative()).and_then(|ago| Timestamp::now().checked_sub(ago).ok()).ok_or_else(
        || "write an RFC 3339 time, such as 2026-11-23T10:00:00Z, or how long ago, such as 15m".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_ages() {
        assert_eq!(parse_time("1970-01-01T01:00:00+01:00").unwrap(), Timestamp::UNIX_EPOCH);
        assert_eq!(parse_time("1970-01-01 00:00:00.000Z").unwrap(), Timestamp::UNIX_EPOCH);
        for (text, seconds) in [("90s", 90), ("15m", 900), ("2h 30m", 9000), ("3d", 259_200)] {
            let time = parse_time(text).unwrap();
            let ago = Timestamp::now().duration_since(time).as_secs();
            assert!((seconds..seconds + 60).contains(&ago), "{text}: {ago}");
        }
        for text in ["", "soon", "10:00", "-5m", "2026-11-23T10:00:00", "99999999999999999d"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
