//! `[policy]`: which events are recorded, and how much of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::range;
use crate::{error::Error, policy};

/// Which events are recorded, and how much of each. Renewed while Mesos runs when the file changes; all other tables need a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Seconds after which events that were only counted are told, in one `events_counted` for each rule, action, outcome and principal.
    /// 1 to 3,600.
    pub interval_s: u64,
    /// The rules, of which the first that matches decides; where none does, the event is recorded in full (rule `default`). Rules of
    /// your own replace those of the default.
    pub rules: Vec<Rule>,
}

/// One rule: it matches an event that has one of the values of each list that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What the events that it decides on tell as `mesos.policy.rule`: 1 to 64 of `a` to `z`, `0` to `9`, `_` and `-`; unique.
    pub id: String,
    /// `skip`: no event, only the ledger counts it. `count`: no event of its own, but one that tells how many. `metadata`: who, what, when,
    /// on what and with which outcome, without what was asked for in detail. `full`: all that is known.
    pub level: Level,
    /// `event.category`: `api`, `authentication`, `configuration`, `host`, `process`, `web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Vec<String>>,
    /// `event.action`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Vec<String>>,
    /// `event.type`: `access`, `allowed`, `change`, `creation`, `denied`, `end`, `error`, `info`, `start`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
    /// `event.outcome`: `success`, `failure`, `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Vec<String>>,
    /// Authorization actions, by Mesos's names (`mesos.authz.action`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Vec<String>>,
    /// `http.request.method`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Vec<String>>,
    /// Patterns of `mesos.api.call_type`. In every pattern `*` stands for any text (`/` included), `?` for one character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Vec<String>>,
    /// Patterns of the principal: `user.name`, or the framework's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Vec<String>>,
    /// Patterns of a role: `mesos.role`, one of the framework's, or the one that is acted on. `eng/*` is all below `eng`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Vec<String>>,
    /// Patterns of the framework's id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framework: Option<Vec<String>>,
    /// Patterns of `url.path`, or of the path that `GET_ENDPOINT_WITH_PATH` asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<String>>,
    /// Networks of the client's address (`source.ip`): `10.0.0.0/8`, `2001:db8::/32`, or one address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Vec<String>>,
}

/// How much of an event is recorded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Said at the key.
pub enum Level {
    Skip,
    Count,
    Metadata,
    #[default]
    Full,
}

impl Level {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Count => "count",
            Self::Metadata => "metadata",
            Self::Full => "full",
        }
    }

    /// Whether there is an event at all.
    #[must_use]
    pub const fn is_recorded(self) -> bool {
        matches!(self, Self::Metadata | Self::Full)
    }
}

fn list(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}

impl Default for Policy {
    /// What a security team would choose: every denial, failure and change in full, reads without their details, and the
    /// hundreds of thousands of decisions on what a look at Mesos's state may show as counts.
    fn default() -> Self {
        let rule = |id: &str, level| Rule { id: id.to_owned(), level, ..Rule::default() };
        let rules = vec![
            Rule {
                // Denials as well: they are how Mesos leaves out of its state what somebody may not see.
                authorization: list(&["VIEW_ROLE", "VIEW_FRAMEWORK", "VIEW_TASK", "VIEW_EXECUTOR"]),
                ..rule("views", Level::Count)
            },
            Rule { outcome: list(&["failure", "unknown"]), ..rule("failures", Level::Full) },
            Rule {
                authorization: list(&["ACCESS_SANDBOX", "ACCESS_MESOS_LOG", "ATTACH_CONTAINER_OUTPUT"]),
                ..rule("sensitive_reads", Level::Full)
            },
            Rule {
                action: list(&["authorization"]),
                types: list(&["access"]),
                ..rule("reads", Level::Metadata)
            },
            Rule {
                action: list(&["api_request"]),
                method: list(&["GET", "HEAD"]),
                ..rule("read_requests", Level::Metadata)
            },
            Rule {
                action: list(&["api_request"]),
                call: list(&["GET_*", "LIST_FILES", "SUBSCRIBE"]),
                path: list(&["*/api/v1"]),
                ..rule("read_calls", Level::Metadata)
            },
        ];
        Self { interval_s: 60, rules }
    }
}

impl Policy {
    /// `durable`: authorization actions whose answer waits for its record, by number and name.
    pub(super) fn validate(&self, durable: &[(i32, String)]) -> Result<(), Error> {
        range("policy.interval_s", self.interval_s, 1, 3_600)?;
        policy::Policy::new(self)?.check_durable(durable)
    }
}
