//! What the master's allocator is told and what it offers, from inside a real Mesos.

use std::fs;

use mesos_audit_core::event::{
    Action, OwnedEvent,
    allocation::Allocation,
    ecs::{Kind, Outcome},
    mesos::Resources,
};
use mesos_testbed::{Framework, Task};
use serde_json::{Value, json};

use crate::support::{Audited, TestResult, ops, start, user};

type Failure = Box<dyn std::error::Error>;

/// A cluster with one framework of two roles.
struct Bed {
    audited: Audited,
    agent: String,
}

impl Bed {
    fn start(name: &str) -> Result<Self, Failure> {
        let audited = start(name, "release", |builder, audit| {
            let list = builder.dir().join("whitelist");
            fs::write(&list, "localhost\nelsewhere\n").unwrap();
            (builder.flag("whitelist", format!("file://{}", list.display())), audit.with_allocator())
        })?;
        let agent = audited.cluster.agent_id(Some(&ops()))?;
        Ok(Self { audited, agent })
    }

    /// The first event of that action for which `wanted` holds.
    fn told(
        &self,
        action: Action,
        wanted: impl Fn(&OwnedEvent, &Allocation<'_>) -> bool,
    ) -> Result<OwnedEvent, Failure> {
        let nothing = Allocation::default();
        self.audited.wait(&action.to_string(), |event| {
            event.event.action == action
                && wanted(event, event.mesos.allocation.as_deref().unwrap_or(&nothing))
        })
    }

    fn ask(&self, call: &Value) -> TestResult {
        let response = self.audited.cluster.v1_call(call, Some(&ops()))?;
        assert!(matches!(response.status, 200 | 202), "{call}: {} {}", response.status, response.body);
        Ok(())
    }
}

fn framework(event: &OwnedEvent) -> &str {
    event.mesos.framework.as_ref().and_then(|framework| framework.id.as_deref()).unwrap_or_default()
}

fn agent(event: &OwnedEvent) -> &str {
    event.mesos.agent.as_ref().and_then(|agent| agent.id.as_deref()).unwrap_or_default()
}

fn amounts(allocation: &Allocation<'_>) -> Resources<'static> {
    let none = Resources::default();
    let Resources { cpus, mem, disk, gpus, .. } = allocation.resources.as_ref().unwrap_or(&none);
    Resources { cpus: *cpus, mem: *mem, disk: *disk, gpus: *gpus, ports: None }
}

fn reserved(cpus: f64) -> Value {
    json!([{
        "name": "cpus", "type": "SCALAR", "scalar": {"value": cpus},
        "reservations": [{"type": "DYNAMIC", "role": "web", "principal": "ops"}],
    }])
}

#[test]
fn offers_allocations_and_what_comes_back() -> TestResult {
    let bed = Bed::start("offers")?;
    let added = bed.told(Action::AgentAdded, |event, _| agent(event) == bed.agent)?;
    let total = added.mesos.allocation.as_deref().map(amounts).unwrap_or_default();
    assert_eq!((total.cpus, total.mem), (Some(16.0), Some(16384.0)));

    let mut marathon = bed
        .audited
        .cluster
        .scheduler(&Framework::new("marathon").login("marathon", "marathon-secret").roles(&["web", "db"]))?;
    let id = marathon.framework_id()?;
    let joined = bed.told(Action::FrameworkAdded, |event, _| framework(event) == id)?;
    assert_eq!(user(&joined), "marathon");
    assert_eq!(joined.mesos.framework.as_ref().unwrap().roles, ["web", "db"]);
    assert_eq!(joined.mesos.allocation.as_ref().unwrap().state.as_deref(), Some("active"));

    let offered = bed.told(Action::ResourcesOffered, |event, allocation| {
        framework(event) == id && agent(event) == bed.agent && amounts(allocation).cpus == Some(16.0)
    })?;
    assert!(matches!(offered.mesos.role.as_deref(), Some("web" | "db")), "{offered:?}");
    assert!(joined.event.sequence < offered.event.sequence, "no offer to who is not known yet");
    // The scheduler has nothing to run, so it declines.
    bed.told(Action::ResourcesRecovered, |event, allocation| {
        framework(event) == id
            && allocation.state.as_deref() == Some("offered")
            && allocation.refuse_seconds.is_some()
    })?;

    marathon.launch(&Task::new("task", "true"))?;
    marathon.wait_status("task", "TASK_FINISHED")?;
    // The task's and its executor's.
    let taken = bed.told(Action::ResourcesAllocated, |event, _| agent(event) == bed.agent)?;
    let taken = amounts(taken.mesos.allocation.as_ref().unwrap());
    assert!((taken.cpus.unwrap() - 0.15).abs() < 1e-9 && taken.mem == Some(64.0), "{taken:?}");
    bed.told(Action::ResourcesRecovered, |event, allocation| {
        framework(event) == id && allocation.state.as_deref() == Some("allocated")
    })?;

    marathon.call(&json!({"type": "SUPPRESS", "suppress": {"roles": ["db"]}}))?;
    let suppressed = bed.told(Action::OffersSuppressed, |event, _| framework(event) == id)?;
    assert_eq!(suppressed.mesos.allocation.as_ref().unwrap().roles, ["db"]);
    marathon.call(&json!({"type": "REVIVE", "revive": {"roles": ["db"]}}))?;
    bed.told(Action::OffersRevived, |event, allocation| {
        framework(event) == id && allocation.roles == ["db"]
    })?;
    let wish = json!([{"name": "cpus", "type": "SCALAR", "scalar": {"value": 3.0}}]);
    marathon.call(&json!({"type": "REQUEST", "request": {"requests": [{"resources": wish}]}}))?;
    bed.told(Action::ResourcesRequested, |event, allocation| {
        framework(event) == id && amounts(allocation).cpus == Some(3.0)
    })?;

    marathon.stop()?;
    bed.told(Action::FrameworkRemoved, |event, _| framework(event) == id)?;
    let healthy = bed.audited.events()?.iter().all(|event| event.event.kind == Kind::Event);
    assert!(healthy, "nothing was lost and nothing failed");
    Ok(())
}

#[test]
fn rules_and_reservations() -> TestResult {
    let bed = Bed::start("rules")?;
    let list = bed.told(Action::WhitelistUpdated, |_, allocation| !allocation.hosts.is_empty())?;
    let list = list.mesos.allocation.unwrap();
    assert_eq!(list.state.as_deref(), Some("restricted"));
    assert!(list.hosts.iter().any(|host| host == "localhost") && list.hosts.len() == 2, "{list:?}");

    let mut marathon = bed
        .audited
        .cluster
        .scheduler(&Framework::new("marathon").login("marathon", "marathon-secret").roles(&["web"]))?;
    let id = marathon.framework_id()?;

    bed.ask(&json!({"type": "UPDATE_WEIGHTS",
                    "update_weights": {"weight_infos": [{"role": "web", "weight": 2.5}]}}))?;
    bed.told(Action::WeightsUpdated, |event, allocation| {
        event.mesos.role.as_deref() == Some("web") && allocation.weight == Some(2.5)
    })?;

    let quota = |limits: Value, guarantees: Value| {
        json!({"type": "UPDATE_QUOTA", "update_quota": {"force": true, "quota_configs": [
            {"role": "web", "limits": limits, "guarantees": guarantees}]}})
    };
    bed.ask(&quota(json!({"cpus": {"value": 8.0}}), json!({"cpus": {"value": 2.0}})))?;
    let set = bed.told(Action::QuotaUpdated, |event, _| event.mesos.role.as_deref() == Some("web"))?;
    let set = set.mesos.allocation.unwrap().quota.unwrap();
    assert_eq!((set.limits.unwrap().cpus, set.guarantees.unwrap().cpus), (Some(8.0), Some(2.0)));
    bed.ask(&quota(json!({}), json!({})))?;
    bed.told(Action::QuotaUpdated, |_, allocation| {
        allocation.quota.as_ref().is_some_and(|quota| quota.limits.is_none() && quota.guarantees.is_none())
    })?;

    // By the operator: Mesos says whether it could.
    bed.ask(&json!({"type": "RESERVE_RESOURCES", "reserve_resources":
                    {"agent_id": {"value": bed.agent}, "resources": reserved(1.0)}}))?;
    let reserved_by_operator =
        bed.told(Action::ResourcesUpdated, |event, _| event.event.outcome == Some(Outcome::Success))?;
    assert_eq!(agent(&reserved_by_operator), bed.agent);
    let operation = &reserved_by_operator.mesos.allocation.as_ref().unwrap().operations[0];
    assert_eq!(operation.kind.as_deref(), Some("RESERVE"));
    let became = &operation.converted[0];
    assert_eq!((became.role.as_deref(), became.principal.as_deref()), (Some("web"), Some("ops")));
    assert_eq!((became.name.as_deref(), became.amount), (Some("cpus"), Some(1.0)));

    // By the framework: what became what.
    let mut mine = reserved(0.5);
    mine[0]["allocation_info"] = json!({"role": "web"});
    mine[0]["reservations"][0]["principal"] = json!("marathon");
    marathon.operations(&json!([{"type": "RESERVE", "reserve": {"resources": mine}}]), Some("web"))?;
    let converted = bed.told(Action::ResourcesUpdated, |event, _| framework(event) == id)?;
    let operation = &converted.mesos.allocation.as_ref().unwrap().operations[0];
    assert_eq!(operation.consumed[0].role, None);
    assert_eq!(operation.converted[0].role.as_deref(), Some("web"));
    assert_eq!(operation.converted[0].amount, Some(0.5));
    marathon.stop()?;
    Ok(())
}

#[test]
fn maintenance_and_agents_that_go() -> TestResult {
    let bed = Bed::start("maintenance")?;
    let mut marathon =
        bed.audited.cluster.scheduler(&Framework::new("marathon").login("marathon", "marathon-secret"))?;
    let id = marathon.framework_id()?;
    // Whoever holds something there is asked to leave.
    marathon.launch(&Task::new("task", "exec sleep 1000"))?;
    marathon.wait_status("task", "TASK_RUNNING")?;

    let schedule = |windows: Value| {
        json!({"type": "UPDATE_MAINTENANCE_SCHEDULE",
               "update_maintenance_schedule": {"schedule": {"windows": windows}}})
    };
    bed.ask(&schedule(json!([{
        "machine_ids": [{"hostname": "localhost", "ip": "127.0.0.1"}],
        "unavailability": {"start": {"nanoseconds": 4_102_444_800_000_000_000_u64},
                           "duration": {"nanoseconds": 3_600_000_000_000_u64}},
    }])))?;
    let planned = bed.told(Action::MaintenanceUpdated, |event, allocation| {
        agent(event) == bed.agent && allocation.unavailability.is_some()
    })?;
    let planned = planned.mesos.allocation.unwrap().unavailability.unwrap();
    assert_eq!(planned.start.unwrap().to_string(), "2100-01-01T00:00:00.000000Z");
    assert_eq!(planned.duration, Some(3_600_000_000_000));
    bed.told(Action::InverseOfferSent, |event, _| framework(event) == id && agent(event) == bed.agent)?;
    bed.ask(&schedule(json!([])))?;
    bed.told(Action::MaintenanceUpdated, |event, allocation| {
        agent(event) == bed.agent && allocation.unavailability.is_none()
    })?;
    bed.told(Action::InverseOfferUpdated, |event, _| framework(event) == id)?;

    let agent_id = json!({"agent_id": {"value": bed.agent}});
    bed.ask(&json!({"type": "DEACTIVATE_AGENT", "deactivate_agent": agent_id}))?;
    bed.told(Action::AgentDeactivated, |event, _| agent(event) == bed.agent)?;
    bed.ask(&json!({"type": "REACTIVATE_AGENT", "reactivate_agent": agent_id}))?;
    bed.told(Action::AgentActivated, |event, _| agent(event) == bed.agent)?;
    marathon.stop()?;
    assert_eq!(bed.audited.cluster.mark_agent_gone(Some(&ops()))?.status, 200);
    bed.told(Action::AgentRemoved, |event, _| agent(event) == bed.agent)?;
    Ok(())
}
