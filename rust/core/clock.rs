//! Time, as events carry it.

use std::{
    borrow::Cow,
    cell::Cell,
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use ascii::AsciiStr;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Microseconds since 1970, UTC. Written as RFC 3339 with six digits and `Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Now, by the host's wall clock. May be called on any thread.
    #[must_use]
    pub fn now() -> Self {
        // A clock before 1970 gives 1970: an event with a wrong time is worth more than none.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

/// `2023-11-14T22:13:20.000001Z`
const LENGTH: usize = 27;

/// The range in which a year has four digits (jiff ends a day before it, for the sake of time zones).
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_207_199_999_999;

impl Timestamp {
    /// Hands over the text.
    pub(crate) fn with_text<T>(self, use_it: impl FnOnce(&str) -> T) -> T {
        thread_local! {
            /// The last second that was written. Events come in their thousands within one, and a date is dear.
            static SECOND: Cell<(i64, [u8; LENGTH])> = const { Cell::new((i64::MIN, [0; LENGTH])) };
        }
        let micros = self.0.clamp(*RANGE.start(), *RANGE.end());
        let second = micros.div_euclid(1_000_000);
        let (known, mut text) = SECOND.get();
        if known != second {
            let date = jiff::Timestamp::from_second(second).unwrap_or_default().to_string();
            text = *b"0000-00-00T00:00:00.000000Z";
            text[..19].copy_from_slice(&date.as_bytes()[..19]);
            SECOND.set((second, text));
        }
        let mut rest = micros.rem_euclid(1_000_000);
        for digit in text[20..26].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        // All digits and separators.
        use_it(AsciiStr::from_ascii(&text).map_or("", AsciiStr::as_str))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_i64(self.0);
        }
        self.with_text(|text| serializer.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let time: jiff::Timestamp = text.parse().map_err(de::Error::custom)?;
        Ok(Self(time.as_microsecond()))
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_z_always() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1_700_000_000_000_001, "2023-11-14T22:13:20.000001Z"),
            (1_700_000_000_500_000, "2023-11-14T22:13:20.500000Z"),
        ] {
            let time = Timestamp::from_micros(micros);
            assert_eq!(time.to_string(), text);
            assert_eq!(serde_json::from_str::<Timestamp>(&format!("{text:?}")).unwrap(), time);
        }
    }

    #[test]
    fn beyond_four_digits_of_years_is_cut() {
        assert_eq!(Timestamp::from_micros(i64::MAX).to_string(), "9999-12-30T21:59:59.999999Z");
        assert_eq!(Timestamp::from_micros(i64::MIN).to_string(), "0000-01-01T00:00:00.000000Z");
    }

    proptest::proptest! {
        #[test]
        fn any_time_reads_back(micros in RANGE) {
            let time = Timestamp::from_micros(micros);
            let text = time.to_string();
            proptest::prop_assert_eq!(text.len(), LENGTH);
            proptest::prop_assert_eq!(serde_json::from_str::<Timestamp>(&format!("{text:?}")).unwrap(), time);
        }
    }
}
