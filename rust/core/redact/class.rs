//! What is secret of Mesos, and what is not: `schema/classification.toml` as a table.

/// How much may be known of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Recorded as it is.
    Public,
    /// Who or where: recorded as it is, or as a keyed hash where `redact.hash` says so.
    Identifying,
    /// Written by people: recorded only without what looks like a secret.
    Text,
    /// Recorded as a keyed hash only; without a key not at all.
    Sensitive,
    /// Never read.
    Secret,
}

impl Class {
    /// Its name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Class::Public => "public",
            Class::Identifying => "identifying",
            Class::Text => "text",
            Class::Sensitive => "sensitive",
            Class::Secret => "secret",
        }
    }
}

/// A field of a message or a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The message, by the name that it has in `schema/`: `mesos.TaskInfo`.
    pub message: &'static str,
    /// The field; `*` is all that are not named.
    pub name: &'static str,
    /// Its class.
    pub class: Class,
    /// Whether the protobuf subset declares it.
    pub read: bool,
}

/// All of them, by message.
pub const FIELDS: &[Field] = include!(concat!(env!("OUT_DIR"), "/classification.rs"));

/// The class of a field; none where nobody has thought of it.
#[must_use]
pub fn class(message: &str, field: &str) -> Option<Class> {
    let of = |name: &str| FIELDS.iter().find(|one| one.message == message && one.name == name);
    of(field).or_else(|| of("*")).map(|one| one.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_read() {
        assert!(FIELDS.iter().any(|field| field.read));
        for field in FIELDS {
            assert!(!(field.read && field.class == Class::Secret), "{field:?}");
        }
    }

    /// What must never be in a log, whatever else is decided.
    #[test]
    fn what_must_never_be_read_is_secret() {
        for (message, field) in [
            ("mesos.Environment.Variable", "value"),
            ("mesos.Secret.Value", "data"),
            ("mesos.Credential", "secret"),
            ("mesos.Parameter", "value"),
            ("mesos.TaskInfo", "data"),
            ("mesos.ExecutorInfo", "data"),
            ("mesos.TaskStatus", "data"),
            ("mesos.Volume.Source.CSIVolume.StaticProvisioning.VolumeContextEntry", "value"),
            ("mesos.Volume.Source.CSIVolume.VolumeCapability.MountVolume", "mount_flags"),
            ("principal.claims", "sub"),
            ("calls.Master", "read_file"),
            ("calls.Scheduler", "message"),
            ("http.Request", "body"),
            ("http.Request", "query_values"),
            ("http.Request", "header Authorization"),
            ("http.Request", "header Mesos-Stream-Id"),
        ] {
            assert_eq!(class(message, field), Some(Class::Secret), "{message}.{field}");
        }
        assert_eq!(class("mesos.TaskInfo", "brand_new"), None);
    }
}
