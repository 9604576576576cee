//! Mesos's messages as the event's groups. Each message is read in one place only.
//!
//! Every function adds what its message tells to what is there already: a task names its framework, its agent and its
//! executor, in whichever order the messages come.

use super::wire::numbers::mesos::{
    attribute, command_info, container_id, container_info, container_status, executor_id, executor_info,
    framework_id, framework_info, image, label, labels, slave_id, slave_info, task, task_id, task_info,
    task_state, task_status, value,
};
use super::{
    id::id,
    resources::{Sum, push_ranges, scalar},
    wire::{Fields, Result, WireError, name},
};
use crate::event::{
    Text,
    mesos::{Attribute, Command, Container, Executor, Label, Mesos, Task},
};

/// Mesos itself allows 32.
const MAX_NESTING: usize = 64;

pub(super) fn framework<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let framework = into.framework.get_or_insert_default();
    let mut only_role = None;
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            framework_info::USER => framework.user = value.some_text()?,
            framework_info::NAME => framework.name = value.some_text()?,
            framework_info::ID => framework.id = id(value.bytes()?, framework_id::VALUE)?,
            framework_info::ROLE => only_role = value.some_text()?,
            framework_info::HOSTNAME => framework.hostname = value.some_text()?,
            framework_info::PRINCIPAL => framework.principal = value.some_text()?,
            framework_info::ROLES => match value.some_text()? {
                // Mostly the only one: a list of one is made in half the time that one takes to grow.
                Some(role) if framework.roles.is_empty() => framework.roles = vec![role],
                role => framework.roles.extend(role),
            },
            _ => {}
        }
    }
    // A framework without MULTI_ROLE has `role`, any other `roles`.
    if framework.roles.is_empty() {
        framework.roles.extend(only_role);
    }
    Ok(())
}

pub(super) fn agent<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let agent = into.agent.get_or_insert_default();
    let mut sum = Sum::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            slave_info::HOSTNAME => agent.hostname = value.some_text()?,
            slave_info::PORT => agent.port = Some(value.int32()?),
            slave_info::ID => agent.id = id(value.bytes()?, slave_id::VALUE)?,
            slave_info::RESOURCES => sum.add(value.bytes()?)?,
            slave_info::ATTRIBUTES => agent.attributes.push(read_attribute(value.bytes()?)?),
            _ => {}
        }
    }
    agent.resources = sum.resources().map(Box::new);
    Ok(())
}

fn read_attribute(message: &[u8]) -> Result<Attribute<'_>> {
    let mut read = Attribute::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            attribute::NAME => read.key = value.text()?,
            attribute::TEXT => read.value = id(value.bytes()?, value::text::VALUE)?.unwrap_or_default(),
            attribute::SCALAR => read.value = scalar(value.bytes()?)?.to_string().into(),
            attribute::RANGES => {
                let mut text = String::from("[");
                push_ranges(value.bytes()?, &mut text)?;
                text.push(']');
                read.value = text.into();
            }
            attribute::SET => {
                let items: Result<Vec<_>> = Fields::of(value.bytes()?)
                    .filter(|field| !matches!(field, Ok((number, _)) if *number != value::set::ITEM))
                    .map(|field| field?.1.text())
                    .collect();
                read.value = format!("{{{}}}", items?.join(",")).into();
            }
            _ => {}
        }
    }
    Ok(read)
}

// What a message tells is written where it belongs: a task made aside is moved, and it is large.

fn task_of<'m, 'a>(mesos: &'m mut Mesos<'a>) -> &'m mut Task<'a> {
    mesos.task.get_or_insert_default()
}

fn executor_of<'m, 'a>(mesos: &'m mut Mesos<'a>) -> &'m mut Executor<'a> {
    mesos.executor.get_or_insert_default()
}

/// A TaskInfo: the task, its executor, container, agent and role.
pub(super) fn task_info<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let mut sum = Sum::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            task_info::NAME => task_of(into).name = value.some_text()?,
            task_info::TASK_ID => task_of(into).id = id(value.bytes()?, task_id::VALUE)?,
            task_info::SLAVE_ID => agent_id(value.bytes()?, into)?,
            task_info::RESOURCES => sum.add(value.bytes()?)?,
            task_info::EXECUTOR => executor_info(value.bytes()?, into)?,
            task_info::COMMAND => {
                let task = task_of(into);
                (task.user, task.command) = command(value.bytes()?)?;
            }
            task_info::CONTAINER => container(value.bytes()?, into)?,
            task_info::LABELS => read_labels(value.bytes()?, &mut task_of(into).labels)?,
            _ => {}
        }
    }
    task_of(into).resources = sum.resources();
    into.role = into.role.take().or(sum.role());
    Ok(())
}

/// A Task (the master's own record of one).
pub(super) fn task<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let mut sum = Sum::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            task::NAME => task_of(into).name = value.some_text()?,
            task::TASK_ID => task_of(into).id = id(value.bytes()?, task_id::VALUE)?,
            task::FRAMEWORK_ID => framework_id(value.bytes()?, into)?,
            task::EXECUTOR_ID => read_executor_id(value.bytes()?, into)?,
            task::SLAVE_ID => agent_id(value.bytes()?, into)?,
            task::STATE => task_of(into).state = Some(name(task_state::NAMES, value.int32()?, "TASK")),
            task::RESOURCES => sum.add(value.bytes()?)?,
            task::LABELS => read_labels(value.bytes()?, &mut task_of(into).labels)?,
            task::CONTAINER => container(value.bytes()?, into)?,
            task::USER => task_of(into).user = value.some_text()?,
            _ => {}
        }
    }
    task_of(into).resources = sum.resources();
    into.role = into.role.take().or(sum.role());
    Ok(())
}

/// A TaskStatus.
pub(super) fn status<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    into.task.get_or_insert_default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            task_status::TASK_ID => task_of(into).id = id(value.bytes()?, task_id::VALUE)?,
            task_status::STATE => task_of(into).state = Some(name(task_state::NAMES, value.int32()?, "TASK")),
            task_status::SLAVE_ID => agent_id(value.bytes()?, into)?,
            task_status::EXECUTOR_ID => read_executor_id(value.bytes()?, into)?,
            task_status::HEALTHY => {
                task_of(into).health =
                    Some(if value.number()? == 0 { "unhealthy" } else { "healthy" }.into());
            }
            task_status::SOURCE => {
                task_of(into).source = Some(name(task_status::source::NAMES, value.int32()?, "SOURCE"));
            }
            task_status::REASON => {
                task_of(into).reason = Some(name(task_status::reason::NAMES, value.int32()?, "REASON"));
            }
            task_status::CONTAINER_STATUS => {
                for field in Fields::of(value.bytes()?) {
                    let (number, value) = field?;
                    if number == container_status::CONTAINER_ID {
                        read_container_id(value.bytes()?, into)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// An ExecutorInfo.
pub(super) fn executor_info<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let mut sum = Sum::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            executor_info::EXECUTOR_ID => executor_of(into).id = id(value.bytes()?, executor_id::VALUE)?,
            executor_info::RESOURCES => sum.add(value.bytes()?)?,
            executor_info::COMMAND => {
                let executor = executor_of(into);
                (executor.user, executor.command) = command(value.bytes()?)?;
            }
            executor_info::FRAMEWORK_ID => framework_id(value.bytes()?, into)?,
            executor_info::NAME => executor_of(into).name = value.some_text()?,
            executor_info::CONTAINER => container(value.bytes()?, into)?,
            executor_info::TYPE => {
                executor_of(into).kind =
                    Some(name(executor_info::r#type::NAMES, value.int32()?, "EXECUTOR_TYPE"));
            }
            _ => {}
        }
    }
    executor_of(into).resources = sum.resources();
    Ok(())
}

pub(super) fn framework_id<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    if let Some(id) = id(message, framework_id::VALUE)? {
        into.framework.get_or_insert_default().id = Some(id);
    }
    Ok(())
}

pub(super) fn agent_id<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    if let Some(id) = id(message, slave_id::VALUE)? {
        into.agent.get_or_insert_default().id = Some(id);
    }
    Ok(())
}

fn read_executor_id<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    if let Some(id) = id(message, executor_id::VALUE)? {
        into.executor.get_or_insert_default().id = Some(id);
    }
    Ok(())
}

/// `parent.child`, as Mesos prints it.
pub(super) fn read_container_id<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let mut parts: Vec<Text<'a>> = Vec::new();
    let mut next = Some(message);
    while let Some(message) = next.take() {
        if parts.len() == MAX_NESTING {
            return Err(WireError::TooDeep);
        }
        let mut part = Text::default();
        for field in Fields::of(message) {
            let (number, value) = field?;
            match number {
                container_id::VALUE => part = value.text()?,
                container_id::PARENT => next = Some(value.bytes()?),
                _ => {}
            }
        }
        parts.push(part);
    }
    let id = if parts.len() == 1 {
        parts.remove(0)
    } else {
        parts.reverse();
        parts.join(".").into()
    };
    into.container.get_or_insert_default().id = Some(id).filter(|id| !id.is_empty());
    Ok(())
}

fn container<'a>(message: &'a [u8], into: &mut Mesos<'a>) -> Result<()> {
    let container = into.container.get_or_insert_default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            container_info::TYPE => {
                container.kind = Some(name(container_info::r#type::NAMES, value.int32()?, "CONTAINER_TYPE"));
            }
            container_info::DOCKER => docker(value.bytes()?, container)?,
            container_info::MESOS => {
                for field in Fields::of(value.bytes()?) {
                    let (number, value) = field?;
                    if number == container_info::mesos_info::IMAGE {
                        container.image = image_name(value.bytes()?)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn docker<'a>(message: &'a [u8], container: &mut Container<'a>) -> Result<()> {
    use container_info::docker_info::{IMAGE, NETWORK, PRIVILEGED, network};
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            IMAGE => container.image = value.some_text()?,
            NETWORK => container.network = Some(name(network::NAMES, value.int32()?, "NETWORK")),
            PRIVILEGED => container.privilege = (value.number()? != 0).then(|| "privileged".into()),
            _ => {}
        }
    }
    Ok(())
}

/// Of a Docker or an Appc image.
fn image_name(message: &[u8]) -> Result<Option<Text<'_>>> {
    let mut found = None;
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            image::DOCKER => found = id(value.bytes()?, image::docker::NAME)?,
            image::APPC => found = id(value.bytes()?, image::appc::NAME)?,
            _ => {}
        }
    }
    Ok(found)
}

/// A CommandInfo: who runs it, and what is run. Variables of its environment have no number to be read by.
pub(super) fn command(message: &[u8]) -> Result<(Option<Text<'_>>, Option<Box<Command<'_>>>)> {
    let (mut user, mut program, mut arguments) = (None, None, Vec::new());
    let mut uris = Vec::new();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            command_info::USER => user = value.some_text()?,
            command_info::VALUE => program = value.some_text()?,
            command_info::ARGUMENTS => arguments.push(value.text()?),
            command_info::URIS => uris.extend(id(value.bytes()?, command_info::uri::VALUE)?),
            _ => {}
        }
    }
    let line = if arguments.is_empty() { program } else { Some(joined(program, &arguments).into()) };
    let runs = line.is_some() || !uris.is_empty();
    Ok((user, runs.then(|| Box::new(Command { line, uris }))))
}

/// A program and its arguments, of which the first is its name. What has blanks in it is quoted, so that it can be seen what belongs together.
fn joined(program: Option<Text<'_>>, arguments: &[Text<'_>]) -> String {
    let mut line = String::new();
    let named = arguments.first() == program.as_ref();
    for word in program.iter().filter(|_| !named).chain(arguments) {
        if !line.is_empty() {
            line.push(' ');
        }
        if !word.is_empty() && !word.contains([' ', '\t', '\n', '\'', '"']) {
            line.push_str(word);
            continue;
        }
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if !name.is_empty() && name.chars().all(in_name) => (Some(name), value),
            _ => (None, &**word),
        };
        if let Some(name) = name {
            line.push_str(name);
            line.push('=');
        }
        line.push('\'');
        line.push_str(&value.replace('\'', "\\'"));
        line.push('\'');
    }
    line
}

fn read_labels<'a>(message: &'a [u8], into: &mut Vec<Label<'a>>) -> Result<()> {
    for field in Fields::of(message) {
        let (number, value) = field?;
        if number == labels::LABELS {
            let mut read = Label::default();
            for field in Fields::of(value.bytes()?) {
                match field? {
                    (label::KEY, value) => read.key = value.text()?,
                    (label::VALUE, value) => read.value = value.some_text()?,
                    _ => {}
                }
            }
            into.push(read);
        }
    }
    Ok(())
}
