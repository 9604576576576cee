//! The lines of Mesos's log that are recognised, by where they come from and how they read.
//!
//! Sources are cited of Mesos 1.11.0; what is compared is the file's name and the words that its source has as they are,
//! since line numbers change with each release.

use crate::event::{Action, ecs::Outcome};

/// What is known about a line.
#[derive(Debug)]
pub(super) struct Known {
    /// What its event is called.
    pub(super) action: Action,
    /// The source files that log it.
    files: &'static [&'static str],
    /// How it begins.
    begins: &'static str,
    /// What comes after that, somewhere.
    holds: &'static str,
    /// Whether Mesos logs it as INFO.
    is_info: bool,
    /// Whatever comes behind this is not recorded: there Mesos prints a whole message.
    pub(super) ends_at: Option<&'static str>,
}

const fn line(
    action: Action,
    files: &'static [&'static str],
    begins: &'static str,
    holds: &'static str,
) -> Known {
    Known { action, files, begins, holds, is_info: false, ends_at: None }
}

const fn info(action: Action, begins: &'static str, holds: &'static str) -> Known {
    Known { action, files: &["master.cpp"], begins, holds, is_info: true, ends_at: None }
}

/// The first that fits counts.
static KNOWN: &[Known] = &[
    // src/master/master.cpp:9807 and 9813.
    info(Action::AuthenticationRefused, "Authentication of ", " was unsuccessful"),
    info(Action::AuthenticationDiscarded, "Authentication of ", " was discarded"),
    // src/master/master.cpp:2694, 2747, 2952 and 3020; 2510 and 2537 are those of old schedulers.
    info(Action::FrameworkRefused, "Refusing subscription of framework", ""),
    info(Action::FrameworkRefused, "Refusing registration request of framework", ""),
    info(Action::FrameworkRefused, "Refusing re-registration request of framework", ""),
    // src/master/master.cpp:3154, an ERROR.
    line(Action::FrameworkRefused, &["master.cpp"], "Disallowing subscription attempt of", ""),
    // src/master/master.cpp:6239, 6322, 6341; 6564, 6594, 6677, 6696, 6718, 6924, 7234, 7299.
    line(Action::AgentRefused, &["master.cpp"], "Refusing registration of agent", ""),
    line(Action::AgentRefused, &["master.cpp"], "Refusing re-registration of agent", ""),
    // src/authentication/cram_md5/authenticator.cpp:332 and 338.
    line(Action::AuthenticationRefused, &["authenticator.cpp"], "Authentication failure: ", ""),
    line(Action::AuthenticationFailed, &["authenticator.cpp"], "Authentication error: ", ""),
    // src/master/master.cpp:9810 (the misspelling is Mesos's) and 9749.
    line(Action::AuthenticationFailed, &["master.cpp"], "An error oc", " while attempting to authenticate"),
    line(
        Action::AuthenticationFailed,
        &["master.cpp"],
        "Received authentication request from ",
        "authenticator is not loaded",
    ),
    // src/slave/slave.cpp:1633.
    line(Action::AuthenticationFailed, &["slave.cpp"], "Failed to authenticate with master", ""),
    // src/authentication/http/combined_authenticator.cpp:313.
    line(
        Action::AuthenticationFailed,
        &["combined_authenticator.cpp"],
        "HTTP authenticator for scheme ",
        "which is an error",
    ),
    // src/master/master.cpp:9826, src/slave/slave.cpp:1603.
    line(Action::AuthenticationTimedOut, &["master.cpp", "slave.cpp"], "Authentication timed out", ""),
    // src/master/master.cpp:588.
    line(
        Action::AuthenticationDisabled,
        &["master.cpp"],
        "Only non-authenticating frameworks and agents",
        "",
    ),
    // src/credentials/credentials.hpp:52 and 88, src/slave/slave.cpp:365, src/slave/main.cpp:556, src/local/local.cpp:478.
    line(
        Action::CredentialsExposed,
        &["credentials.hpp", "slave.cpp", "main.cpp", "local.cpp"],
        "Permissions on ",
        " are too open",
    ),
    // src/common/http.hpp:409 and 379, src/authorizer/local/authorizer.cpp:443.
    line(Action::ApproverFailed, &["http.hpp"], "Failed to authorize principal", " for action "),
    line(
        Action::ApproverFailed,
        &["http.hpp"],
        "Attempted to authorize principal",
        " for unexpected action ",
    ),
    line(Action::ApproverFailed, &["authorizer.cpp"], "Authorization for action ", " is not defined"),
    // src/slave/slave.cpp:2724; the error that it quotes ends in a whole TaskInfo (2797).
    Known {
        action: Action::TaskRefused,
        files: &["slave.cpp"],
        begins: "Authorization failed for ",
        holds: "",
        is_info: false,
        ends_at: Some(" is not authorized to launch task"),
    },
    // src/master/master.cpp:1634.
    line(Action::MessageRateLimited, &["master.cpp"], "Dropping message ", " exceeded"),
    // src/master/master.cpp:3738 and others of its kind, 2393; src/slave/slave.cpp:1032, 4280, 7399.
    line(Action::SenderRefused, &["master.cpp", "slave.cpp"], "", " is not from the registered "),
    line(Action::SenderRefused, &["master.cpp"], "Dropping ", " is not from registered framework"),
    // src/hook/manager.cpp: 132, 158, 173, 199, 223, 286, 303, 332, 360, 388.
    line(Action::HookFailed, &["manager.cpp"], "", " hook failed for "),
];

impl Known {
    fn is(&self, file: &str, text: &str) -> bool {
        text.starts_with(self.begins)
            && self.files.contains(&file)
            && text.get(self.begins.len()..).is_some_and(|rest| rest.contains(self.holds))
    }

    /// What the line says of an outcome: a refusal is a failure.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        use Action::{
            AgentRefused, AuthenticationRefused, FrameworkRefused, MessageRateLimited, SenderRefused,
            TaskRefused,
        };
        let refusal = matches!(
            self.action,
            AgentRefused
                | AuthenticationRefused
                | FrameworkRefused
                | MessageRateLimited
                | SenderRefused
                | TaskRefused
        );
        refusal.then_some(Outcome::Failure)
    }
}

/// What is known about a line.
pub(super) fn known(file: &str, text: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.is(file, text))
}

/// Whether it is a line about security that Mesos logs as INFO. Asked for every line of that severity, inside glog's lock:
/// most are told by their file or their first letters.
pub(super) fn is_security_info(file: &[u8], text: &[u8]) -> bool {
    KNOWN.iter().filter(|known| known.is_info).any(|known| {
        text.starts_with(known.begins.as_bytes())
            && known.files.iter().any(|name| name.as_bytes() == file)
            && known.is(str::from_utf8(file).unwrap_or_default(), &String::from_utf8_lossy(text))
    })
}
