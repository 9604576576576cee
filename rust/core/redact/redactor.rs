//! What every event goes through before it is encoded.

use ascii::AsciiStr;

use super::{Class, HashKey, scrub::scrub_cut};
use crate::{
    config::{Hashed, Redact},
    decode::plain::Plain,
    error::Error,
    event::{Draft, Text, mesos::Label},
};

/// Bytes of a text that are kept here; what a line has room for is decided later.
const MAX_TEXT: usize = 4096;

/// Scrubs texts, and hashes what must not be readable. Belongs to the worker: Mesos's threads never wait for it.
#[derive(Debug, Default)]
pub struct Redactor {
    key: Option<HashKey>,
    hashed: Vec<Hashed>,
    hides_commands: bool,
}

impl Redactor {
    /// # Errors
    /// The key cannot be read or made.
    pub fn open(config: &Redact) -> Result<Self, Error> {
        let key = config.key_file.as_deref().map(HashKey::open).transpose();
        Ok(Self {
            key: key.map_err(|error| error.key("redact.key_file"))?,
            hashed: config.hash.clone(),
            hides_commands: !config.commands,
        })
    }

    /// Leaves in the event what may be known.
    pub fn apply(&self, draft: &mut Draft<'_>) {
        self.texts(draft);
        if let Some(task) = &mut draft.mesos.task {
            self.labels(&mut task.labels);
        }
        for hashed in &self.hashed {
            self.identifying(*hashed, draft);
        }
    }

    /// Whether it would leave the event of that decision as it is.
    #[must_use]
    pub fn leaves(&self, plain: &Plain<'_>) -> bool {
        let lines = [plain.task.line, plain.executor.line];
        let hides = self.hides_commands && lines.iter().any(|line| !line.is_empty());
        self.hashed.is_empty()
            && !hides
            // Without a key, their keys are all that is told.
            && (self.key.is_none() || plain.task.labels().is_empty())
            && lines.into_iter().chain([plain.authz.object]).filter(|text| !text.is_empty()).all(|text| {
                // What is no ASCII is no plain text.
                let text = AsciiStr::from_ascii(text).map(AsciiStr::as_str);
                text.is_ok_and(|text| matches!(scrub_cut(text, MAX_TEXT), (Text::Borrowed(_), false)))
            })
    }

    /// Of what people write, what is no secret.
    fn texts(&self, draft: &mut Draft<'_>) {
        let mut cut = Cut::default();
        cut.clean("event.reason", draft.reason.as_mut());
        cut.clean("error.message", draft.error.as_mut().map(|error| &mut error.message));
        cut.clean("url.path", draft.url.as_mut().map(|url| &mut url.path));
        cut.clean("user_agent.original", draft.user_agent.as_mut().map(|agent| &mut agent.original));
        let mesos = &mut draft.mesos;
        cut.clean("mesos.authz.object", mesos.authz.as_mut().and_then(|authz| authz.object.as_mut()));
        let directory = mesos.container.as_mut().and_then(|container| container.directory.as_mut());
        cut.clean("mesos.container.directory", directory);
        for (path, command) in [
            ("mesos.task.command", mesos.task.as_mut().map(|task| &mut task.command)),
            ("mesos.executor.command", mesos.executor.as_mut().map(|executor| &mut executor.command)),
            ("mesos.container.command", mesos.container.as_mut().map(|container| &mut container.command)),
        ] {
            let Some(command) = command else { continue };
            if self.hides_commands {
                *command = None;
            }
            if let Some(command) = command {
                cut.clean(path, command.line.as_mut());
                command.uris.iter_mut().for_each(|uri| cut.clean(path, Some(uri)));
            }
        }
        draft.mesos.truncated.extend(cut.0.into_iter().map(Text::from));
    }

    /// Without a key, keys only.
    fn labels(&self, labels: &mut [Label<'_>]) {
        for label in labels {
            let value = label.value.take();
            label.value =
                self.key.as_ref().zip(value).map(|(key, value)| key.hash(Class::Sensitive, &value).into());
        }
    }

    fn identifying(&self, hashed: Hashed, draft: &mut Draft<'_>) {
        let mesos = &mut draft.mesos;
        match hashed {
            Hashed::UserName => {
                if let Some(user) = &mut draft.user {
                    self.hash(&mut user.name);
                }
                if let Some(framework) = &mut mesos.framework {
                    self.maybe_hash(&mut framework.principal);
                }
                if let Some(resource) = mesos.authz.as_mut().and_then(|authz| authz.resource.as_mut()) {
                    self.maybe_hash(&mut resource.principal);
                }
                let operations =
                    mesos.allocation.iter_mut().flat_map(|allocation| &mut allocation.operations);
                for operation in operations {
                    let resources = operation.consumed.iter_mut().chain(&mut operation.converted);
                    resources.for_each(|resource| self.maybe_hash(&mut resource.principal));
                }
            }
            Hashed::SourceIp => {
                if let Some(source) = &mut draft.source {
                    // Collectors take `source.ip` for an address.
                    let ip = source.ip.take().or(source.address.take());
                    source.address = ip;
                    self.maybe_hash(&mut source.address);
                    self.maybe_hash(&mut source.forwarded_for);
                }
                if let Some(machine) = mesos.authz.as_mut().and_then(|authz| authz.machine.as_mut()) {
                    self.maybe_hash(&mut machine.ip);
                }
            }
            Hashed::FrameworkUser => {
                let users = [
                    mesos.framework.as_mut().map(|framework| &mut framework.user),
                    mesos.task.as_mut().map(|task| &mut task.user),
                    mesos.executor.as_mut().map(|executor| &mut executor.user),
                    mesos.container.as_mut().map(|container| &mut container.user),
                ];
                users.into_iter().flatten().for_each(|user| self.maybe_hash(user));
            }
            Hashed::FrameworkHostname => {
                if let Some(framework) = &mut mesos.framework {
                    self.maybe_hash(&mut framework.hostname);
                }
            }
            Hashed::AgentHostname => {
                if let Some(agent) = &mut mesos.agent {
                    self.maybe_hash(&mut agent.hostname);
                }
                if let Some(machine) = mesos.authz.as_mut().and_then(|authz| authz.machine.as_mut()) {
                    self.maybe_hash(&mut machine.hostname);
                }
                let hosts = mesos.allocation.iter_mut().flat_map(|allocation| &mut allocation.hosts);
                hosts.for_each(|host| self.hash(host));
            }
        }
    }

    fn hash(&self, text: &mut Text<'_>) {
        // Without a key the configuration is refused; if ever it is not, nothing is told.
        *text = self.key.as_ref().map_or_else(Text::default, |key| key.hash(Class::Identifying, text).into());
    }

    fn maybe_hash(&self, text: &mut Option<Text<'_>>) {
        if let Some(text) = text {
            self.hash(text);
        }
    }
}

/// Paths of the fields in which something is missing besides secrets.
#[derive(Default)]
struct Cut(Vec<&'static str>);

impl Cut {
    // Inlined, since most of these texts no event has.
    #[inline(always)]
    fn clean(&mut self, path: &'static str, text: Option<&mut Text<'_>>) {
        if let Some(text) = text
            && clean(text)
            && !self.0.contains(&path)
        {
            self.0.push(path);
        }
    }
}

/// Tells whether something is missing besides secrets.
fn clean(text: &mut Text<'_>) -> bool {
    let (cleaned, cut) = match *text {
        Text::Borrowed(text) => scrub_cut(text, MAX_TEXT),
        Text::Owned(ref text) => {
            let (cleaned, cut) = scrub_cut(text, MAX_TEXT);
            (Text::Owned(cleaned.into_owned()), cut)
        }
    };
    *text = cleaned;
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{
        Action,
        ecs::{Source, User},
        mesos::{Command, Framework, Task},
    };

    fn draft() -> Draft<'static> {
        let mut draft = Draft::new(Action::TaskLaunch);
        draft.user = Some(User { name: "alice".into() });
        draft.source = Some(Source {
            address: Some("x@192.0.2.1:1".into()),
            ip: Some("192.0.2.1".into()),
            port: Some(1),
            forwarded_for: None,
        });
        draft.mesos.framework = Some(Framework {
            principal: Some("alice".into()),
            hostname: Some("h".into()),
            ..Framework::default()
        });
        draft.mesos.task = Some(Task {
            labels: vec![Label { key: "team".into(), value: Some("hunter2".into()) }],
            command: Some(Box::new(Command {
                line: Some("run --password hunter2".into()),
                uris: vec!["https://me:hunter2@host/x?sig=hunter2".into()],
            })),
            ..Task::default()
        });
        draft
    }

    fn redactor(hash: &[Hashed]) -> Redactor {
        Redactor { key: Some(HashKey::new([7; 32])), hashed: hash.to_vec(), hides_commands: false }
    }

    #[test]
    fn without_a_key_sensitive_values_are_gone() {
        let mut draft = draft();
        Redactor::default().apply(&mut draft);
        assert_eq!(draft.user.as_ref().unwrap().name, "alice");
        let task = draft.mesos.task.unwrap();
        assert_eq!(task.labels, [Label { key: "team".into(), value: None }]);
        let command = task.command.unwrap();
        assert_eq!(command.line.unwrap(), "run --password [redacted]");
        assert_eq!(command.uris, ["https://[redacted]@host/x?sig=[redacted]"]);
    }

    #[test]
    fn with_a_key_they_can_be_compared() {
        let mut draft = draft();
        redactor(&[]).apply(&mut draft);
        let key = HashKey::new([7; 32]);
        let value = draft.mesos.task.unwrap().labels.remove(0).value.unwrap();
        assert_eq!(value, key.hash(Class::Sensitive, "hunter2"));
        assert_eq!(draft.user.unwrap().name, "alice", "nobody wanted it hashed");
    }

    #[test]
    fn who_and_where_are_hashed_wherever_they_stand() {
        let mut draft = draft();
        redactor(&[Hashed::UserName, Hashed::SourceIp, Hashed::FrameworkHostname]).apply(&mut draft);
        let hash = |value: &str| HashKey::new([7; 32]).hash(Class::Identifying, value);
        assert_eq!(draft.user.unwrap().name, hash("alice"));
        let framework = draft.mesos.framework.unwrap();
        assert_eq!(
            (framework.principal.unwrap(), framework.hostname.unwrap()),
            (hash("alice").into(), hash("h").into())
        );
        let source = draft.source.unwrap();
        assert_eq!((source.ip, source.address.unwrap()), (None, hash("192.0.2.1").into()));
    }

    #[test]
    fn commands_can_be_left_out() {
        let mut draft = draft();
        Redactor { hides_commands: true, ..redactor(&[]) }.apply(&mut draft);
        assert_eq!(draft.mesos.task.unwrap().command, None);
    }
}
