//! Ids of HTTP requests: made where they are authenticated, and found again in the decisions made for them.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::event::Draft;

/// Requests on the master that are authorized by the principal as a whole: with a claim more than what the framework, the
/// reservation or the volume names it is another (Mesos 1.11.0: src/master/http.cpp:626, src/master/validation.cpp:693,
/// 2543, 2735), and Mesos would refuse what it allows.
const WHOLE_PRINCIPAL: [&str; 5] = [
    "/master/api/v1/scheduler",
    "/master/reserve",
    "/master/unreserve",
    "/master/create-volumes",
    "/master/destroy-volumes",
];
/// The same among the operator's v1 calls.
const WHOLE_PRINCIPAL_CALLS: [&str; 6] = [
    "RESERVE_RESOURCES",
    "UNRESERVE_RESOURCES",
    "CREATE_VOLUMES",
    "DESTROY_VOLUMES",
    "GROW_VOLUME",
    "SHRINK_VOLUME",
];

/// Whether the principal of such a request may have a claim more without any other consequence. `call_type` is that of a
/// v1 call, empty where it could not be read: then it may be any.
fn may_be_claimed(path: &str, call_type: &str) -> bool {
    let path = path.trim_end_matches('/');
    let is_call = path == "/master/api/v1";
    !WHOLE_PRINCIPAL.contains(&path)
        && (!is_call || !(call_type.is_empty() || WHOLE_PRINCIPAL_CALLS.contains(&call_type)))
}

/// Makes ids, `RUN-rN`, and knows its own.
#[derive(Debug)]
pub(super) struct Requests {
    prefix: String,
    /// Whether decisions may name one.
    told: bool,
    last: AtomicU64,
}

impl Requests {
    pub(super) fn new(run: &str, told: bool) -> Self {
        Self { prefix: format!("{run}-r"), told, last: AtomicU64::new(0) }
    }

    pub(super) fn next(&self) -> String {
        format!("{}{}", self.prefix, self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Whether the principal of such a request is to claim its id. `call_type` is as for [`may_be_claimed`].
    pub(super) fn are_claimed(&self, path: &str, call_type: &str) -> bool {
        self.told && may_be_claimed(path, call_type)
    }

    /// Takes out of a decision what is no id of ours: claims are what a token says, and whoever may sign tokens can
    /// write there what he likes. Where ids are told, the authenticator has put ours in its place.
    pub(super) fn check(&self, draft: &mut Draft<'_>) {
        if !draft.action.is_decision() {
            return;
        }
        let id = draft.http.as_ref().and_then(|http| http.request.id.as_deref()).unwrap_or_default();
        let number = id.strip_prefix(&self.prefix).and_then(|number| number.parse::<u64>().ok());
        let is_ours = number.is_some_and(|number| number <= self.last.load(Ordering::Relaxed));
        if !(self.told && is_ours) {
            draft.http = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{
        Action,
        ecs::{Http, HttpRequest},
    };

    fn checked(requests: &Requests, action: Action, id: &str) -> bool {
        let mut draft = Draft::new(action);
        let request = HttpRequest { method: "GET".into(), id: Some(id.to_owned().into()) };
        draft.http = Some(Http { request });
        requests.check(&mut draft);
        draft.http.is_some()
    }

    #[test]
    fn only_ids_that_were_given_out_stay_in_decisions() {
        let requests = Requests::new("0123456789abcdef", true);
        let id = requests.next();
        assert_eq!(id, "0123456789abcdef-r1");
        for action in [Action::Authorization, Action::AuthorizationSummary] {
            assert!(checked(&requests, action, &id));
            for forged in ["", "0123456789abcdef-r2", "0123456789abcdef-r", "fedcba9876543210-r1", "x"] {
                assert!(!checked(&requests, action, forged), "{forged}");
            }
        }
        assert!(checked(&requests, Action::ApiRequest, "whatever the authenticator said"));
    }

    #[test]
    fn nothing_is_claimed_where_mesos_compares_whole_principals() {
        for (path, call_type) in [
            ("/master/api/v1/scheduler", "SUBSCRIBE"),
            ("/master/api/v1/scheduler", ""),
            ("/master/reserve", ""),
            ("/master/create-volumes/", ""),
            ("/master/api/v1", "RESERVE_RESOURCES"),
            ("/master/api/v1", "GROW_VOLUME"),
            ("/master/api/v1/", ""),
        ] {
            assert!(!may_be_claimed(path, call_type), "{path} {call_type}");
        }
        for (path, call_type) in [
            ("/master/state", ""),
            ("/master/api/v1", "GET_STATE"),
            ("/slave(1)/api/v1", ""),
            ("/slave(1)/api/v1/executor", ""),
            ("/logging/toggle", ""),
        ] {
            assert!(may_be_claimed(path, call_type), "{path} {call_type}");
        }
    }

    #[test]
    fn none_stays_where_they_are_not_told() {
        let requests = Requests::new("0123456789abcdef", false);
        let id = requests.next();
        assert!(!checked(&requests, Action::Authorization, &id));
        assert!(checked(&requests, Action::Authentication, &id));
    }
}
