//! HTTP schemes: tokens, and both schemes at once.

use std::{fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use mesos_audit_core::event::{Action, OwnedEvent, mesos::AuthnResult};
use mesos_testbed::ClusterBuilder;
use serde_json::json;
use sha2::Sha256;

use crate::support::{Audited, TestResult, start};

pub(crate) const KEY: &str = "a-key-that-nobody-knows";

/// A token of `svc` with a claim that is nobody's business, signed with that key.
pub(crate) fn token(key: &str, claim: &str) -> String {
    let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let payload = json!({"sub": "svc", "fid": "framework-7", "role": claim, "exp": 4_000_000_000_u64});
    let signed = format!("{}.{}", encode(json!({"alg": "HS256", "typ": "JWT"})), encode(payload));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

pub(crate) fn key_file(builder: &ClusterBuilder) -> PathBuf {
    let path = builder.dir().join("key");
    fs::write(&path, KEY).unwrap();
    path
}

/// The logins of requests to /master/slaves, once `count` of them are there.
fn logins(audited: &Audited, count: usize) -> Result<Vec<OwnedEvent>, Box<dyn std::error::Error>> {
    let of_interest = |event: &OwnedEvent| {
        event.event.action == Action::Authentication
            && event.url.as_ref().is_some_and(|url| url.path == "/master/slaves")
    };
    let all = audited.cluster.wait_for("the logins", || {
        let events = audited.events().map_err(|error| mesos_testbed::Error::new(error.to_string()))?;
        let found: Vec<_> = events.into_iter().filter(of_interest).collect();
        Ok((found.len() >= count).then_some(found))
    })?;
    assert_eq!(all.len(), count, "one request, one event");
    Ok(all)
}

#[test]
fn tokens_and_passwords_side_by_side_are_one_event_each() -> TestResult {
    let audited = start("schemes", "release", |builder, audit| {
        let key = key_file(&builder);
        (builder, audit.schemes("basic,jwt", Some(&key)))
    })?;
    let get = |authorization: &str| {
        audited.cluster.request("GET", "/master/slaves", &[("Authorization", authorization)], "")
    };
    assert_eq!(get(&format!("Bearer {}", token(KEY, "canary-claim")))?.status, 200);
    assert_eq!(get("Basic b3BzOm9wcy1zZWNyZXQ=")?.status, 200);
    assert_eq!(get(&format!("Bearer {}", token("another-key", "canary-claim")))?.status, 401);
    assert_eq!(get("Nonsense x")?.status, 401);

    let logins = logins(&audited, 4)?;
    let told: Vec<_> = logins
        .iter()
        .map(|event| {
            let authn = event.mesos.authn.as_ref().unwrap();
            (authn.scheme.as_deref().unwrap(), authn.result.unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("bearer", AuthnResult::Success),
            ("basic", AuthnResult::Success),
            ("bearer", AuthnResult::Failure),
            ("other", AuthnResult::Failure),
        ]
    );
    let claims = &logins[0].mesos.authn.as_ref().unwrap().claims;
    assert_eq!(claims.len(), 1, "the framework's, and no other: {claims:?}");
    assert_eq!((&*claims[0].key, &*claims[0].value), ("fid", "framework-7"));
    assert!(!fs::read_to_string(&audited.log)?.contains("canary"));
    Ok(())
}
