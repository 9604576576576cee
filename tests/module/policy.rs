//! What the policy leaves of a real cluster's events.

use std::fs;

use mesos_audit_core::event::{
    Action, OwnedEvent,
    mesos::{Applied, Decision},
};
use serde_json::json;

use crate::support::{TestResult, is_about, ops, plain, start};

fn applied(event: &OwnedEvent) -> Applied<'_> {
    event.mesos.policy.clone().unwrap_or_else(|| panic!("no policy: {event:?}"))
}

#[test]
fn by_default_reads_lack_their_details_and_denials_do_not() -> TestResult {
    let audited = plain("policy-default")?;
    assert_eq!(audited.cluster.get("/master/flags?jsonp=x", Some(&ops()))?.status, 200);
    assert_eq!(audited.cluster.get("/master/flags?jsonp=x", None)?.status, 401);

    let read = audited.wait("the read", |event| {
        event.event.action == Action::ApiRequest && event.user.as_ref().is_some_and(|user| user.name == "ops")
    })?;
    assert_eq!(applied(&read).rule, "read_requests");
    assert!(read.user_agent.is_none());
    assert!(read.url.is_some_and(|url| url.path == "/master/flags" && url.query_keys.is_empty()));
    let refused = audited.wait("the refused one", |event| {
        event.event.action == Action::ApiRequest && event.user.is_none() && event.url.is_some()
    })?;
    assert_eq!(applied(&refused).rule, "failures");
    assert!(refused.user_agent.is_some());
    assert_eq!(refused.url.unwrap().query_keys, ["jsonp"]);

    // Every event of Mesos names what decided on it, and the file what that was.
    let events = audited.events()?;
    let digest =
        events[0].mesos.audit.as_ref().and_then(|audit| audit.policy.as_ref()).unwrap().digest.clone();
    for event in events.iter().filter(|event| event.event.action.is_of_mesos()) {
        assert_eq!(applied(event).digest, digest, "{event:?}");
    }
    Ok(())
}

#[test]
fn what_the_policy_counts_and_skips_is_in_the_numbers() -> TestResult {
    const LOOKS: u64 = 7;
    let rules = "[health]\nledger_s = 1\n[policy]\ninterval_s = 1\n\
        [[policy.rules]]\nid = 'flags'\nlevel = 'skip'\nauthorization = ['VIEW_FLAGS']\noutcome = ['success']\n\
        [[policy.rules]]\nid = 'start'\nlevel = 'skip'\naction = ['agent_resources', 'agent_attributes']\n\
        [[policy.rules]]\nid = 'looks'\nlevel = 'count'\naction = ['api_request']\nprincipal = ['o?s']\npath = ['*/flags']\n";
    let audited = start("policy-counts", "release", |builder, audit| (builder, audit.config(rules)))?;
    for _ in 0..LOOKS {
        assert_eq!(audited.cluster.get("/master/flags", Some(&ops()))?.status, 200);
    }
    let counted = |events: &[OwnedEvent]| -> u64 {
        let of_it = events.iter().filter(|event| event.event.action == Action::EventsCounted);
        of_it
            .filter(|event| applied(event).rule == "looks")
            .map(|event| event.mesos.counted.as_ref().unwrap().count)
            .sum()
    };
    audited.cluster.wait_for("all of them in counts", || {
        let events = audited.events().map_err(|error| mesos_testbed::Error::new(error.to_string()))?;
        Ok((counted(&events) == LOOKS).then_some(()))
    })?;
    audited.wait("a ledger with what was skipped", |event| {
        let ledger = event.mesos.audit.as_ref().and_then(|audit| audit.ledger.as_ref());
        ledger.is_some_and(|ledger| {
            let skipped = |rule: &str, count: u64| {
                ledger.suppressed.iter().any(|one| one.rule == rule && one.count == count)
            };
            // The agent told its resources and attributes once.
            ledger.counted_only >= LOOKS && skipped("flags", LOOKS) && skipped("start", 2)
        })
    })?;
    let events = audited.events()?;
    assert!(!events.iter().any(|event| is_about(event, "VIEW_FLAGS")));
    assert!(!events.iter().any(|event| event.event.action == Action::AgentResources));
    assert!(!events.iter().any(|event| {
        event.event.action == Action::ApiRequest
            && event.url.as_ref().is_some_and(|url| url.path.ends_with("/flags"))
    }));
    Ok(())
}

#[test]
fn a_policy_is_renewed_while_mesos_runs() -> TestResult {
    let acls = json!({"view_flags": [{"principals": {"values": ["auditor"]}, "flags": {"type": "NONE"}}]});
    let audited = start("policy-reload", "release", |builder, audit| {
        (builder, audit.acls_parameter(Some(acls.to_string())))
    })?;
    let path = audited.log.with_file_name("audit.toml");
    let before = fs::read_to_string(&path)?;
    let look = || audited.cluster.get("/master/flags", Some(&ops()));
    assert_eq!(look()?.status, 200);
    let first = audited.wait("a decision", |event| is_about(event, "VIEW_FLAGS"))?;

    // Wrong: told once, and what held goes on.
    fs::write(&path, format!("{before}[[policy.rules]]\nid = 'none'\n"))?;
    let refused = audited.wait("a refusal", |event| event.event.action == Action::AuditConfigRefused)?;
    let why = refused.error.expect("a reason").message;
    assert!(why.contains("audit.toml") && why.contains("policy.rules[0]"), "{why}");
    audited.cluster.wait_for_stderr("the configuration of before goes on")?;

    fs::write(
        &path,
        format!("{before}[[policy.rules]]\nid = 'all'\nlevel = 'skip'\noutcome = ['success']\n"),
    )?;
    let changed = audited.wait("a change", |event| event.event.action == Action::AuditConfigChanged)?;
    let state = changed.mesos.audit.and_then(|audit| audit.policy).expect("a policy");
    assert_eq!(state.previous.as_deref(), Some(&*applied(&first).digest));
    assert!(state.restart.is_empty());

    let count = || -> Result<usize, Box<dyn std::error::Error>> {
        Ok(audited.events()?.iter().filter(|event| is_about(event, "VIEW_FLAGS")).count())
    };
    let told = count()?;
    assert_eq!(look()?.status, 200);
    let auditor = mesos_testbed::Credential::new("auditor", "auditor-secret");
    assert_eq!(audited.cluster.get("/master/flags", Some(&auditor))?.status, 403);
    let denied = audited.wait("the denied one", |event| {
        is_about(event, "VIEW_FLAGS")
            && event.mesos.authz.as_ref().and_then(|authz| authz.decision) == Some(Decision::Denied)
    })?;
    assert_eq!((&*applied(&denied).rule, &*applied(&denied).digest), ("default", &*state.digest));
    assert_eq!(count()?, told + 1, "what was allowed is skipped by now");
    Ok(())
}
