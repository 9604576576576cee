//! The allocator's records, and what is special about them.

use prost::Message;

use super::super::{
    Callback,
    messages::{
        allocator::InverseOfferStatus,
        mesos::{
            DurationInfo, Filters, FrameworkId, Request, Resource, SlaveId, TimeInfo, Unavailability,
            WeightInfo,
            offer::{
                Operation,
                operation::{self, Create, DestroyDisk, GrowVolume, Reserve},
            },
            resource::{DiskInfo, ReservationInfo, disk_info::Persistence},
            value::Scalar,
        },
        record::{Conversion, Quantity, Record, Verdict},
    },
};
use super::{agent, framework, lines, scalar};

fn reserved() -> Resource {
    Resource {
        reservations: vec![ReservationInfo { principal: Some("ops".into()), role: Some("web".into()) }],
        ..scalar("cpus", 1.0)
    }
}

fn volume() -> Resource {
    Resource {
        disk: Some(DiskInfo {
            persistence: Some(Persistence { id: Some("v1".into()), principal: Some("ops".into()) }),
        }),
        ..scalar("disk", 64.0)
    }
}

fn unavailability() -> Unavailability {
    Unavailability {
        start: Some(TimeInfo { nanoseconds: Some(1_700_000_000_000_000_000) }),
        duration: Some(DurationInfo { nanoseconds: Some(3_600_000_000_000) }),
    }
}

fn quantity(name: &str, amount: f64) -> Quantity {
    Quantity { name: name.into(), amount: Some(Scalar { value: Some(amount) }) }
}

/// A record as each of the allocator's callbacks hands it over.
pub(super) fn sample(callback: Callback) -> Record {
    let empty = Record::default();
    let framework_id = Some(FrameworkId { value: Some("fw-1".into()) });
    let agent_id = Some(SlaveId { value: Some("S1".into()) });
    let resources = vec![scalar("cpus", 0.5), scalar("mem", 64.0)];
    let of_both =
        Record { framework_id: framework_id.clone(), agent_id: agent_id.clone(), ..Record::default() };
    match callback {
        Callback::AllocatorRecover | Callback::AllocatorUpdateQuota => Record {
            role: "web".into(),
            guarantee: vec![quantity("cpus", 2.0)],
            limit: vec![quantity("cpus", 4.0), quantity("mem", 1024.0), quantity("unicorns", 1.0)],
            ..empty
        },
        Callback::AllocatorAddFramework => Record {
            framework_id,
            framework: Some(framework()),
            active: true,
            roles: vec!["db".into()],
            ..empty
        },
        Callback::AllocatorUpdateFramework => {
            Record { framework_id, framework: Some(framework()), roles: vec!["db".into()], ..empty }
        }
        Callback::AllocatorAddSlave => Record {
            agent_id,
            agent: Some(agent()),
            resource: resources,
            unavailability: Some(unavailability()),
            ..empty
        },
        Callback::AllocatorUpdateSlave => {
            Record { agent_id, agent: Some(agent()), resource: resources, ..empty }
        }
        Callback::AllocatorAddResourceProvider | Callback::AllocatorTransition => {
            Record { agent_id, resource: resources, ..empty }
        }
        Callback::AllocatorRemoveSlave
        | Callback::AllocatorActivateSlave
        | Callback::AllocatorDeactivateSlave => Record { agent_id, ..empty },
        Callback::AllocatorUpdateWhitelist => {
            Record { active: true, hosts: vec!["agent-1".into(), "agent-2".into()], ..empty }
        }
        Callback::AllocatorRequestResources => {
            Record { framework_id, wanted: Some(Request { slave_id: agent_id, resources }), ..empty }
        }
        Callback::AllocatorUpdateAllocation => Record {
            conversion: vec![Conversion { consumed: vec![scalar("cpus", 1.0)], converted: vec![reserved()] }],
            ..of_both
        },
        Callback::AllocatorUpdateAvailable => Record {
            verdict: Verdict::Error.into(),
            duration_ns: 4321,
            reason: "no such resources".into(),
            agent_id,
            operation: vec![
                Operation {
                    r#type: Some(operation::Type::Reserve.into()),
                    reserve: Some(Reserve { source: vec![], resources: vec![reserved()] }),
                    ..Operation::default()
                },
                Operation {
                    r#type: Some(operation::Type::Create.into()),
                    create: Some(Create { volumes: vec![volume()] }),
                    ..Operation::default()
                },
            ],
            ..empty
        },
        Callback::AllocatorUpdateUnavailability => {
            Record { agent_id, unavailability: Some(unavailability()), ..empty }
        }
        Callback::AllocatorInverseOffer => {
            Record { unavailability: Some(unavailability()), resource: resources, ..of_both }
        }
        Callback::AllocatorUpdateInverseOffer => Record {
            inverse_offer_status: Some(InverseOfferStatus { status: Some(3) }),
            filters: Some(Filters { refuse_seconds: Some(60.0) }),
            ..of_both
        },
        Callback::AllocatorRecoverResources => {
            Record { resource: resources, filters: Some(Filters { refuse_seconds: Some(5.0) }), ..of_both }
        }
        Callback::AllocatorSuppressOffers | Callback::AllocatorReviveOffers => {
            Record { framework_id, roles: vec!["web".into()], ..empty }
        }
        Callback::AllocatorUpdateWeights => {
            Record { weight: Some(WeightInfo { weight: Some(2.5), role: Some("web".into()) }), ..empty }
        }
        Callback::AllocatorOffer => Record { role: "web".into(), resource: resources, ..of_both },
        Callback::AllocatorUsed => Record { resource: resources, ..of_both },
        _ => Record { framework_id, ..empty },
    }
}

/// Everything whose length somebody else chooses.
pub(super) fn lengthen(record: &mut Record, text: &[u8], many: usize) {
    record.role = text.to_owned();
    record.roles = vec![text.to_owned(); many];
    record.hosts = vec![text.to_owned(); many];
    let mut resource = volume();
    resource.name = Some(text.to_owned());
    resource.reservations =
        vec![ReservationInfo { principal: Some(text.to_owned()), role: Some(text.to_owned()) }];
    let resources = vec![resource; many % 20];
    record.conversion = vec![Conversion { consumed: resources.clone(), converted: resources }; many % 50];
}

fn event(callback: Callback, record: &Record) -> serde_json::Value {
    let mut lines = lines(callback, record.encode_to_vec());
    assert_eq!(lines.len(), 1);
    serde_json::from_str(&lines.remove(0)).unwrap()
}

#[test]
fn what_is_absent_says_something_too() {
    let removed = event(Callback::AllocatorUpdateQuota, &Record { role: "web".into(), ..Record::default() });
    assert_eq!(removed["mesos"]["allocation"]["quota"], serde_json::json!({}));
    let open = event(Callback::AllocatorUpdateWhitelist, &Record::default());
    assert_eq!(open["mesos"]["allocation"]["state"], "open");
    let cancelled = event(
        Callback::AllocatorUpdateUnavailability,
        &Record { agent_id: Some(SlaveId { value: Some("S1".into()) }), ..Record::default() },
    );
    assert!(cancelled["mesos"].get("allocation").is_none());
    let recovered = |active| {
        let record = Record { active, ..sample(Callback::AllocatorRecoverResources) };
        event(Callback::AllocatorRecoverResources, &record)["mesos"]["allocation"]["state"].clone()
    };
    assert_eq!((recovered(true), recovered(false)), ("allocated".into(), "offered".into()));
}

#[test]
fn every_kind_of_operation_says_what_goes_and_what_comes() {
    let told = |operation: Operation| {
        let record = Record { operation: vec![operation], ..Record::default() };
        let event = event(Callback::AllocatorUpdateAvailable, &record);
        event["mesos"]["allocation"]["operations"][0].clone()
    };
    let grown = told(Operation {
        r#type: Some(operation::Type::GrowVolume.into()),
        grow_volume: Some(GrowVolume { volume: Some(volume()), addition: Some(scalar("disk", 8.0)) }),
        ..Operation::default()
    });
    assert_eq!(grown["type"], "GROW_VOLUME");
    assert_eq!(grown["consumed"][0]["volume_id"], "v1");
    assert_eq!(grown["consumed"][1]["amount"], 8.0);
    let destroyed = told(Operation {
        r#type: Some(operation::Type::DestroyDisk.into()),
        destroy_disk: Some(DestroyDisk { source: Some(scalar("disk", 8.0)) }),
        ..Operation::default()
    });
    assert_eq!(destroyed["consumed"][0]["name"], "disk");
    // What a later Mesos may bring.
    assert_eq!(told(Operation { r#type: Some(99), ..Operation::default() })["type"], "TYPE_99");
}

#[test]
fn times_and_amounts_that_make_no_sense_cost_no_event() {
    for nanoseconds in [i64::MIN, -1, i64::MAX] {
        let record = Record {
            unavailability: Some(Unavailability {
                start: Some(TimeInfo { nanoseconds: Some(nanoseconds) }),
                duration: Some(DurationInfo { nanoseconds: Some(nanoseconds) }),
            }),
            filters: Some(Filters { refuse_seconds: Some(f64::NAN) }),
            weight: Some(WeightInfo { weight: Some(f64::INFINITY), role: None }),
            guarantee: vec![quantity("cpus", f64::NAN)],
            ..Record::default()
        };
        let event = event(Callback::AllocatorUpdateInverseOffer, &record);
        assert!(event["mesos"]["allocation"]["unavailability"]["start"].is_string(), "{event}");
        assert!(event["mesos"]["allocation"].get("weight").is_none());
    }
}
