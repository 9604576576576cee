//! Authorization: who wanted to do what to which object, and what the authorizer said.

use super::{
    Callback, nonempty, some_text, things,
    wire::{
        authorization::{self as wire, Action as WireAction},
        record::{Record, Verdict},
    },
};
use crate::event::{
    Action, Draft,
    ecs::{Error, EventType, Outcome, User},
    mesos::{Authz, AuthzResource, Claim, Counts, Decision, Machine, Mesos},
};

/// Claims that name a framework, an executor or a container: Mesos itself issues them (to executors). Others
/// may hold anything.
const KEPT_CLAIMS: [&[u8]; 3] = [b"fid", b"eid", b"cid"];

/// Actions that only look. They are counted as access, all others as change.
const VIEWS: [WireAction; 17] = [
    WireAction::GetEndpointWithPath,
    WireAction::ViewRole,
    WireAction::GetQuota,
    WireAction::ViewFramework,
    WireAction::ViewTask,
    WireAction::ViewExecutor,
    WireAction::AccessSandbox,
    WireAction::AccessMesosLog,
    WireAction::ViewFlags,
    WireAction::WaitNestedContainer,
    WireAction::AttachContainerOutput,
    WireAction::ViewContainer,
    WireAction::GetMaintenanceSchedule,
    WireAction::GetMaintenanceStatus,
    WireAction::WaitStandaloneContainer,
    WireAction::ViewStandaloneContainer,
    WireAction::ViewResourceProvider,
];

/// One decision.
pub(super) fn decision(callback: Callback, record: Record) -> Draft {
    let verdict = record.verdict();
    let duration = (callback != Callback::GetApprover).then_some(record.duration_ns);
    let reason = nonempty(&record.reason);
    let mut draft = subject_and_action(Action::Authorization, record);
    draft.duration = duration;
    draft.error = reason.map(|message| Error { message });
    let (decision, outcome, kind) = match verdict {
        Verdict::Allowed => (Decision::Allowed, Outcome::Success, EventType::Allowed),
        Verdict::Denied | Verdict::Forbidden => (Decision::Denied, Outcome::Failure, EventType::Denied),
        Verdict::Discarded => (Decision::Discarded, Outcome::Unknown, EventType::Error),
        Verdict::Error | Verdict::Unspecified => (Decision::Error, Outcome::Unknown, EventType::Error),
    };
    draft.mesos.authz.get_or_insert_default().decision = Some(decision);
    draft.outcome = Some(outcome);
    draft.types.push(kind);
    draft
}

/// The decisions of one approver, counted.
pub(super) fn summary(record: Record) -> Draft {
    let counts = Counts { allowed: record.allowed, denied: record.denied, errors: record.errors };
    let mut draft = subject_and_action(Action::AuthorizationSummary, record);
    draft.mesos.authz.get_or_insert_default().counts = Some(counts);
    draft
}

fn subject_and_action(kind: Action, record: Record) -> Draft {
    let mut draft = Draft::new(kind);
    let (subject, action, object) = match record.request {
        Some(request) => (request.subject, request.action, request.object),
        None => (record.subject, Some(record.action), record.object),
    };
    let number = action.unwrap_or_default();
    let known = WireAction::try_from(number);
    let mut authz = Authz {
        action: Some(
            known.map_or_else(|_| format!("ACTION_{number}"), |action| action.as_str_name().to_owned()),
        ),
        action_id: Some(number),
        ..Authz::default()
    };
    draft.types = vec![if known.is_ok_and(|action| VIEWS.contains(&action)) {
        EventType::Access
    } else {
        EventType::Change
    }];
    if let Some(subject) = subject {
        draft.user = some_text(subject.value.as_deref()).map(|name| User { name });
        authz.claims = claims(subject.claims.as_ref());
    }
    if let Some(object) = object {
        take_object(&object, &mut authz, &mut draft.mesos);
    }
    draft.mesos.authz = Some(authz);
    draft
}

pub(super) fn claims(claims: Option<&wire::Claims>) -> Vec<Claim> {
    let labels = claims.map(|claims| claims.labels.as_slice()).unwrap_or_default();
    labels
        .iter()
        .filter(|claim| KEPT_CLAIMS.contains(&claim.key()))
        .map(|claim| Claim { key: super::text(claim.key()), value: super::text(claim.value()) })
        .collect()
}

fn take_object(object: &wire::Object, authz: &mut Authz, mesos: &mut Mesos) {
    authz.object = some_text(object.value.as_deref());
    if let Some(info) = &object.framework_info {
        mesos.framework = Some(things::framework(info));
    }
    if let Some(task) = &object.task {
        things::task(task, mesos);
    }
    if let Some(info) = &object.task_info {
        things::task_info(info, mesos);
    }
    if let Some(info) = &object.executor_info {
        things::executor_info(info, mesos);
    }
    if let Some(quota) = &object.quota_info {
        authz.role = some_text(quota.role.as_deref());
    }
    if let Some(weight) = &object.weight_info {
        authz.role = some_text(weight.role.as_deref());
        authz.weight = weight.weight.filter(|weight| weight.is_finite());
    }
    if let Some(resource) = &object.resource {
        authz.resource = Some(take_resource(resource));
    }
    if let Some(command) = &object.command_info
        && let Some(user) = some_text(command.user.as_deref())
    {
        mesos.container.get_or_insert_default().user = Some(user);
    }
    if let Some(id) = &object.container_id {
        mesos.container.get_or_insert_default().id = things::container_id(id);
    }
    if let Some(machine) = &object.machine_id {
        authz.machine = Some(Machine {
            hostname: some_text(machine.hostname.as_deref()),
            ip: some_text(machine.ip.as_deref()),
        });
    }
}

fn take_resource(resource: &super::wire::mesos::Resource) -> AuthzResource {
    let volume = resource.disk.as_ref().and_then(|disk| disk.persistence.as_ref());
    let reserved = resource.reservations.last().or(resource.reservation.as_ref());
    let principal = volume
        .and_then(|volume| volume.principal.as_deref())
        .or_else(|| reserved.and_then(|reservation| reservation.principal.as_deref()));
    AuthzResource {
        name: some_text(resource.name.as_deref()),
        amount: resource
            .scalar
            .as_ref()
            .map(super::wire::mesos::value::Scalar::value)
            .filter(|n| n.is_finite()),
        role: some_text(things::reserved_for(resource)),
        principal: some_text(principal),
        volume_id: volume.and_then(|volume| some_text(volume.id.as_deref())),
    }
}

/// The number of an authorization action by Mesos's name.
pub fn action_number(name: &str) -> Option<i32> {
    WireAction::from_str_name(name).map(|action| action as i32)
}
