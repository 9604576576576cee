use proptest::prelude::*;

use super::*;
use crate::{
    clock::Timestamp,
    decode::{Callback, kind_of_decision},
    event::{
        Action, Draft,
        ecs::{EventType, Http, HttpRequest, Outcome, Source, Url, User},
        mesos::{Authz, Decision, Framework},
    },
};

fn policy(rules: &str) -> Policy {
    let config = config::parse(rules.as_bytes()).unwrap();
    Policy::new(&config.policy).unwrap()
}

/// Rules without ids.
fn policy_of(rules: &[String]) -> Policy {
    let text: String = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| format!("[[policy.rules]]\nid = 'r{index}'\n{rule}"))
        .collect();
    policy(if text.is_empty() { "policy.rules = []" } else { &text })
}

fn admitted<'a>(governor: &'a mut Governor, mut draft: Draft<'a>) -> Option<Draft<'a>> {
    let rule = governor.admit(&mut draft)?;
    governor.mark_by(rule, &mut draft);
    Some(draft)
}

fn decided(action: i32, decision: Decision) -> Draft<'static> {
    let mut draft = Draft::at(Timestamp::from_micros(1), Action::Authorization);
    let (types, outcome) = kind_of_decision(action, decision);
    draft.types = types;
    draft.outcome = Some(outcome);
    draft.user = Some(User { name: "alice".into() });
    draft.mesos.authz = Some(Authz { action_id: Some(action), decision: Some(decision), ..Authz::default() });
    draft
}

fn request(method: &'static str, path: &'static str, ip: &'static str) -> Draft<'static> {
    let mut draft = Draft::at(Timestamp::from_micros(1), Action::ApiRequest);
    draft.outcome = Some(Outcome::Success);
    draft.http = Some(Http { request: HttpRequest { method: method.into(), id: None } });
    draft.url = Some(Url { path: path.into(), query_keys: vec!["jsonp".into()] });
    draft.source = Some(Source { ip: Some(ip.into()), ..Source::default() });
    draft
}

fn says<'p>(policy: &'p Policy, draft: &Draft<'_>) -> (Level, &'p str) {
    let verdict = policy.judge(&Facts::of_draft(draft));
    (verdict.level, verdict.rule)
}

#[test]
fn the_default_is_what_a_security_team_would_choose() {
    let policy = policy("");
    for (action, decision, level, rule) in [
        (14, Decision::Allowed, Level::Count, "views"),
        (14, Decision::Denied, Level::Count, "views"),
        (2, Decision::Allowed, Level::Full, "default"),
        (2, Decision::Denied, Level::Full, "failures"),
        (18, Decision::Allowed, Level::Metadata, "reads"),
        (18, Decision::Denied, Level::Full, "failures"),
        (18, Decision::Error, Level::Full, "failures"),
        (16, Decision::Allowed, Level::Full, "sensitive_reads"),
        (99, Decision::Allowed, Level::Full, "default"),
    ] {
        assert_eq!(says(&policy, &decided(action, decision)), (level, rule), "{action} {decision:?}");
    }
    assert_eq!(says(&policy, &request("GET", "/master/state", "::1")), (Level::Metadata, "read_requests"));
    let mut call = request("POST", "/master/api/v1", "::1");
    assert_eq!(says(&policy, &call), (Level::Full, "default"));
    call.mesos.api = Some(crate::event::mesos::Api { call_type: Some("GET_STATE".into()) });
    assert_eq!(says(&policy, &call), (Level::Metadata, "read_calls"));
    call.outcome = Some(Outcome::Failure);
    assert_eq!(says(&policy, &call), (Level::Full, "failures"));
}

#[test]
fn each_key_of_a_rule_is_asked() {
    let mut draft = request("GET", "/master/state", "10.1.2.3");
    draft.user = Some(User { name: "svc-web".into() });
    draft.mesos.framework = Some(Framework {
        id: Some("F-1".into()),
        name: Some("marathon".into()),
        roles: vec!["eng/web".into()],
        ..Framework::default()
    });
    for (key, fits, differs) in [
        ("category", "web", "host"),
        ("action", "api_request", "task_launch"),
        ("type", "access", "change"),
        ("outcome", "success", "failure"),
        ("method", "GET", "POST"),
        ("principal", "svc-*", "svc"),
        ("role", "eng/*", "eng"),
        ("framework", "mara?hon", "F-2"),
        ("path", "*/state", "state"),
        ("client", "10.0.0.0/8", "192.168.0.0/16"),
    ] {
        let rule = |value: &str| {
            policy(&format!("[[policy.rules]]\nid = 'r'\nlevel = 'skip'\n{key} = ['{value}']\n"))
        };
        assert_eq!(says(&rule(fits), &draft), (Level::Skip, "r"), "{key}");
        let other = rule(differs);
        assert_eq!(says(&other, &draft), (Level::Full, DEFAULT_RULE), "{key}");
        assert_eq!(other.objection(0, &Facts::of_draft(&draft)), Some(key));
    }
    // What came over IPv6 from an IPv4 address is from that address.
    let rule = policy("[[policy.rules]]\nid = 'r'\nlevel = 'skip'\nclient = ['10.1.2.3']\n");
    assert_eq!(says(&rule, &request("GET", "/", "::ffff:10.1.2.3")).0, Level::Skip);
}

#[test]
fn what_mesos_audit_tells_of_itself_is_no_rules_business() {
    let policy = policy("[[policy.rules]]\nid = 'r'\nlevel = 'skip'\n");
    for action in Action::ALL {
        let draft = Draft::at(Timestamp::from_micros(1), action);
        let kept = !action.is_of_mesos()
            || matches!(
                action,
                Action::AuthorizationSummary
                    | Action::EventsCounted
                    | Action::ModuleStart
                    | Action::AuditRecordUnreadable
            );
        assert_eq!(says(&policy, &draft).0, if kept { Level::Full } else { Level::Skip }, "{action}");
    }
}

#[test]
fn the_digest_is_that_of_the_rules_and_not_of_the_text() {
    let one = policy("[[policy.rules]]\nid = 'r'\nlevel = 'skip'\nrole = ['x']\n");
    let same = policy("# words\npolicy.rules = [{ role = ['x'], level = \"skip\", id = 'r' }]\n");
    let other = policy("[[policy.rules]]\nid = 'r'\nlevel = 'count'\nrole = ['x']\n");
    assert_eq!(one.digest(), same.digest());
    assert_ne!(one.digest(), other.digest());
    assert_eq!(one.digest().len(), 16);
}

#[test]
fn metadata_lacks_what_it_says_and_nothing_else() {
    let golden = crate::encode::flatbuffers::tests::golden();
    assert!(golden.len() > 20);
    for event in golden {
        let whole = serde_json::to_value(&event).unwrap();
        let mut draft = Draft::at(event.timestamp, event.event.action);
        draft.duration = event.event.duration;
        draft.user_agent = event.user_agent;
        draft.source = event.source;
        draft.url = event.url;
        draft.mesos = event.mesos;
        to_metadata(&mut draft);
        let mut expected = whole["mesos"].clone();
        for path in METADATA_LACKS.iter().filter_map(|path| path.strip_prefix("mesos.")) {
            let (group, key) = path.split_once('.').unwrap();
            if let Some(group) = expected.get_mut(group).and_then(|group| group.as_object_mut()) {
                group.remove(key);
            }
        }
        assert_eq!(serde_json::to_value(&draft.mesos).unwrap(), expected);
        assert!(draft.duration.is_none() && draft.user_agent.is_none());
        assert!(draft.source.is_none_or(|source| source.forwarded_for.is_none()));
        assert!(draft.url.is_none_or(|url| url.query_keys.is_empty()));
    }
}

#[test]
fn answers_that_wait_for_their_record_cannot_be_left_out() {
    let durable = [(2, "RUN_TASK".to_owned())];
    for (rules, fine) in [
        ("", true),
        ("[[policy.rules]]\nid = 'r'\nlevel = 'skip'\nprincipal = ['x']\n", false),
        ("[[policy.rules]]\nid = 'r'\nlevel = 'count'\nauthorization = ['RUN_TASK']\n", false),
        ("[[policy.rules]]\nid = 'r'\nlevel = 'skip'\naction = ['task_status']\n", true),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'metadata'\nauthorization = ['RUN_TASK']\n[[policy.rules]]\nid = 'r'\nlevel = 'skip'\n",
            true,
        ),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'full'\nauthorization = ['RUN_TASK']\noutcome = ['failure', 'unknown']\n[[policy.rules]]\nid = 'r'\nlevel = 'skip'\n",
            false,
        ),
    ] {
        assert_eq!(policy(rules).check_durable(&durable).is_ok(), fine, "{rules}");
    }
}

fn a_rule() -> impl Strategy<Value = String> {
    let level = prop_oneof![Just("skip"), Just("count"), Just("metadata"), Just("full")];
    let key = prop_oneof![
        Just("authorization = ['VIEW_TASK', 'RUN_TASK']"),
        Just("authorization = ['VIEW_FLAGS']"),
        Just("outcome = ['failure']"),
        Just("type = ['access']"),
        Just("category = ['host']"),
        Just("action = ['authorization']"),
        Just("principal = ['a*']"),
        Just("principal = ['b*']"),
    ];
    (level, proptest::collection::btree_set(key, 1..3)).prop_filter_map(
        "one key, one line",
        |(level, keys)| {
            let names: std::collections::BTreeSet<_> = keys.iter().map(|key| key.split(' ').next()).collect();
            let keys: Vec<_> = keys.iter().copied().collect();
            (names.len() == keys.len()).then(|| format!("level = '{level}'\n{}\n", keys.join("\n")))
        },
    )
}

proptest! {
    /// What Mesos's thread decides by the table is what the worker would have decided by the rules.
    #[test]
    fn the_table_says_what_the_rules_say(rules in proptest::collection::vec(a_rule(), 0..6)) {
        let policy = policy_of(&rules);
        let table = Table::new(&policy);
        for action in 0..64 {
            let bits = table.levels(action).bits();
            for (index, decision) in [Decision::Allowed, Decision::Denied, Decision::Error].into_iter().enumerate() {
                let verdict = policy.judge(&Facts::of_draft(&decided(action, decision)));
                match bits >> (2 * index) & 3 {
                    0 => {}
                    1 => prop_assert_eq!(verdict.level, Level::Count),
                    2 => {
                        prop_assert_eq!(verdict.level, Level::Skip);
                        table.skip(action, u8::try_from(index).unwrap());
                        let skipped: Vec<_> = table.take_skipped().collect();
                        prop_assert_eq!(skipped, [(verdict.index, 1)]);
                    }
                    _ => prop_assert!(false),
                }
                // Nothing is handed over that need not be: where no rule before looks inside, the table decides.
                let inside = policy.rules[..(verdict.index + 1).min(policy.len())].iter().any(Rule::looks_inside);
                if !inside {
                    prop_assert_eq!(bits >> (2 * index) & 3 == 0, verdict.level.is_recorded());
                }
            }
        }
    }
}

proptest! {
    /// The same of whole callbacks: what is skipped there, the rules would have skipped whatever else the event says.
    #[test]
    fn the_table_skips_callbacks_that_the_rules_skip(rules in proptest::collection::vec(a_rule(), 0..6), principal in "[a-z]{0,3}") {
        let policy = policy_of(&rules);
        let table = Table::new(&policy);
        for callback in Callback::ALL {
            let skipped = table.skips(callback as u8);
            let counted: Vec<_> = table.take_skipped().collect();
            let Some(action) = callback.only_action() else {
                prop_assert!(!skipped && counted.is_empty());
                continue;
            };
            for (types, outcome) in [
                (&[EventType::Start][..], None),
                (&[EventType::End][..], Some(Outcome::Success)),
                (&[EventType::Change][..], Some(Outcome::Failure)),
            ] {
                let mut draft = Draft::new(action);
                (draft.types, draft.outcome) = (types, outcome);
                draft.user = Some(User { name: principal.as_str().into() });
                let verdict = policy.judge(&Facts::of_draft(&draft));
                if skipped {
                    prop_assert_eq!(verdict.level, Level::Skip);
                    prop_assert_eq!(&counted, &[(verdict.index, 1)]);
                }
            }
        }
    }
}

#[test]
fn a_rule_by_action_or_category_spares_mesos_the_copy() {
    let table = |rule: &str| {
        let text = format!("[[policy.rules]]\nid = 'noise'\nlevel = 'skip'\n{rule}\n");
        Table::new(&policy(&text))
    };
    let by_action = table("action = ['resources_offered', 'task_status']");
    assert!(
        by_action.skips(Callback::AllocatorOffer as u8) && by_action.skips(Callback::SlaveTaskStatus as u8)
    );
    assert!(!by_action.skips(Callback::AllocatorAddFramework as u8));
    assert_eq!(by_action.take_skipped().collect::<Vec<_>>(), [(0, 2)]);
    assert!(table("category = ['configuration']").skips(Callback::AllocatorUpdateQuota as u8));
    // What depends on more is the worker's.
    assert!(!table("action = ['task_status']\nprincipal = ['x']").skips(Callback::SlaveTaskStatus as u8));
    assert!(!table("action = ['task_status']\ntype = ['end']").skips(Callback::SlaveTaskStatus as u8));
}

/// As the worker says it of every decision that is no more than plain.
#[test]
fn what_is_foreseen_to_be_recorded_in_full_is() {
    for rules in [
        "",
        "[policy]\nrules = []\n",
        "[[policy.rules]]\nid = 'a'\nlevel = 'metadata'\noutcome = ['failure']\n\
         [[policy.rules]]\nid = 'b'\nlevel = 'full'\nauthorization = ['RUN_TASK', 'VIEW_ROLE']\n\
         [[policy.rules]]\nid = 'c'\nlevel = 'skip'\nprincipal = ['monitor']\ntype = ['access']\n",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.toml");
        std::fs::write(&path, rules).unwrap();
        let mut governor = Governor::new(&config::load(Some(&path)).unwrap()).unwrap();
        let mut foreseen = 0;
        for action in -1..70 {
            for decision in [Decision::Allowed, Decision::Denied, Decision::Error, Decision::Discarded] {
                let Some(applied) = governor.admits(action, decision) else { continue };
                foreseen += 1;
                let (digest, rule) = (applied.digest.into_owned(), applied.rule.into_owned());
                for user in [None, Some("monitor"), Some("ops")] {
                    let mut draft = decided(action, decision);
                    draft.user = user.map(|name| User { name: name.into() });
                    let before = draft.clone();
                    let mut kept = admitted(&mut governor, draft).unwrap();
                    let told = kept.mesos.policy.take().unwrap();
                    assert_eq!((&*told.digest, &*told.rule), (&*digest, &*rule), "{action} {decision:?}");
                    assert_eq!(kept, before, "in full");
                }
            }
        }
        assert!(foreseen > 50, "{rules}");
    }
}

#[test]
fn what_is_counted_is_told_by_rule_action_outcome_and_principal() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.toml");
    let text = "[policy]\ninterval_s = 3600\n[[policy.rules]]\nid = 'reads'\nlevel = 'count'\ntype = ['access']\n\
                [[policy.rules]]\nid = 'noise'\nlevel = 'skip'\naction = ['task_status']\n";
    std::fs::write(&path, text).unwrap();
    let mut governor = Governor::new(&config::load(Some(&path)).unwrap()).unwrap();
    for _ in 0..3 {
        assert!(admitted(&mut governor, decided(18, Decision::Allowed)).is_none());
    }
    assert!(admitted(&mut governor, decided(18, Decision::Denied)).is_none());
    assert!(admitted(&mut governor, Draft::new(Action::TaskStatus)).is_none());
    let kept = admitted(&mut governor, decided(2, Decision::Denied)).unwrap();
    assert_eq!(kept.mesos.policy.unwrap().rule, DEFAULT_RULE);
    governor.tell_counted(false, |_| panic!("it is not time"));

    let mut told = Vec::new();
    governor.tell_counted(true, |draft| {
        let counted = draft.mesos.counted.unwrap();
        let rule = draft.mesos.policy.unwrap().rule.into_owned();
        assert_eq!((draft.action, counted.action), (Action::EventsCounted, Action::Authorization));
        told.push((rule, counted.count, draft.outcome.unwrap(), draft.user.unwrap().name.into_owned()));
    });
    told.sort_by_key(|one| one.1);
    let alice = || "alice".to_owned();
    assert_eq!(
        told,
        [
            ("reads".to_owned(), 1, Outcome::Failure, alice()),
            ("reads".to_owned(), 3, Outcome::Success, alice())
        ]
    );
    governor.tell_counted(true, |_| panic!("told once"));
    let suppressed = governor.suppressed();
    assert_eq!((&*suppressed[0].rule, suppressed[0].count, suppressed.len()), ("noise", 1, 1));
}

#[test]
fn a_file_that_changes_is_taken_or_refused_and_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.toml");
    let rule =
        |level: &str| format!("[[policy.rules]]\nid = 'r'\nlevel = '{level}'\naction = ['task_status']\n");
    std::fs::write(&path, rule("full")).unwrap();
    let mut governor = Governor::new(&config::load(Some(&path)).unwrap()).unwrap();
    let mut now = std::time::Instant::now();
    let mut told = |governor: &mut Governor| {
        let mut told = Vec::new();
        for _ in 0..4 {
            now += std::time::Duration::from_secs(1);
            governor.look(now, |draft| {
                let state = draft.mesos.audit.and_then(|audit| audit.policy).unwrap();
                let error = draft.error.map(|error| error.message.into_owned()).unwrap_or_default();
                let restart: Vec<_> = state.restart.into_iter().map(std::borrow::Cow::into_owned).collect();
                told.push((draft.action, error, restart));
            });
        }
        told
    };
    assert_eq!(told(&mut governor), []);

    std::fs::write(&path, rule("skip")).unwrap();
    assert_eq!(told(&mut governor), [(Action::AuditConfigChanged, String::new(), vec![])]);
    assert!(admitted(&mut governor, Draft::new(Action::TaskStatus)).is_none());

    std::fs::write(&path, "[[policy.rules]]\nid = 'r'\n").unwrap();
    let refused = told(&mut governor);
    assert_eq!((refused.len(), refused[0].0), (1, Action::AuditConfigRefused));
    assert!(refused[0].1.starts_with(path.to_str().unwrap()), "{}", refused[0].1);
    assert!(refused[0].1.contains("missing field `level`"), "{}", refused[0].1);
    assert!(admitted(&mut governor, Draft::new(Action::TaskStatus)).is_none(), "the old one holds");

    std::fs::write(&path, format!("[queue]\nblock_ms = 7\n{}", rule("skip"))).unwrap();
    let keys = vec!["queue.block_ms".to_owned()];
    assert_eq!(told(&mut governor), [(Action::AuditConfigChanged, String::new(), keys)]);
}
