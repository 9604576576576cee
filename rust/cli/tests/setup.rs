//! `mesos-audit modules` and `mesos-audit config`.

mod common;

use common::{Dir, run};
use serde_json::{Value, json};

fn plan(args: &[&str]) -> Value {
    let ran = run([&["modules", "--format", "json"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// Name and parameters of each module.
fn modules(plan: &Value) -> Vec<(String, Vec<(String, String)>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let library = &plan["modules"]["libraries"][0];
    assert_eq!(plan["modules"]["libraries"].as_array().unwrap().len(), 1);
    assert_eq!(plan["modules"].as_object().unwrap().len(), 1);
    let parameters = |module: &Value| {
        let parameters = module["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter().map(|parameter| (text(&parameter["key"]), text(&parameter["value"]))).collect()
    };
    let modules = library["modules"].as_array().unwrap();
    modules.iter().map(|module| (text(&module["name"]), parameters(module))).collect()
}

fn pairs(expected: &[(&str, &[(&str, &str)])]) -> Vec<(String, Vec<(String, String)>)> {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    expected
        .iter()
        .map(|(name, parameters)| ((*name).to_owned(), parameters.iter().map(own).collect()))
        .collect()
}

#[test]
fn a_master_with_everything() {
    let plan = plan(&[
        "--master",
        "--library",
        "/l/libmesos_audit.so",
        "--config",
        "/c.toml",
        "--acls",
        "/acls.json",
        "--credentials",
        "/cred",
        "--secret-key",
        "/key",
        "--http-authenticators",
        "basic,jwt",
    ]);
    let config = ("config", "/c.toml");
    let http = |realm| {
        [
            config,
            ("authenticators", "basic,jwt"),
            ("authentication_realm", realm),
            ("credentials", "/cred"),
            ("secret_key", "/key"),
        ]
    };
    assert_eq!(plan["modules"]["libraries"][0]["file"], "/l/libmesos_audit.so");
    let expected = pairs(&[
        ("org_mesos_audit_Anonymous", &[config]),
        ("org_mesos_audit_Hook", &[config]),
        ("org_mesos_audit_Authorizer", &[config, ("acls", "/acls.json")]),
        ("org_mesos_audit_Authenticator", &[config]),
        ("org_mesos_audit_HttpAuthenticator", &http("mesos-master-readwrite")),
        ("org_mesos_audit_HttpFrameworkAuthenticator", &http("mesos-master-scheduler")),
    ]);
    assert_eq!(modules(&plan), expected);
    let flags = json!([
        "--modules=/etc/mesos-audit/master-modules.json",
        "--hooks=org_mesos_audit_Hook",
        "--authorizers=org_mesos_audit_Authorizer",
        "--authenticators=org_mesos_audit_Authenticator",
        "--authenticate_frameworks=true",
        "--authenticate_agents=true",
        "--credentials=/cred",
        "--http_authenticators=org_mesos_audit_HttpAuthenticator",
        "--authenticate_http_readonly=true",
        "--authenticate_http_readwrite=true",
        "--http_framework_authenticators=org_mesos_audit_HttpFrameworkAuthenticator",
        "--authenticate_http_frameworks=true",
    ]);
    assert_eq!(plan["flags"], flags);
}

#[test]
fn an_agent_with_everything() {
    let plan =
        plan(&["--agent", "--acls=/acls.json", "--credentials=/cred", "--realm=r", "--modules-file=/m"]);
    let expected = pairs(&[
        ("org_mesos_audit_Anonymous", &[]),
        ("org_mesos_audit_Hook", &[]),
        ("org_mesos_audit_Authorizer", &[("acls", "/acls.json")]),
        (
            "org_mesos_audit_HttpAuthenticator",
            &[("authenticators", "basic"), ("authentication_realm", "r"), ("credentials", "/cred")],
        ),
    ]);
    assert_eq!(modules(&plan), expected);
    let flags = json!([
        "--modules=/m",
        "--hooks=org_mesos_audit_Hook",
        "--authorizer=org_mesos_audit_Authorizer",
        "--http_authenticators=org_mesos_audit_HttpAuthenticator",
        "--authenticate_http_readonly=true",
        "--authenticate_http_readwrite=true",
    ]);
    assert_eq!(plan["flags"], flags);
}

#[test]
fn nothing_given_means_nothing_changed() {
    for process in ["--master", "--agent"] {
        let plan = plan(&[process]);
        let expected = pairs(&[("org_mesos_audit_Anonymous", &[]), ("org_mesos_audit_Hook", &[])]);
        assert_eq!(modules(&plan), expected);
        assert_eq!(plan["flags"].as_array().unwrap().len(), 2);
        assert!(plan["notes"].to_string().contains("Without --acls Mesos has no authorizer"));
    }
    let plan = plan(&[
        "--master",
        "--acls=/a",
        "--credentials=/c",
        "--no-authorizer",
        "--no-authenticator",
        "--no-http-authenticator",
        "--no-http-framework-authenticator",
    ]);
    assert_eq!(modules(&plan).len(), 2);
}

#[test]
fn the_allocator_is_wrapped_on_demand() {
    let plan = plan(&["--master", "--config=/c", "--with-allocator", "--sorter=random"]);
    let expected = pairs(&[(
        "org_mesos_audit_Allocator",
        &[("config", "/c"), ("role_sorter", "random"), ("framework_sorter", "random")],
    )]);
    assert_eq!(modules(&plan)[2..], expected);
    assert_eq!(plan["flags"][2], "--allocator=org_mesos_audit_Allocator");
}

#[test]
fn contradictions_are_refused() {
    for args in [
        &["modules"][..],
        &["modules", "--master", "--agent"],
        &["modules", "--master", "--http-authenticators=basic"],
        &["modules", "--master", "--http-authenticators=jwt,jwt", "--secret-key=/k"],
        &["modules", "--agent", "--http-authenticators=digest"],
        &["modules", "--agent", "--http-authenticators=basic", "--credentials=/c", "--secret-key=/k"],
        &["modules", "--agent", "--no-authenticator"],
        &["modules", "--agent", "--with-allocator"],
        &["modules", "--master", "--sorter=drf"],
        &["modules", "--master", "--write=/nowhere/modules.json"],
    ] {
        let ran = run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn text_has_three_parts_and_its_json_is_whole() {
    let ran = run(["modules", "--master"]);
    let json = ran.out.split("\n\n# 2.").next().unwrap().split_once('\n').unwrap().1;
    assert_eq!(serde_json::from_str::<Value>(json).unwrap(), plan(&["--master"])["modules"]);
    assert!(ran.out.starts_with("# 1. Save this as /etc/mesos-audit/master-modules.json\n{\n"));
    assert!(ran.out.contains("\n# 2. Start mesos-master with these flags\n--modules="));
    assert!(ran.out.contains("\n# 3. Notes\n# - "));
}

#[test]
fn written_modules_leave_the_flags() {
    let dir = Dir::new();
    let file = dir.path("it's modules.json");
    let ran = run(["modules", "--agent", "--write", file.to_str().unwrap()]);
    assert_eq!(ran.code, 0);
    let quoted = file.to_str().unwrap().replace('\'', r"'\''");
    assert_eq!(ran.out, format!("'--modules={quoted}'\n--hooks=org_mesos_audit_Hook\n"));
    assert!(ran.err.lines().all(|line| line.starts_with("mesos-audit: note: ")), "{}", ran.err);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(written, plan(&["--agent"])["modules"]);
}

#[test]
fn files_that_would_not_do_are_noted() {
    let dir = Dir::new();
    let (config, acls) = (dir.write("c.toml", "surprise = 1\n"), dir.write("acls", "[]"));
    let ran =
        run(["modules", "--agent", "--config", &config, "--acls", &acls, "--credentials", "/nowhere/c"]);
    assert_eq!(ran.code, 0);
    for expected in [
        format!("note: {config}: surprise: "),
        format!("note: {acls}: no JSON object"),
        "note: /nowhere/c: not on this machine".to_owned(),
    ] {
        assert!(ran.err.contains(&expected), "{expected} in {}", ran.err);
    }
}

#[test]
fn configurations() {
    let dir = Dir::new();
    let good = dir.write("good.toml", "[queue]\nwhen_full = 'block'\n");
    let ran = run(["config", "check", &good]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with(&format!("{good}: ok\n")), "{}", ran.out);
    let ran = run(["config", "check", "--format", "json", &good]);
    let checked: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&checked["ok"], &checked["config"]["queue"]["when_full"]), (&json!(true), &json!("block")));
    assert_eq!(checked["sha256"].as_str().unwrap().len(), 64);

    let bad = dir.write("bad.toml", "[queue]\nbytes = 3\n");
    let ran = run(["config", "check", &bad]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(ran.err, format!("mesos-audit: {bad}: queue.bytes: 3 is not between 65536 and 1073741824\n"));
    let ran = run(["config", "check", "--format", "json", &bad]);
    assert_eq!((ran.code, serde_json::from_str::<Value>(&ran.out).unwrap()["ok"].clone()), (1, json!(false)));

    for path in ["/nowhere.toml", "/"] {
        assert_eq!(run(["config", "check", path]).code, 2, "{path}");
    }
    assert!(run(["config", "check"]).out.starts_with("defaults: ok\n"));
    let defaults = run(["config", "show-defaults"]);
    assert_eq!(run(["config", "check", &dir.write("d.toml", defaults.out)]).code, 0);
}

#[test]
fn the_schema_is_that_of_the_core() {
    let ran = run(["schema"]);
    let schema: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(schema, mesos_audit_core::event::AuditEvent::json_schema());
}
