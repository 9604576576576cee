//! `mesos-audit policy`.

mod common;

use common::{Dir, event, events, run};
use serde_json::{Value, json};

const RULES: &str = "[[policy.rules]]\nid = 'eve'\nlevel = 'full'\nprincipal = ['eve']\n\
    [[policy.rules]]\nid = 'requests'\nlevel = 'count'\naction = ['api_request']\n\
    [[policy.rules]]\nid = 'looks'\nlevel = 'metadata'\ncategory = ['api']\n";

#[test]
fn an_event_is_explained_rule_by_rule() {
    let dir = Dir::new();
    let web = "[[policy.rules]]\nid = 'web'\nlevel = 'full'\nrole = ['web/*']\n";
    let config = dir.write("audit.toml", web.to_owned() + RULES);
    let log = dir
        .write("one.jsonl", event(1, "api_request", "ops") + "\n" + &event(2, "authorization", "ops") + "\n");
    let ran = run(["policy", "explain", "--config", &config, &log]);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    assert_eq!(
        ran.out,
        "r-1 api_request: count by rule requests\n  not web: it has no role\n  not eve: its principal differs: ops\n\
         r-2 authorization: metadata by rule looks\n  not web: it has no role\n  not eve: its principal differs: ops\n\
         \x20 not requests: its action differs: authorization\n"
    );
    let ran = run(["policy", "explain", "--format", "json", "--config", &config, &log]);
    let said: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!((&said["rule"], &said["level"]), (&"requests".into(), &"count".into()));
    assert_eq!(
        said["before"],
        json!([{"rule": "web", "differs": "role", "is": []}, {"rule": "eve", "differs": "principal", "is": ["ops"]}])
    );

    // Who logs in chooses the name.
    let log = dir.write("two.jsonl", event(1, "authorization", "\\u001b[2J") + "\n");
    let ran = run(["policy", "explain", "--config", &config, &log]);
    assert!(ran.out.contains("principal differs: ") && !ran.out.contains('\u{1b}'), "{}", ran.out);
}

#[test]
fn a_dry_run_sums_up_what_would_be_kept() {
    let dir = Dir::new();
    let config = dir.write("audit.toml", RULES);
    let log = dir.write("log.jsonl", events(9) + &event(10, "api_request", "eve") + "\nno event\n");
    let ran = run(["policy", "explain", "--dry-run", "--config", &config, &log]);
    assert_eq!(ran.code, 1, "a line is no event");
    assert!(ran.err.contains("1 line is no event"), "{}", ran.err);
    let last = ran.out.lines().last().unwrap();
    assert!(
        last.starts_with("1 of 10 events would be recorded in full, 0 as metadata, 9 counted, 0 skipped"),
        "{last}"
    );
    let ran = run(["policy", "explain", "--dry-run", "--format", "json", "--config", &config, &log]);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let rules: Vec<_> =
        said["rules"].as_array().unwrap().iter().map(|rule| (&rule["rule"], &rule["events"])).collect();
    assert_eq!(rules[0], (&"eve".into(), &1.into()));
    assert_eq!(rules[1], (&"requests".into(), &9.into()));
    assert_eq!((&said["rules"][1]["kept_bytes"], rules.len()), (&0.into(), 4));
}

#[test]
fn a_policy_that_mesos_would_not_start_with_is_refused() {
    let dir = Dir::new();
    let config = dir.write("audit.toml", "[[policy.rules]]\nid = 'a'\nlevel = 'skip'\nclient = ['here']\n");
    let ran = run(["policy", "explain", "--config", &config, "/dev/null"]);
    assert_eq!((ran.code, &*ran.out), (1, ""));
    assert!(ran.err.contains("policy.rules[0].client[0]: `here` is no network"), "{}", ran.err);
    assert_eq!(run(["policy", "explain", "--config", "/nowhere", "/dev/null"]).code, 2);
    assert_eq!(run(["policy", "explain", "/nowhere"]).code, 2);
}
