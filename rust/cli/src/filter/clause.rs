//! One condition on fields.

use std::{borrow::Cow, str::FromStr};

use memchr::memmem;

use super::seek::{Scalar, any};

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`: the whole value.
    Is,
    /// `!=`: any other value, or none. The opposite of `=`.
    IsNot,
    /// `~`: a part of the value.
    Contains,
}

/// A condition, written `PATH=VALUE`, `PATH!=VALUE` or `PATH~VALUE`; PATH is dotted: `mesos.authz.decision`. An array has a value if one of its elements has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    paths: Vec<Vec<String>>,
    operator: Operator,
    values: Vec<String>,
}

impl Clause {
    /// One of the fields is one of the values.
    #[must_use]
    pub fn any(paths: &[&str], values: Vec<String>) -> Self {
        Self { paths: paths.iter().map(|path| split(path)).collect(), operator: Operator::Is, values }
    }

    /// The fields, dotted.
    pub fn paths(&self) -> impl Iterator<Item = String> + '_ {
        self.paths.iter().map(|path| path.join("."))
    }

    /// Whether the event, a JSON text, meets the condition.
    #[must_use]
    pub fn matches(&self, event: &str) -> bool {
        let fits = |value: Scalar<'_>| self.fits(value);
        let any = |path: &Vec<String>| any(&mut serde_json::Deserializer::from_str(event), path, &fits);
        self.paths.iter().any(any) == (self.operator != Operator::IsNot)
    }

    /// False only where no event with this text can meet the condition. Much cheaper than reading the text.
    #[must_use]
    pub fn may_match(&self, text: &str) -> bool {
        // Only such values look the same in every JSON text, as long as that has no escapes in it.
        let plain = |value: &String| {
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        // A number can be written in several ways.
        let number = |value: &String| value.parse::<f64>().is_ok();
        if self.operator == Operator::IsNot || !self.values.iter().all(|value| plain(value) && !number(value))
        {
            return true;
        }
        let text = text.as_bytes();
        let occurs = |value: &String| {
            // A word of JSON's own is not in quotes.
            let whole = self.operator == Operator::Is && value != "true" && value != "false";
            let quoted = || memmem::find(text, format!("\"{value}\"").as_bytes());
            if whole { quoted() } else { memmem::find(text, value.as_bytes()) }.is_some()
        };
        self.values.iter().any(occurs) || memmem::find(text, b"\\u").is_some()
    }

    fn fits(&self, value: Scalar<'_>) -> bool {
        let text = match value {
            Scalar::Text(text) => Cow::Borrowed(text),
            Scalar::Truth(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            Scalar::Integer(number) => Cow::Owned(number.to_string()),
            Scalar::Number(number) => Cow::Owned(number.to_string()),
        };
        self.values.iter().any(|wanted| match self.operator {
            Operator::Contains => text.contains(wanted.as_str()),
            Operator::Is | Operator::IsNot => text == *wanted || is_number(value, wanted),
        })
    }
}

/// Numbers can be written in several ways: 1, 1.0. Integers are compared as such, because large ones are not exact as floats.
fn is_number(value: Scalar<'_>, wanted: &str) -> bool {
    match (value, wanted.parse::<i128>()) {
        (Scalar::Integer(number), Ok(wanted)) => number == wanted,
        (Scalar::Integer(number), Err(_)) => wanted.parse() == Ok(number as f64),
        (Scalar::Number(number), _) => wanted.parse() == Ok(number),
        (Scalar::Text(_) | Scalar::Truth(_), _) => false,
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

impl FromStr for Clause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at =
            text.find(['=', '~', '!']).ok_or("no operator; write PATH=VALUE, PATH!=VALUE or PATH~VALUE")?;
        let (path, rest) = text.split_at(at);
        let (operator, value) = match rest.as_bytes() {
            [b'!', b'=', ..] => (Operator::IsNot, &rest[2..]),
            [b'=', ..] => (Operator::Is, &rest[1..]),
            [b'~', ..] => (Operator::Contains, &rest[1..]),
            _ => return Err("`!` without `=`".to_owned()),
        };
        let path = path.trim();
        if path.split('.').any(str::is_empty) {
            return Err(format!("`{path}` is no path of a field, such as event.action"));
        }
        Ok(Self { paths: vec![split(path)], operator, values: vec![value.to_owned()] })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn operators() {
        let event = json!({
            "event": {"action": "authorization", "sequence": 5, "category": ["api", "web"]},
            "mesos": {"task": {"resources": {"cpus": 1.0}}, "authz": {"claims": [{"key": "fid", "value": "f-1"}]}},
            "ok": true, "big": 9_007_199_254_740_993_u64, "nothing": null, "user": {"name": "a=b"},
        });
        for (clause, matches) in [
            ("event.action=authorization", true),
            ("event.action=author", false),
            ("event.action~author", true),
            ("event.action!=authorization", false),
            ("event.action!=author", true),
            ("event.action", false),
            ("event.sequence=5", true),
            ("event.sequence=5.0", true),
            ("event.sequence=50", false),
            ("big=9007199254740993", true),
            ("big=9007199254740992", false),
            ("mesos.task.resources.cpus=1", true),
            ("mesos.task.resources.cpus=one", false),
            ("event.category=web", true),
            ("event.category=process", false),
            ("event.category!=web", false),
            ("event.category!=process", true),
            ("event.category~we", true),
            ("mesos.authz.claims.key=fid", true),
            ("mesos.authz.claims.value~f-", true),
            ("user.id=x", false),
            ("user.id~", false),
            ("user.id!=x", true),
            ("user.name=a=b", true),
            ("user.name.first=a", false),
            ("user=a", false),
            ("user!=a", true),
            ("ok=true", true),
            ("nothing=null", false),
            ("nothing!=null", true),
        ] {
            let Ok(parsed) = clause.parse::<Clause>() else {
                assert!(!matches, "{clause}");
                continue;
            };
            assert_eq!(parsed.matches(&event.to_string()), matches, "{clause}");
            assert!(!matches || parsed.may_match(&event.to_string()), "{clause}");
        }
    }

    #[test]
    fn any_field_any_value() {
        let clause = Clause::any(&["a.id", "b"], vec!["x".to_owned(), "y".to_owned()]);
        assert!(clause.matches(&json!({"b": "y"}).to_string()));
        assert!(clause.matches(&json!({"a": {"id": ["x"]}, "b": 1}).to_string()));
        assert!(!clause.matches(&json!({"a": "x"}).to_string()));
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in ["", "event.action", "=x", ".a=x", "a..b=x", "a!x", "a.=x"] {
            assert!(text.parse::<Clause>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_cheap_check_never_loses_an_event(value in "[a-c0-2.é\"\\\\ -]{0,3}", wanted in "[a-c0-2.é\"\\\\ -]{0,3}", op in "=|!=|~") {
            let event = json!({"a": value, "n": 0.5});
            for field in ["a", "n"] {
                let clause: Clause = format!("{field}{op}{wanted}").parse().unwrap();
                prop_assert!(!clause.matches(&event.to_string()) || clause.may_match(&event.to_string()));
            }
        }
    }
}
