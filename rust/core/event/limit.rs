//! Keeps a line short enough for every collector, whatever a framework puts into its names.

use std::borrow::Cow;

use super::{AuditEvent, Text};

/// Longest line, newline excluded: rsyslog's default limit is 8 KiB, and what is over becomes a message of
/// its own there.
pub const MAX_LINE_BYTES: usize = 7680;

/// How much of each text and of each list is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a text.
    pub text: usize,
    /// Elements of a list.
    pub list: usize,
}

impl Limits {
    /// Tried in this order until the line fits. The first holds for every event; the last makes any event
    /// fit, even where each byte needs an escape of six.
    pub const STEPS: [Self; 4] = [
        Self { text: 1024, list: 32 },
        Self { text: 256, list: 16 },
        Self { text: 64, list: 8 },
        Self { text: 24, list: 2 },
    ];

    /// Cuts what is longer, at a character's boundary, and lists the fields in `mesos.truncated`.
    pub fn apply(self, event: &mut AuditEvent<'_>) {
        let mut cut = Cutter { limits: self, paths: Vec::new() };
        cut.event(event);
        for path in cut.paths {
            if !event.mesos.truncated.contains(&path) {
                event.mesos.truncated.push(path);
            }
        }
    }
}

struct Cutter {
    limits: Limits,
    paths: Vec<Text<'static>>,
}

impl Cutter {
    fn mark(&mut self, path: &'static str) {
        if !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.into());
        }
    }

    fn text(&mut self, path: &'static str, text: &mut Text<'_>) {
        if text.len() > self.limits.text {
            let end = text.floor_char_boundary(self.limits.text);
            match text {
                Cow::Borrowed(text) => *text = &text[..end],
                Cow::Owned(text) => text.truncate(end),
            }
            self.mark(path);
        }
    }

    fn maybe(&mut self, path: &'static str, text: &mut Option<Text<'_>>) {
        if let Some(text) = text {
            self.text(path, text);
        }
    }

    fn owned(&mut self, path: &'static str, text: &mut Option<String>) {
        if let Some(text) = text.as_mut().filter(|text| text.len() > self.limits.text) {
            text.truncate(text.floor_char_boundary(self.limits.text));
            self.mark(path);
        }
    }

    fn list<T>(&mut self, path: &'static str, list: &mut Vec<T>, mut each: impl FnMut(&mut Self, &mut T)) {
        if list.len() > self.limits.list {
            list.truncate(self.limits.list);
            self.mark(path);
        }
        for item in list {
            each(self, item);
        }
    }

    fn texts(&mut self, path: &'static str, list: &mut Vec<Text<'_>>) {
        self.list(path, list, |cut, text| cut.text(path, text));
    }

    /// Every field whose length somebody else chooses. A new one belongs here; the property test below finds
    /// it missing.
    fn event(&mut self, event: &mut AuditEvent<'_>) {
        self.maybe("event.reason", &mut event.event.reason);
        if let Some(error) = &mut event.error {
            self.text("error.message", &mut error.message);
        }
        if let Some(log) = &mut event.log {
            self.text("log.origin.file.name", &mut log.origin.file.name);
        }
        if let Some(user) = &mut event.user {
            self.text("user.name", &mut user.name);
        }
        if let Some(source) = &mut event.source {
            self.maybe("source.address", &mut source.address);
            self.maybe("source.forwarded_for", &mut source.forwarded_for);
        }
        if let Some(http) = &mut event.http {
            self.text("http.request.method", &mut http.request.method);
            self.maybe("http.request.id", &mut http.request.id);
        }
        if let Some(url) = &mut event.url {
            self.text("url.path", &mut url.path);
            self.texts("url.query_keys", &mut url.query_keys);
        }
        if let Some(agent) = &mut event.user_agent {
            self.text("user_agent.original", &mut agent.original);
        }
        self.things(event);
        self.decisions(event);
        self.allocation(event);
    }

    fn things(&mut self, event: &mut AuditEvent<'_>) {
        let mesos = &mut event.mesos;
        self.maybe("mesos.role", &mut mesos.role);
        if let Some(framework) = &mut mesos.framework {
            self.maybe("mesos.framework.id", &mut framework.id);
            self.maybe("mesos.framework.name", &mut framework.name);
            self.maybe("mesos.framework.principal", &mut framework.principal);
            self.maybe("mesos.framework.user", &mut framework.user);
            self.maybe("mesos.framework.hostname", &mut framework.hostname);
            self.texts("mesos.framework.roles", &mut framework.roles);
        }
        if let Some(agent) = &mut mesos.agent {
            self.maybe("mesos.agent.id", &mut agent.id);
            self.maybe("mesos.agent.hostname", &mut agent.hostname);
            self.list("mesos.agent.attributes", &mut agent.attributes, |cut, attribute| {
                cut.text("mesos.agent.attributes", &mut attribute.key);
                cut.text("mesos.agent.attributes", &mut attribute.value);
            });
            self.resources("mesos.agent.resources", agent.resources.as_deref_mut());
        }
        if let Some(task) = &mut mesos.task {
            self.maybe("mesos.task.id", &mut task.id);
            self.maybe("mesos.task.name", &mut task.name);
            self.maybe("mesos.task.user", &mut task.user);
            self.list("mesos.task.labels", &mut task.labels, |cut, label| {
                cut.text("mesos.task.labels", &mut label.key);
            });
            self.command("mesos.task.command", task.command.as_deref_mut());
            self.resources("mesos.task.resources", task.resources.as_mut());
        }
        if let Some(executor) = &mut mesos.executor {
            self.maybe("mesos.executor.id", &mut executor.id);
            self.maybe("mesos.executor.name", &mut executor.name);
            self.maybe("mesos.executor.user", &mut executor.user);
            self.command("mesos.executor.command", executor.command.as_deref_mut());
            self.resources("mesos.executor.resources", executor.resources.as_mut());
        }
        if let Some(container) = &mut mesos.container {
            self.maybe("mesos.container.id", &mut container.id);
            self.maybe("mesos.container.name", &mut container.name);
            self.maybe("mesos.container.image", &mut container.image);
            self.maybe("mesos.container.user", &mut container.user);
            self.maybe("mesos.container.directory", &mut container.directory);
            self.command("mesos.container.command", container.command.as_deref_mut());
        }
    }

    fn decisions(&mut self, event: &mut AuditEvent<'_>) {
        let mesos = &mut event.mesos;
        if let Some(authn) = &mut mesos.authn {
            self.maybe("mesos.authn.scheme", &mut authn.scheme);
            self.maybe("mesos.authn.realm", &mut authn.realm);
            self.list("mesos.authn.claims", &mut authn.claims, |cut, claim| {
                cut.text("mesos.authn.claims", &mut claim.value);
            });
        }
        if let Some(authz) = &mut mesos.authz {
            self.maybe("mesos.authz.object", &mut authz.object);
            self.maybe("mesos.authz.role", &mut authz.role);
            if let Some(resource) = &mut authz.resource {
                self.resource("mesos.authz.resource", resource);
            }
            if let Some(machine) = &mut authz.machine {
                self.maybe("mesos.authz.machine.hostname", &mut machine.hostname);
                self.maybe("mesos.authz.machine.ip", &mut machine.ip);
            }
            self.list("mesos.authz.claims", &mut authz.claims, |cut, claim| {
                cut.text("mesos.authz.claims", &mut claim.value);
            });
        }
        if let Some(api) = &mut mesos.api {
            self.maybe("mesos.api.call_type", &mut api.call_type);
        }
        if let Some(module) = &mut mesos.module {
            self.texts("mesos.module.parameters", &mut module.parameters);
        }
        if let Some(config) = mesos.audit.as_mut().and_then(|audit| audit.config.as_mut()) {
            self.maybe("mesos.audit.config.path", &mut config.path);
        }
        if let Some(chain) = mesos.audit.as_mut().and_then(|audit| audit.chain.as_mut()) {
            self.owned("mesos.audit.chain.previous_file", &mut chain.previous_file);
            self.owned("mesos.audit.chain.key", &mut chain.key);
        }
    }

    fn command(&mut self, path: &'static str, command: Option<&mut super::mesos::Command<'_>>) {
        if let Some(command) = command {
            self.maybe(path, &mut command.line);
            self.texts(path, &mut command.uris);
        }
    }

    fn allocation(&mut self, event: &mut AuditEvent<'_>) {
        let Some(allocation) = event.mesos.allocation.as_deref_mut() else { return };
        self.resources("mesos.allocation.resources", allocation.resources.as_mut());
        self.texts("mesos.allocation.suppressed_roles", &mut allocation.suppressed_roles);
        self.texts("mesos.allocation.roles", &mut allocation.roles);
        self.texts("mesos.allocation.hosts", &mut allocation.hosts);
        self.list("mesos.allocation.operations", &mut allocation.operations, |cut, operation| {
            for list in [&mut operation.consumed, &mut operation.converted] {
                // Lists in a list: with the outer one's length their sum would be its square.
                let limits = cut.limits;
                cut.limits.list = limits.list.div_ceil(4);
                cut.list("mesos.allocation.operations", list, |cut, resource| {
                    cut.resource("mesos.allocation.operations", resource);
                });
                cut.limits = limits;
            }
        });
    }

    fn resource(&mut self, path: &'static str, resource: &mut super::mesos::AuthzResource<'_>) {
        self.maybe(path, &mut resource.name);
        self.maybe(path, &mut resource.role);
        self.maybe(path, &mut resource.principal);
        self.maybe(path, &mut resource.volume_id);
    }

    fn resources(&mut self, path: &'static str, resources: Option<&mut super::mesos::Resources<'_>>) {
        if let Some(resources) = resources {
            self.maybe(path, &mut resources.ports);
        }
    }
}
