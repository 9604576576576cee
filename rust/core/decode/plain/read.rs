//! The record's messages, cut into pieces.
//!
//! Whatever the ordinary way reads of a message is read here or ends it: a number that is missing here would be missing in the
//! event. The tests set every field that there is.

use super::{
    super::{
        id::id_bytes,
        resources::Sum,
        wire::{
            Fields, Value, known_name,
            numbers::{
                authorization::{object, request, subject},
                mesos::{
                    command_info, container_info, executor_id, executor_info, framework_id, framework_info,
                    image, label, labels, slave_id, task, task_id, task_info, task_state,
                },
                record::record,
            },
        },
    },
    Container, Executor, Framework, Task,
};

/// What has been read so far.
#[derive(Default)]
pub(super) struct Read<'a> {
    pub(super) verdict: i32,
    pub(super) duration: u64,
    pub(super) action: i32,
    pub(super) user: &'a [u8],
    pub(super) object: &'a [u8],
    pub(super) role: &'a [u8],
    pub(super) framework: Framework<'a>,
    pub(super) agent: &'a [u8],
    pub(super) task: Task<'a>,
    pub(super) executor: Executor<'a>,
    pub(super) container: Container<'a>,
}

fn bytes(value: Value<'_>) -> Option<&[u8]> {
    value.bytes().ok()
}

fn number(value: Value<'_>) -> Option<i32> {
    value.int32().ok()
}

fn id(value: Value<'_>, wanted: u32) -> Option<&[u8]> {
    id_bytes(bytes(value)?, wanted).ok()
}

impl<'a> Read<'a> {
    pub(super) fn record(&mut self, fields: &'a [u8]) -> Option<()> {
        for field in Fields::of(fields) {
            let (field, value) = field.ok()?;
            match field {
                record::VERDICT => self.verdict = number(value)?,
                record::DURATION_NS => self.duration = value.number().ok()?,
                record::REQUEST => self.request(bytes(value)?)?,
                record::SUBJECT => self.subject(bytes(value)?)?,
                record::ACTION => self.action = number(value)?,
                record::OBJECT => self.object(bytes(value)?)?,
                record::REASON | record::ALLOWED | record::DENIED | record::ERRORS => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn request(&mut self, message: &'a [u8]) -> Option<()> {
        for field in Fields::of(message) {
            match field.ok()? {
                (request::SUBJECT, value) => self.subject(bytes(value)?)?,
                (request::ACTION, value) => self.action = number(value)?,
                (request::OBJECT, value) => self.object(bytes(value)?)?,
                _ => {}
            }
        }
        Some(())
    }

    fn subject(&mut self, message: &'a [u8]) -> Option<()> {
        for field in Fields::of(message) {
            match field.ok()? {
                (subject::VALUE, value) => self.user = bytes(value)?,
                (subject::CLAIMS, _) => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn object(&mut self, message: &'a [u8]) -> Option<()> {
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                object::VALUE => self.object = bytes(value)?,
                object::FRAMEWORK_INFO => self.framework(bytes(value)?)?,
                object::TASK => self.task(bytes(value)?)?,
                object::TASK_INFO => self.task_info(bytes(value)?)?,
                object::EXECUTOR_INFO => self.executor(bytes(value)?)?,
                object::QUOTA_INFO
                | object::WEIGHT_INFO
                | object::RESOURCE
                | object::COMMAND_INFO
                | object::CONTAINER_ID
                | object::MACHINE_ID => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn framework(&mut self, message: &'a [u8]) -> Option<()> {
        let framework = &mut self.framework;
        framework.told = true;
        let mut only_role: &[u8] = &[];
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                framework_info::USER => framework.user = bytes(value)?,
                framework_info::NAME => framework.name = bytes(value)?,
                framework_info::ID => framework.id = id(value, framework_id::VALUE)?,
                framework_info::ROLE => only_role = bytes(value)?,
                framework_info::HOSTNAME => framework.hostname = bytes(value)?,
                framework_info::PRINCIPAL => framework.principal = bytes(value)?,
                framework_info::ROLES => match bytes(value)? {
                    [] => {}
                    role => framework.roles.push(role)?,
                },
                _ => {}
            }
        }
        // A framework without MULTI_ROLE has `role`, any other `roles`.
        let lacks = framework.roles.count == 0 && !only_role.is_empty();
        if lacks { framework.roles.push(only_role) } else { Some(()) }
    }

    fn task_info(&mut self, message: &'a [u8]) -> Option<()> {
        let mut sum = Sum::default();
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                task_info::NAME => self.task.name = bytes(value)?,
                task_info::TASK_ID => self.task.id = id(value, task_id::VALUE)?,
                task_info::SLAVE_ID => self.agent(value)?,
                task_info::RESOURCES => sum.add(bytes(value)?).ok()?,
                task_info::EXECUTOR => self.executor(bytes(value)?)?,
                task_info::COMMAND => (self.task.user, self.task.line) = command(bytes(value)?)?,
                task_info::CONTAINER => self.container(bytes(value)?)?,
                task_info::LABELS => self.labels(bytes(value)?)?,
                _ => {}
            }
        }
        self.task_has(sum)
    }

    fn task(&mut self, message: &'a [u8]) -> Option<()> {
        let mut sum = Sum::default();
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                task::NAME => self.task.name = bytes(value)?,
                task::TASK_ID => self.task.id = id(value, task_id::VALUE)?,
                task::FRAMEWORK_ID => self.framework_id(value)?,
                task::EXECUTOR_ID => {
                    let id = id(value, executor_id::VALUE)?;
                    if !id.is_empty() {
                        (self.executor.told, self.executor.id) = (true, id);
                    }
                }
                task::SLAVE_ID => self.agent(value)?,
                task::STATE => self.task.state = known_name(task_state::NAMES, number(value)?)?,
                task::RESOURCES => sum.add(bytes(value)?).ok()?,
                task::USER => self.task.user = bytes(value)?,
                task::CONTAINER => self.container(bytes(value)?)?,
                task::LABELS => self.labels(bytes(value)?)?,
                _ => {}
            }
        }
        self.task_has(sum)
    }

    fn task_has(&mut self, sum: Sum<'a>) -> Option<()> {
        self.task.told = true;
        self.task.resources = sum.plain_amounts()?;
        if self.role.is_empty() {
            self.role = sum.role_bytes();
        }
        Some(())
    }

    fn executor(&mut self, message: &'a [u8]) -> Option<()> {
        self.executor.told = true;
        let mut sum = Sum::default();
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                executor_info::EXECUTOR_ID => self.executor.id = id(value, executor_id::VALUE)?,
                executor_info::RESOURCES => sum.add(bytes(value)?).ok()?,
                executor_info::COMMAND => {
                    (self.executor.user, self.executor.line) = command(bytes(value)?)?;
                }
                executor_info::FRAMEWORK_ID => self.framework_id(value)?,
                executor_info::NAME => self.executor.name = bytes(value)?,
                executor_info::TYPE => {
                    self.executor.kind = known_name(executor_info::r#type::NAMES, number(value)?)?;
                }
                executor_info::CONTAINER => self.container(bytes(value)?)?,
                _ => {}
            }
        }
        self.executor.resources = sum.plain_amounts()?;
        Some(())
    }

    fn labels(&mut self, message: &'a [u8]) -> Option<()> {
        for field in Fields::of(message) {
            let (labels::LABELS, label) = field.ok()? else { continue };
            let mut key: &[u8] = &[];
            for field in Fields::of(bytes(label)?) {
                match field.ok()? {
                    (label::KEY, value) => key = bytes(value)?,
                    // Never told; but it must be one.
                    (label::VALUE, value) => _ = bytes(value)?,
                    _ => {}
                }
            }
            if key.is_empty() {
                return None;
            }
            self.task.labels.push(key)?;
        }
        Some(())
    }

    fn container(&mut self, message: &'a [u8]) -> Option<()> {
        self.container.told = true;
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                container_info::TYPE => {
                    self.container.kind = known_name(container_info::r#type::NAMES, number(value)?)?;
                }
                container_info::DOCKER => self.docker(bytes(value)?)?,
                container_info::MESOS => {
                    for field in Fields::of(bytes(value)?) {
                        if let (container_info::mesos_info::IMAGE, value) = field.ok()? {
                            self.container.image = image_name(bytes(value)?)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    fn docker(&mut self, message: &'a [u8]) -> Option<()> {
        use container_info::docker_info::{IMAGE, NETWORK, PRIVILEGED, network};
        for field in Fields::of(message) {
            let (field, value) = field.ok()?;
            match field {
                IMAGE => self.container.image = bytes(value)?,
                NETWORK => self.container.network = known_name(network::NAMES, number(value)?)?,
                PRIVILEGED => self.container.privileged = value.number().ok()? != 0,
                _ => {}
            }
        }
        Some(())
    }

    fn framework_id(&mut self, value: Value<'a>) -> Option<()> {
        let id = id(value, framework_id::VALUE)?;
        if !id.is_empty() {
            (self.framework.told, self.framework.id) = (true, id);
        }
        Some(())
    }

    fn agent(&mut self, value: Value<'a>) -> Option<()> {
        let id = id(value, slave_id::VALUE)?;
        if !id.is_empty() {
            self.agent = id;
        }
        Some(())
    }
}

/// Of a Docker or an Appc image.
fn image_name(message: &[u8]) -> Option<&[u8]> {
    let mut found: &[u8] = &[];
    for field in Fields::of(message) {
        match field.ok()? {
            (image::DOCKER, value) => found = id(value, image::docker::NAME)?,
            (image::APPC, value) => found = id(value, image::appc::NAME)?,
            _ => {}
        }
    }
    Some(found)
}

/// A command's user and line.
fn command(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut user, mut line): (&[u8], &[u8]) = (&[], &[]);
    for field in Fields::of(message) {
        match field.ok()? {
            (command_info::USER, value) => user = bytes(value)?,
            (command_info::VALUE, value) => line = bytes(value)?,
            (command_info::ARGUMENTS | command_info::URIS, _) => return None,
            _ => {}
        }
    }
    Some((user, line))
}
