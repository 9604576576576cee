//! The classes of Mesos's fields as a table.

use mesos_audit_core::redact::{Class, FIELDS};

/// One row per message: what of it is read, and what is not.
pub(super) fn classes() -> String {
    let mut out = String::from(
        "Fields in bold are read; the others are not, whatever their class. `*` is all that is not named.\n\n\
         | message | public | identifying | text | sensitive | secret |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    let mut messages: Vec<_> = FIELDS.iter().map(|field| field.message).collect();
    messages.dedup();
    for message in messages {
        let cell = |class: Class| {
            let fields = FIELDS.iter().filter(|field| field.message == message && field.class == class);
            let names: Vec<_> =
                fields
                    .map(|field| {
                        if field.read { format!("**`{}`**", field.name) } else { format!("`{}`", field.name) }
                    })
                    .collect();
            names.join(", ")
        };
        let [public, identifying, text, sensitive, secret] =
            [Class::Public, Class::Identifying, Class::Text, Class::Sensitive, Class::Secret].map(cell);
        out += &format!("| `{message}` | {public} | {identifying} | {text} | {sensitive} | {secret} |\n");
    }
    out
}
