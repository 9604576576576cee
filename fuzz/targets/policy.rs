//! A policy as somebody wrote it, asked about what Mesos hands over. The first byte chooses the callback, the second says how
//! many bytes of record follow; the rest is the configuration.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesos_audit_core::{
    clock::Timestamp,
    config::{self, PolicyLevel},
    decode::{Callback, RawRecord, decode},
    event::{Action, mesos::Decision},
    policy::{Facts, Policy, Table, to_metadata},
};

fuzz_target!(|data: &[u8]| {
    let [first, length, rest @ ..] = data else { return };
    let Some((fields, text)) = rest.split_at_checked(usize::from(*length)) else { return };
    let Ok(config) = config::parse(text) else { return };
    let policy = Policy::new(&config.policy).expect("checked");
    let table = Table::new(&policy);
    let callback = Callback::ALL[usize::from(*first) % Callback::ALL.len()];
    let timestamp = Timestamp::from_micros(1_700_000_000_123_456);
    let _ = decode(RawRecord { timestamp, callback, fields }, |mut draft| {
        let facts = Facts::of_draft(&draft);
        let verdict = policy.judge(&facts);
        // The first that matches decides.
        if verdict.index < policy.len() {
            assert!((0..verdict.index).all(|index| policy.objection(index, &facts).is_some()));
            assert_eq!(policy.objection(verdict.index, &facts), None);
        }
        // And what Mesos's thread foresees is that.
        let authz = draft.mesos.authz.as_ref().filter(|_| draft.action == Action::Authorization);
        let decision = authz.and_then(|authz| match authz.decision? {
            Decision::Allowed => Some(0),
            Decision::Denied => Some(1),
            Decision::Error => Some(2),
            Decision::Discarded => None,
        });
        if let (Some(decision), Some(action)) = (decision, authz.and_then(|authz| authz.action_id)) {
            match table.levels(action).bits() >> (2 * decision) & 3 {
                0 => {}
                1 => assert_eq!(verdict.level, PolicyLevel::Count),
                _ => assert_eq!(verdict.level, PolicyLevel::Skip),
            }
        }
        to_metadata(&mut draft);
    });
});
