//! The values of one field, found in JSON text (or a parsed value) without building anything of the rest.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A single value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scalar<'a> {
    Text(&'a str),
    Number(f64),
    Integer(i128),
    Truth(bool),
}

/// Gives whether `fits` says yes to any value at `path`. Arrays on the way and at the end stand for each of their elements.
pub(super) struct Seek<'p, F> {
    pub(super) path: &'p [String],
    pub(super) fits: &'p F,
}

impl<'de, F: Fn(Scalar<'_>) -> bool> DeserializeSeed<'de> for Seek<'_, F> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<F: Fn(Scalar<'_>) -> bool> Seek<'_, F> {
    fn here(&self, value: Scalar<'_>) -> bool {
        self.path.is_empty() && (self.fits)(value)
    }
}

impl<'de, F: Fn(Scalar<'_>) -> bool> Visitor<'de> for Seek<'_, F> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(Key(key)) = map.next_key()? {
            match self.path {
                [name, rest @ ..] if *name == key => {
                    found |= map.next_value_seed(Seek { path: rest, fits: self.fits })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(fits) = items.next_element_seed(Seek { path: self.path, fits: self.fits })? {
            found |= fits;
        }
        Ok(found)
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(self.here(Scalar::Text(text)))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<bool, E> {
        Ok(self.here(Scalar::Truth(truth)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        Ok(self.here(Scalar::Integer(number.into())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        Ok(self.here(Scalar::Integer(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        Ok(self.here(Scalar::Number(number)))
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}

/// An object's key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads all of `deserializer`; false where it is no JSON.
pub(super) fn any<'de, D: Deserializer<'de>>(
    deserializer: D,
    path: &[String],
    fits: &impl Fn(Scalar<'_>) -> bool,
) -> bool {
    Seek { path, fits }.deserialize(deserializer).unwrap_or(false)
}
