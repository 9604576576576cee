//! One rule, ready to be asked.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;
use serde::de::DeserializeOwned;
use wildmatch::WildMatch;

use super::facts::{self, Facts, category_bit, type_bit};
use crate::{
    config::{self, PolicyLevel as Level},
    decode::action_number,
    error::Error,
    event::Action,
};

/// Longest pattern: what a text is compared with costs at the most this many steps for each of its characters.
const MOST_PATTERN: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) level: Level,
    // What kind of event it is: bits of what is asked for.
    categories: Option<u32>,
    actions: Option<u128>,
    types: Option<u32>,
    outcomes: Option<u32>,
    authorization: Option<u64>,
    // What is in it.
    methods: Option<Vec<String>>,
    calls: Option<Vec<WildMatch>>,
    principals: Option<Vec<WildMatch>>,
    roles: Option<Vec<WildMatch>>,
    frameworks: Option<Vec<WildMatch>>,
    paths: Option<Vec<WildMatch>>,
    clients: Option<Vec<IpNet>>,
}

impl Rule {
    pub(super) fn new(rule: &config::Rule, key: &dyn Fn(&str) -> String) -> Result<Self, Error> {
        let in_id = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-');
        if rule.id.is_empty() || rule.id.len() > 64 || !rule.id.chars().all(in_id) {
            return Err(Error::new("must be 1 to 64 of a to z, 0 to 9, `_` and `-`").key(key(".id")));
        }
        let actions = |name: &str, text: &str| {
            Action::from_str(text)
                .ok()
                .filter(|action| action.is_of_mesos())
                .map(|action| 1_u128 << action as u32)
                .ok_or_else(|| unknown(text, name, "event.action of Mesos"))
        };
        let authorization = |name: &str, text: &str| {
            let number = action_number(text).and_then(|number| u32::try_from(number).ok());
            number
                .and_then(|number| 1_u64.checked_shl(number))
                .ok_or_else(|| unknown(text, name, "authorization action of Mesos"))
        };
        let category = |name: &str, text: &str| {
            one_of(text).map(category_bit).ok_or_else(|| unknown(text, name, "event.category"))
        };
        let kind = |name: &str, text: &str| {
            one_of(text).map(type_bit).ok_or_else(|| unknown(text, name, "event.type"))
        };
        let outcome = |name: &str, text: &str| {
            one_of(text)
                .map(|outcome: crate::event::ecs::Outcome| 1_u32 << outcome as u32)
                .ok_or_else(|| unknown(text, name, "event.outcome"))
        };
        let method = |name: &str, text: &str| {
            let is_token = !text.is_empty()
                && text.len() <= 32
                && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
            is_token.then(|| text.to_owned()).ok_or_else(|| unknown(text, name, "HTTP method"))
        };
        let bits32 =
            |list: Option<Vec<u32>>| list.map(|list| list.into_iter().fold(0, |bits, bit| bits | bit));
        Ok(Self {
            id: rule.id.clone(),
            level: rule.level,
            categories: bits32(each(rule.category.as_deref(), ".category", key, category)?),
            actions: each(rule.action.as_deref(), ".action", key, actions)?
                .map(|list| list.into_iter().fold(0, |bits, bit| bits | bit)),
            types: bits32(each(rule.types.as_deref(), ".type", key, kind)?),
            outcomes: bits32(each(rule.outcome.as_deref(), ".outcome", key, outcome)?),
            authorization: each(rule.authorization.as_deref(), ".authorization", key, authorization)?
                .map(|list| list.into_iter().fold(0, |bits, bit| bits | bit)),
            methods: each(rule.method.as_deref(), ".method", key, method)?,
            calls: each(rule.call.as_deref(), ".call", key, pattern)?,
            principals: each(rule.principal.as_deref(), ".principal", key, pattern)?,
            roles: each(rule.role.as_deref(), ".role", key, pattern)?,
            frameworks: each(rule.framework.as_deref(), ".framework", key, pattern)?,
            paths: each(rule.path.as_deref(), ".path", key, pattern)?,
            clients: each(rule.client.as_deref(), ".client", key, network)?,
        })
    }

    /// Whether it asks for nothing.
    pub(super) fn matches_all(&self) -> bool {
        self.categories.is_none()
            && self.actions.is_none()
            && self.types.is_none()
            && self.outcomes.is_none()
            && self.authorization.is_none()
            && !self.looks_inside()
    }

    /// Whether it asks for more than the kind of an event.
    pub(super) fn looks_inside(&self) -> bool {
        self.methods.is_some()
            || self.calls.is_some()
            || self.principals.is_some()
            || self.roles.is_some()
            || self.frameworks.is_some()
            || self.paths.is_some()
            || self.clients.is_some()
    }

    pub(super) fn matches(&self, facts: &Facts<'_>) -> bool {
        self.matches_kind(facts) && self.objection_to_content(facts).is_none()
    }

    /// What the kind of the event says.
    pub(super) fn matches_kind(&self, facts: &Facts<'_>) -> bool {
        self.objection_to_kind(facts).is_none()
    }

    /// Whether it matches each event with this action, none, or (none) some.
    pub(super) fn matches_action(&self, action: Action) -> Option<bool> {
        let categories = facts::categories(action.categories());
        if self.authorization.is_some()
            || self.actions.is_some_and(|wanted| wanted & (1 << action as u32) == 0)
            || self.categories.is_some_and(|wanted| wanted & categories == 0)
        {
            return Some(false);
        }
        (self.types.is_none() && self.outcomes.is_none() && !self.looks_inside()).then_some(true)
    }

    /// The first key that does not match.
    pub(super) fn objection(&self, facts: &Facts<'_>) -> Option<&'static str> {
        self.objection_to_kind(facts).or_else(|| self.objection_to_content(facts))
    }

    // Inlined, as for most events it is all that is asked of most rules.
    #[inline(always)]
    fn objection_to_kind(&self, facts: &Facts<'_>) -> Option<&'static str> {
        let outcome = facts.outcome.map_or(0, |outcome| 1_u32 << outcome as u32);
        let authorization = facts
            .authorization
            .and_then(|number| u32::try_from(number).ok())
            .and_then(|number| 1_u64.checked_shl(number))
            .unwrap_or(0);
        if self.authorization.is_some_and(|wanted| wanted & authorization == 0) {
            Some("authorization")
        } else if self.actions.is_some_and(|wanted| wanted & (1 << facts.action as u32) == 0) {
            Some("action")
        } else if self.outcomes.is_some_and(|wanted| wanted & outcome == 0) {
            Some("outcome")
        } else if self.types.is_some_and(|wanted| wanted & facts.types == 0) {
            Some("type")
        } else if self.categories.is_some_and(|wanted| wanted & facts.categories == 0) {
            Some("category")
        } else {
            None
        }
    }

    fn objection_to_content(&self, facts: &Facts<'_>) -> Option<&'static str> {
        fn none_of<'e>(patterns: Option<&[WildMatch]>, mut texts: impl Iterator<Item = &'e str>) -> bool {
            patterns.is_some_and(|patterns| !texts.any(|text| patterns.iter().any(|one| one.matches(text))))
        }
        if self
            .methods
            .as_ref()
            .is_some_and(|wanted| !facts.method().is_some_and(|is| wanted.iter().any(|one| one == is)))
        {
            Some("method")
        } else if none_of(self.calls.as_deref(), facts.call().into_iter()) {
            Some("call")
        } else if none_of(self.principals.as_deref(), facts.principals()) {
            Some("principal")
        } else if none_of(self.roles.as_deref(), facts.roles()) {
            Some("role")
        } else if none_of(self.frameworks.as_deref(), facts.frameworks()) {
            Some("framework")
        } else if none_of(self.paths.as_deref(), facts.paths()) {
            Some("path")
        } else if self.clients.as_ref().is_some_and(|networks| {
            let address = facts.client().and_then(|text| text.parse::<IpAddr>().ok());
            !address.is_some_and(|address| {
                networks.iter().any(|network| network.contains(&address.to_canonical()))
            })
        }) {
            Some("client")
        } else {
            None
        }
    }
}

fn each<T>(
    list: Option<&[String]>,
    name: &str,
    key: &dyn Fn(&str) -> String,
    read: impl Fn(&str, &str) -> Result<T, Error>,
) -> Result<Option<Vec<T>>, Error> {
    let Some(list) = list else { return Ok(None) };
    if list.is_empty() {
        return Err(Error::new("is empty, so that the rule never matches").key(key(name)));
    }
    let read = |(index, text): (usize, &String)| {
        let place = key(&format!("{name}[{index}]"));
        read(&place, text)
    };
    list.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>().map(Some)
}

fn unknown(text: &str, key: &str, what: &str) -> Error {
    Error::new(format!("`{text}` is no {what}")).key(key.to_owned())
}

fn one_of<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

fn pattern(key: &str, text: &str) -> Result<WildMatch, Error> {
    if text.is_empty() || text.len() > MOST_PATTERN {
        return Err(Error::new(format!("must have 1 to {MOST_PATTERN} bytes")).key(key.to_owned()));
    }
    Ok(WildMatch::new(text))
}

fn network(key: &str, text: &str) -> Result<IpNet, Error> {
    let network = IpNet::from_str(text).or_else(|_| IpAddr::from_str(text).map(IpNet::from));
    network.map_err(|_| Error::new(format!("`{text}` is no network such as 10.0.0.0/8")).key(key.to_owned()))
}
