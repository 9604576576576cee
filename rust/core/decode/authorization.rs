//! Authorization: who wanted to do what to which object, and what the authorizer said.

use super::{
    Callback,
    id::id,
    resources::Resource,
    things,
    wire::{
        Fields, Result, name,
        numbers::{
            authorization::{action, claim, claims, object, quota_info, request, subject},
            mesos::{machine_id, weight_info},
            record::{record, verdict},
        },
    },
};
use crate::event::{
    Draft, Text,
    ecs::{Error, EventType, Http, HttpRequest, Outcome, User},
    mesos::{Authz, Claim, Counts, Decision, Machine, Mesos},
};

/// Claims that name a framework, an executor or a container: Mesos itself issues them (to executors). Others may hold
/// anything.
const KEPT_CLAIMS: [&str; 3] = ["fid", "eid", "cid"];

/// The claim in which our HTTP authenticator hands over `METHOD ID` of the request (cpp/http_authenticator.cpp).
const REQUEST_CLAIM: &str = "mesos_audit_request";

/// Actions that only look. They are counted as access, all others as change.
const VIEWS: [i32; 17] = [
    action::GET_ENDPOINT_WITH_PATH,
    action::VIEW_ROLE,
    action::GET_QUOTA,
    action::VIEW_FRAMEWORK,
    action::VIEW_TASK,
    action::VIEW_EXECUTOR,
    action::ACCESS_SANDBOX,
    action::ACCESS_MESOS_LOG,
    action::VIEW_FLAGS,
    action::WAIT_NESTED_CONTAINER,
    action::ATTACH_CONTAINER_OUTPUT,
    action::VIEW_CONTAINER,
    action::GET_MAINTENANCE_SCHEDULE,
    action::GET_MAINTENANCE_STATUS,
    action::WAIT_STANDALONE_CONTAINER,
    action::VIEW_STANDALONE_CONTAINER,
    action::VIEW_RESOURCE_PROVIDER,
];

/// One decision.
pub(super) fn decision<'a>(callback: Callback, fields: &'a [u8], draft: &mut Draft<'a>) -> Result<()> {
    let (said, _) = read(fields, draft)?;
    if callback == Callback::GetApprover {
        // What took long there was not a decision.
        draft.duration = None;
    }
    let decision = verdict(said);
    let action = draft.mesos.authz.as_ref().and_then(|authz| authz.action_id).unwrap_or_default();
    let (types, outcome) = kind_of_decision(action, decision);
    draft.types = types;
    draft.mesos.authz.get_or_insert_default().decision = Some(decision);
    draft.outcome = Some(outcome);
    Ok(())
}

/// The decision that a verdict of the record is.
pub(super) const fn verdict(said: i32) -> Decision {
    match said {
        verdict::ALLOWED => Decision::Allowed,
        verdict::DENIED | verdict::FORBIDDEN => Decision::Denied,
        verdict::DISCARDED => Decision::Discarded,
        _ => Decision::Error,
    }
}

/// `event.type` and `event.outcome` of a decision on an action.
#[must_use]
pub fn kind_of_decision(action: i32, decision: Decision) -> (&'static [EventType], Outcome) {
    let types: &[EventType] = match (VIEWS.contains(&action), decision) {
        (true, Decision::Allowed) => &[EventType::Access, EventType::Allowed],
        (true, Decision::Denied) => &[EventType::Access, EventType::Denied],
        (true, _) => &[EventType::Access, EventType::Error],
        (false, Decision::Allowed) => &[EventType::Change, EventType::Allowed],
        (false, Decision::Denied) => &[EventType::Change, EventType::Denied],
        (false, _) => &[EventType::Change, EventType::Error],
    };
    let outcome = match decision {
        Decision::Allowed => Outcome::Success,
        Decision::Denied => Outcome::Failure,
        Decision::Error | Decision::Discarded => Outcome::Unknown,
    };
    (types, outcome)
}

/// The decisions of one approver, counted.
pub(super) fn summary<'a>(_: Callback, fields: &'a [u8], draft: &mut Draft<'a>) -> Result<()> {
    let (_, counts) = read(fields, draft)?;
    draft.types = if is_view(draft) { &[EventType::Access] } else { &[EventType::Change] };
    draft.duration = None;
    draft.mesos.authz.get_or_insert_default().counts = Some(counts);
    Ok(())
}

fn is_view(draft: &Draft<'_>) -> bool {
    draft.mesos.authz.as_ref().and_then(|authz| authz.action_id).is_some_and(|id| VIEWS.contains(&id))
}

/// Everything but the decision, with the verdict and the counts. What is read here is read in `plain` too, or ends it.
fn read<'a>(fields: &'a [u8], draft: &mut Draft<'a>) -> Result<(i32, Counts)> {
    let mut authz = Authz::default();
    let (mut said, mut counts, mut number) = (0, Counts::default(), 0);
    draft.duration = Some(0);
    for field in Fields::of(fields) {
        let (field, value) = field?;
        match field {
            record::VERDICT => said = value.int32()?,
            record::DURATION_NS => draft.duration = Some(value.number()?),
            record::REASON => draft.error = value.some_text()?.map(|message| Error { message }),
            record::REQUEST => {
                for field in Fields::of(value.bytes()?) {
                    match field? {
                        (request::SUBJECT, value) => read_subject(value.bytes()?, draft, &mut authz)?,
                        (request::ACTION, value) => number = value.int32()?,
                        (request::OBJECT, value) => {
                            read_object(value.bytes()?, &mut authz, &mut draft.mesos)?
                        }
                        _ => {}
                    }
                }
            }
            record::SUBJECT => read_subject(value.bytes()?, draft, &mut authz)?,
            record::ACTION => number = value.int32()?,
            record::OBJECT => read_object(value.bytes()?, &mut authz, &mut draft.mesos)?,
            record::ALLOWED => counts.allowed = value.number()?,
            record::DENIED => counts.denied = value.number()?,
            record::ERRORS => counts.errors = value.number()?,
            _ => {}
        }
    }
    authz.action = Some(name(action::NAMES, number, "ACTION"));
    authz.action_id = Some(number);
    draft.mesos.authz = Some(authz);
    Ok((said, counts))
}

fn read_subject<'a>(message: &'a [u8], draft: &mut Draft<'a>, authz: &mut Authz<'a>) -> Result<()> {
    for field in Fields::of(message) {
        match field? {
            (subject::VALUE, value) => draft.user = value.some_text()?.map(|name| User { name }),
            (subject::CLAIMS, value) => {
                let request;
                (authz.claims, request) = read_claims(value.bytes()?)?;
                draft.http = request.as_deref().and_then(read_request);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The request as the claim has it.
fn read_request(claim: &str) -> Option<Http<'static>> {
    let (method, id) = claim.split_once(' ')?;
    Some(Http { request: HttpRequest { method: method.to_owned().into(), id: Some(id.to_owned().into()) } })
}

/// The claims that are kept, and the one that is ours.
pub(super) fn read_claims(message: &[u8]) -> Result<(Vec<Claim<'_>>, Option<Text<'_>>)> {
    let (mut kept, mut request) = (Vec::new(), None);
    for field in Fields::of(message) {
        let (claims::LABELS, label) = field? else { continue };
        let mut read = Claim::default();
        for field in Fields::of(label.bytes()?) {
            match field? {
                (claim::KEY, value) => read.key = value.text()?,
                (claim::VALUE, value) => read.value = value.text()?,
                _ => {}
            }
        }
        if KEPT_CLAIMS.contains(&&*read.key) {
            kept.push(read);
        } else if read.key == REQUEST_CLAIM {
            request = Some(read.value);
        }
    }
    Ok((kept, request))
}

fn read_object<'a>(message: &'a [u8], authz: &mut Authz<'a>, mesos: &mut Mesos<'a>) -> Result<()> {
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            object::VALUE => authz.object = value.some_text()?,
            object::FRAMEWORK_INFO => things::framework(value.bytes()?, mesos)?,
            object::TASK => things::task(value.bytes()?, mesos)?,
            object::TASK_INFO => things::task_info(value.bytes()?, mesos)?,
            object::EXECUTOR_INFO => things::executor_info(value.bytes()?, mesos)?,
            object::QUOTA_INFO => authz.role = id(value.bytes()?, quota_info::ROLE)?,
            object::WEIGHT_INFO => {
                for field in Fields::of(value.bytes()?) {
                    match field? {
                        (weight_info::ROLE, value) => authz.role = value.some_text()?,
                        (weight_info::WEIGHT, value) => {
                            authz.weight = Some(value.double()?).filter(|n| n.is_finite())
                        }
                        _ => {}
                    }
                }
            }
            object::RESOURCE => {
                authz.resource = Some(Box::new(Resource::read(value.bytes()?)?.into()));
            }
            object::COMMAND_INFO => {
                let (user, command) = things::command(value.bytes()?)?;
                if user.is_some() || command.is_some() {
                    let container = mesos.container.get_or_insert_default();
                    (container.user, container.command) = (user, command);
                }
            }
            object::CONTAINER_ID => things::read_container_id(value.bytes()?, mesos)?,
            object::MACHINE_ID => {
                let message = value.bytes()?;
                authz.machine = Some(Box::new(Machine {
                    hostname: id(message, machine_id::HOSTNAME)?,
                    ip: id(message, machine_id::IP)?,
                }));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The action of a record that holds a whole `authorization::Request`; none where it cannot be read.
pub fn requested_action(fields: &[u8]) -> Option<i32> {
    for field in Fields::of(fields) {
        let (record::REQUEST, value) = field.ok()? else { continue };
        for field in Fields::of(value.bytes().ok()?) {
            let (request::ACTION, value) = field.ok()? else { continue };
            return value.int32().ok();
        }
    }
    None
}

/// The number of an authorization action by Mesos's name.
pub fn action_number(name: &str) -> Option<i32> {
    action::NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
}
