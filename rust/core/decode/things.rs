//! Mesos's messages as the event's groups. Each message is read in one place only.

use super::{
    some_text,
    wire::mesos::{self as wire, container_info},
};
use crate::event::mesos::{Agent, Attribute, Container, Executor, Framework, Label, Mesos, Resources, Task};

pub(super) fn framework(info: &wire::FrameworkInfo) -> Framework {
    let roles = if info.roles.is_empty() { info.role.as_slice() } else { info.roles.as_slice() };
    Framework {
        id: info.id.as_ref().and_then(|id| some_text(id.value.as_deref())),
        name: some_text(info.name.as_deref()),
        principal: some_text(info.principal.as_deref()),
        user: some_text(info.user.as_deref()),
        roles: roles.iter().filter_map(|role| some_text(Some(role))).collect(),
        hostname: some_text(info.hostname.as_deref()),
    }
}

pub(super) fn agent(info: &wire::SlaveInfo) -> Agent {
    Agent {
        id: info.id.as_ref().and_then(|id| some_text(id.value.as_deref())),
        hostname: some_text(info.hostname.as_deref()),
        port: info.port,
        attributes: info.attributes.iter().map(attribute).collect(),
        resources: resources(&info.resources),
    }
}

fn attribute(attribute: &wire::Attribute) -> Attribute {
    let value = if let Some(text) = &attribute.text {
        some_text(text.value.as_deref()).unwrap_or_default()
    } else if let Some(scalar) = &attribute.scalar {
        scalar.value().to_string()
    } else if let Some(ranges) = &attribute.ranges {
        format!("[{}]", range_text(ranges))
    } else if let Some(set) = &attribute.set {
        let items: Vec<_> = set.item.iter().map(|item| super::text(item)).collect();
        format!("{{{}}}", items.join(","))
    } else {
        String::new()
    };
    Attribute { key: some_text(attribute.name.as_deref()).unwrap_or_default(), value }
}

/// Fills what a TaskInfo tells: the task, its executor, container, agent and role.
pub(super) fn task_info(info: &wire::TaskInfo, into: &mut Mesos) {
    into.task = Some(Task {
        id: info.task_id.as_ref().and_then(|id| some_text(id.value.as_deref())),
        name: some_text(info.name.as_deref()),
        user: info.command.as_ref().and_then(|command| some_text(command.user.as_deref())),
        labels: labels(info.labels.as_ref()),
        resources: resources(&info.resources),
        ..Task::default()
    });
    if let Some(info) = &info.executor {
        executor_info(info, into);
    }
    if let Some(info) = &info.container {
        into.container = Some(container(info));
    }
    agent_id(info.slave_id.as_ref(), into);
    into.role = into.role.take().or_else(|| role(&info.resources));
}

/// Fills what a Task (the master's own record of one) tells.
pub(super) fn task(task: &wire::Task, into: &mut Mesos) {
    into.task = Some(Task {
        id: task.task_id.as_ref().and_then(|id| some_text(id.value.as_deref())),
        name: some_text(task.name.as_deref()),
        state: task.state.map(|number| state(number)),
        user: some_text(task.user.as_deref()),
        labels: labels(task.labels.as_ref()),
        resources: resources(&task.resources),
        ..Task::default()
    });
    if task.executor_id.is_some() {
        into.executor.get_or_insert_default().id = executor_id(task.executor_id.as_ref());
    }
    if let Some(info) = &task.container {
        into.container = Some(container(info));
    }
    framework_id(task.framework_id.as_ref(), into);
    agent_id(task.slave_id.as_ref(), into);
    into.role = into.role.take().or_else(|| role(&task.resources));
}

/// Fills what a TaskStatus tells.
pub(super) fn status(status: &wire::TaskStatus, into: &mut Mesos) {
    let task = into.task.get_or_insert_default();
    task.id = status.task_id.as_ref().and_then(|id| some_text(id.value.as_deref()));
    task.state = status.state.map(|number| state(number));
    task.reason = status.reason.map(|number| {
        named(
            number,
            wire::task_status::Reason::try_from(number).map(|reason| reason.as_str_name()),
            "REASON",
        )
    });
    task.source = status.source.map(|number| {
        named(
            number,
            wire::task_status::Source::try_from(number).map(|source| source.as_str_name()),
            "SOURCE",
        )
    });
    task.health = status.healthy.map(|healthy| if healthy { "healthy" } else { "unhealthy" }.to_owned());
    agent_id(status.slave_id.as_ref(), into);
    if let Some(id) = executor_id(status.executor_id.as_ref()) {
        into.executor.get_or_insert_default().id = Some(id);
    }
    if let Some(id) = status.container_status.as_ref().and_then(|container| container.container_id.as_ref()) {
        into.container.get_or_insert_default().id = container_id(id);
    }
}

/// Fills what an ExecutorInfo tells.
pub(super) fn executor_info(info: &wire::ExecutorInfo, into: &mut Mesos) {
    use wire::executor_info::Type;
    into.executor = Some(Executor {
        id: executor_id(info.executor_id.as_ref()),
        name: some_text(info.name.as_deref()),
        kind: info.r#type.map(|number| {
            named(number, Type::try_from(number).map(|kind| kind.as_str_name()), "EXECUTOR_TYPE")
        }),
        user: info.command.as_ref().and_then(|command| some_text(command.user.as_deref())),
        resources: resources(&info.resources),
    });
    framework_id(info.framework_id.as_ref(), into);
    if let Some(info) = &info.container {
        into.container = Some(container(info));
    }
}

pub(super) fn framework_id(id: Option<&wire::FrameworkId>, into: &mut Mesos) {
    if let Some(id) = id.and_then(|id| some_text(id.value.as_deref())) {
        into.framework.get_or_insert_default().id = Some(id);
    }
}

fn agent_id(id: Option<&wire::SlaveId>, into: &mut Mesos) {
    if let Some(id) = id.and_then(|id| some_text(id.value.as_deref())) {
        into.agent.get_or_insert_default().id = Some(id);
    }
}

fn executor_id(id: Option<&wire::ExecutorId>) -> Option<String> {
    some_text(id?.value.as_deref())
}

/// `parent.child`, as Mesos prints it. prost stops a chain of parents that is too deep, so this ends.
pub(super) fn container_id(id: &wire::ContainerId) -> Option<String> {
    let mut parts = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        parts.push(some_text(id.value.as_deref())?);
        next = id.parent.as_deref();
    }
    parts.reverse();
    Some(parts.join("."))
}

fn container(info: &wire::ContainerInfo) -> Container {
    use container_info::{Type, docker_info::Network};
    let docker = info.docker.as_ref();
    let image = info.mesos.as_ref().and_then(|mesos| mesos.image.as_ref());
    let image_name = image.and_then(|image| {
        let docker = image.docker.as_ref().and_then(|docker| docker.name.as_deref());
        docker.or_else(|| image.appc.as_ref().and_then(|appc| appc.name.as_deref()))
    });
    Container {
        kind: info.r#type.map(|number| {
            named(number, Type::try_from(number).map(|kind| kind.as_str_name()), "CONTAINER_TYPE")
        }),
        image: some_text(docker.and_then(|docker| docker.image.as_deref()).or(image_name)),
        privilege: docker.filter(|docker| docker.privileged()).map(|_| "privileged".to_owned()),
        network: docker
            .and_then(|docker| docker.network)
            .map(|number| named(number, Network::try_from(number).map(|mode| mode.as_str_name()), "NETWORK")),
        ..Container::default()
    }
}

fn labels(labels: Option<&wire::Labels>) -> Vec<Label> {
    let labels = labels.map(|labels| labels.labels.as_slice()).unwrap_or_default();
    labels.iter().map(|label| Label { key: some_text(label.key.as_deref()).unwrap_or_default() }).collect()
}

/// Sums by name. Names that a cluster made up itself are left out: their unit is unknown.
pub(super) fn resources(list: &[wire::Resource]) -> Option<Resources> {
    let mut sum = Resources::default();
    for resource in list {
        let slot = match resource.name() {
            b"cpus" => &mut sum.cpus,
            b"mem" => &mut sum.mem,
            b"disk" => &mut sum.disk,
            b"gpus" => &mut sum.gpus,
            b"ports" => {
                if let Some(ranges) = &resource.ranges {
                    let ports = sum.ports.get_or_insert_default();
                    if !ports.is_empty() {
                        ports.push(',');
                    }
                    ports.push_str(&range_text(ranges));
                }
                continue;
            }
            _ => continue,
        };
        let amount = resource.scalar.as_ref().map_or(0.0, wire::value::Scalar::value);
        // JSON has no NaN and no infinity, and Mesos refuses both.
        if amount.is_finite() {
            *slot = Some(slot.unwrap_or(0.0) + amount).filter(|sum| sum.is_finite());
        }
    }
    (sum != Resources::default()).then_some(sum)
}

/// The role that the resources are allocated to; before allocation, the one that they are reserved for.
fn role(list: &[wire::Resource]) -> Option<String> {
    let allocated = list.iter().find_map(|resource| resource.allocation_info.as_ref()?.role.as_deref());
    some_text(allocated.or_else(|| list.iter().find_map(reserved_for)))
}

/// The innermost role that a resource is reserved for, in whichever of the formats of 1.x it is told.
pub(super) fn reserved_for(resource: &wire::Resource) -> Option<&[u8]> {
    let refined = resource.reservations.last().and_then(|reservation| reservation.role.as_deref());
    refined
        .or_else(|| resource.reservation.as_ref().and_then(|reservation| reservation.role.as_deref()))
        .or(resource.role.as_deref())
        .filter(|role| *role != b"*")
}

fn range_text(ranges: &wire::value::Ranges) -> String {
    let each: Vec<_> =
        ranges.range.iter().map(|range| format!("{}-{}", range.begin(), range.end())).collect();
    each.join(",")
}

fn state(number: i32) -> String {
    named(number, wire::TaskState::try_from(number).map(|state| state.as_str_name()), "TASK")
}

/// The name of an enum's value; of a value that a later Mesos brought, its number.
fn named<E>(number: i32, name: Result<&'static str, E>, kind: &str) -> String {
    name.map_or_else(|_| format!("{kind}_{number}"), str::to_owned)
}
