//! Mesos's own words, and what somebody may have put into them.

use super::*;
use crate::event::ecs::{EventType, Outcome};

/// The event of a line, as a record of the bridge.
fn event(severity: u64, file: &str, text: &str) -> Draft<'static> {
    let mut fields = Vec::new();
    let mut bytes = |number: u32, value: &[u8]| {
        prost::encoding::encode_key(number, prost::encoding::WireType::LengthDelimited, &mut fields);
        prost::encoding::encode_varint(value.len() as u64, &mut fields);
        fields.extend_from_slice(value);
    };
    bytes(record::FILE, file.as_bytes());
    bytes(record::TEXT, text.as_bytes());
    for (number, value) in
        [(record::SEVERITY, severity), (record::LINE, 42), (record::TEXT_BYTES, text.len() as u64)]
    {
        prost::encoding::encode_key(number, prost::encoding::WireType::Varint, &mut fields);
        prost::encoding::encode_varint(value, &mut fields);
    }
    line(Box::leak(fields.into_boxed_slice())).unwrap()
}

/// Every line that is recognised, as Mesos 1.11.0 writes it.
const LINES: &[(u64, &str, &str, Action)] = &[
    (
        0,
        "master.cpp",
        "Authentication of scheduler-1@127.0.0.1:1 was unsuccessful: Invalid credentials",
        Action::AuthenticationRefused,
    ),
    (
        0,
        "master.cpp",
        "Authentication of slave(1)@127.0.0.1:1 was discarded",
        Action::AuthenticationDiscarded,
    ),
    (
        0,
        "master.cpp",
        "Refusing subscription of framework 'batch' at scheduler-1@127.0.0.1:1: Not authorized to use role 'web'",
        Action::FrameworkRefused,
    ),
    (
        0,
        "master.cpp",
        "Refusing re-registration request of framework 'old' at scheduler-1@127.0.0.1:1: Re-registering without an 'id'",
        Action::FrameworkRefused,
    ),
    (
        2,
        "master.cpp",
        "Disallowing subscription attempt of framework F-1 (batch) because it is not expected from http",
        Action::FrameworkRefused,
    ),
    (
        1,
        "master.cpp",
        "Refusing registration of agent at slave(1)@127.0.0.1:5051 because it is not authenticated",
        Action::AgentRefused,
    ),
    (
        1,
        "master.cpp",
        "Refusing re-registration of agent S-1 at slave(1)@127.0.0.1:5051 (node): Authorization failure",
        Action::AgentRefused,
    ),
    (1, "authenticator.cpp", "Authentication failure: authentication failure", Action::AuthenticationRefused),
    (2, "authenticator.cpp", "Authentication error: generic failure", Action::AuthenticationFailed),
    (
        1,
        "master.cpp",
        "An error ocurred while attempting to authenticate slave(1)@127.0.0.1:5051: no",
        Action::AuthenticationFailed,
    ),
    (
        2,
        "master.cpp",
        "Received authentication request from slave(1)@127.0.0.1:5051 but authenticator is not loaded",
        Action::AuthenticationFailed,
    ),
    (
        1,
        "slave.cpp",
        "Failed to authenticate with master master@127.0.0.1:5050: future discarded",
        Action::AuthenticationFailed,
    ),
    (
        1,
        "combined_authenticator.cpp",
        "HTTP authenticator for scheme 'x' returned a result with 2 members set, which is an error",
        Action::AuthenticationFailed,
    ),
    (1, "master.cpp", "Authentication timed out", Action::AuthenticationTimedOut),
    (
        1,
        "master.cpp",
        "Only non-authenticating frameworks and agents are allowed to connect. Authentication is disabled: no",
        Action::AuthenticationDisabled,
    ),
    (
        1,
        "credentials.hpp",
        "Permissions on credentials file '/etc/mesos/c' are too open; it is recommended",
        Action::CredentialsExposed,
    ),
    (
        1,
        "http.hpp",
        "Failed to authorize principal  'ops' for action VIEW_ROLE: gone",
        Action::ApproverFailed,
    ),
    (
        1,
        "http.hpp",
        "Attempted to authorize principal  'ops' for unexpected action VIEW_ROLE",
        Action::ApproverFailed,
    ),
    (
        1,
        "authorizer.cpp",
        "Authorization for action '99' is not defined and therefore not authorized",
        Action::ApproverFailed,
    ),
    (
        2,
        "slave.cpp",
        "Authorization failed for task 't-1' of framework F-1: Framework F-1 is not authorized to launch task name: \"n\"\ntask_id {\n  value: \"t-1\"\n}",
        Action::TaskRefused,
    ),
    (
        1,
        "master.cpp",
        "Dropping message mesos.internal.X from scheduler-1@127.0.0.1:1(batch): capacity(5) exceeded",
        Action::MessageRateLimited,
    ),
    (
        1,
        "master.cpp",
        "Ignoring launch tasks message for offers [ O1 ] from 'x@127.0.0.1:1' because it is not from the registered framework F-1",
        Action::SenderRefused,
    ),
    (
        1,
        "slave.cpp",
        "Ignoring shutdown message from x@127.0.0.1:1 because it is not from the registered master: None",
        Action::SenderRefused,
    ),
    (
        1,
        "master.cpp",
        "Dropping ACCEPT call from framework F-1 at x@127.0.0.1:1: Call is not from registered framework",
        Action::SenderRefused,
    ),
    (1, "manager.cpp", "Master label decorator hook failed for module 'x': no", Action::HookFailed),
    (1, "master.cpp", "Something else", Action::ErrorLogged),
    (1, "elsewhere.cpp", "Authentication timed out", Action::ErrorLogged),
    (3, "master.cpp", "Check failed: x", Action::ErrorLogged),
];

#[test]
fn lines_are_recognised_by_file_and_words() {
    for (severity, file, text, action) in LINES {
        let draft = event(*severity, file, text);
        assert_eq!(draft.action, *action, "{text}");
        let log = draft.log.unwrap();
        assert_eq!((&*log.origin.file.name, log.origin.file.line), (*file, 42));
        let refused = action.types() == [EventType::Denied];
        assert_eq!(draft.outcome == Some(Outcome::Failure), refused, "{text}");
        let is_info = *severity == 0;
        assert_eq!(is_security_info(file.as_bytes(), text.as_bytes()), is_info, "{text}");
    }
    // Every kind of line has an example above.
    for action in Action::ALL.into_iter().filter(|action| {
        action.types() == [EventType::Denied]
            || (action.is_of_mesos() && action.types() == [EventType::Error])
    }) {
        let known = LINES.iter().any(|(.., one)| *one == action);
        assert!(known || action == Action::AuditRecordUnreadable, "no line for {action}");
    }
}

#[test]
fn what_a_line_names_is_named_in_fields() {
    let of = |index: usize| event(LINES[index].0, LINES[index].1, LINES[index].2);
    let source = of(0).source.unwrap();
    assert_eq!((source.ip.as_deref(), source.port), (Some("127.0.0.1"), Some(1)));
    assert_eq!(of(2).mesos.framework.unwrap().name.as_deref(), Some("batch"));
    let agent = of(6);
    assert_eq!(agent.mesos.agent.unwrap().id.as_deref(), Some("S-1"));
    assert_eq!(agent.source.unwrap().port, Some(5051));
    assert!(of(5).mesos.agent.is_none(), "an agent without an id");
    let approver = of(16);
    assert_eq!(&*approver.user.unwrap().name, "ops");
    assert_eq!(approver.mesos.authz.unwrap().action.as_deref(), Some("VIEW_ROLE"));
    let task = of(19);
    assert_eq!(task.mesos.task.unwrap().id.as_deref(), Some("t-1"));
    assert_eq!(task.mesos.framework.unwrap().id.as_deref(), Some("F-1"));
    assert_eq!(task.mesos.truncated, ["error.message"]);
    for index in [20, 21, 22] {
        assert_eq!(
            of(index).source.unwrap_or_default().ip.as_deref(),
            Some("127.0.0.1"),
            "{}",
            LINES[index].2
        );
    }
}

#[test]
fn names_in_a_line_are_not_taken_for_mesoss_words() {
    let text = "Refusing subscription of framework 'x' at evil@10.9.9.9:1: y' at scheduler-1@127.0.0.1:1: no";
    let draft = event(0, "master.cpp", text);
    assert!(draft.source.is_none(), "a framework can write an address into its name");
    let text = "Authorization failed for task 'a' of framework F-9: b' of framework F-1: no";
    let draft = event(2, "slave.cpp", text);
    assert!(draft.mesos.task.is_none() && draft.mesos.framework.is_none());
}

#[test]
fn no_whole_message_is_told() {
    let secret = "name: \"web\"\ntask_id {\n  value: \"t\"\n}\ncommand {\n  environment {\n    variables {\n      name: \"PASSWORD\"\n      value: \"canary\"\n    }\n  }\n}\n";
    for text in [
        format!(
            "Authorization failed for task 't' of framework F: Framework F is not authorized to launch task {secret}"
        ),
        format!(
            "Authorization failed for task group containing tasks [ t ] of framework F: Framework F is not authorized to launch task {secret}"
        ),
        format!("Something that prints a task: {secret}"),
        format!("The same on one line: {}", secret.replace('\n', " ")),
        "As JSON: {\"environment\": [\"canary\"]}".to_owned(),
    ] {
        let draft = event(2, "slave.cpp", &text);
        let message = draft.error.unwrap().message;
        assert!(
            !message.contains("canary") && !message.contains("PASSWORD") && !message.is_empty(),
            "{message}"
        );
        assert_eq!(draft.mesos.truncated, ["error.message"]);
    }
}

#[test]
fn a_warning_between_rows_of_asterisks_is_told_by_its_words() {
    let row = "*".repeat(50);
    let text = format!("\n{row}\nMaster bound to loopback interface! Cannot communicate.\n{row}");
    let draft = event(1, "master.cpp", &text);
    assert_eq!(draft.error.unwrap().message, "Master bound to loopback interface! Cannot communicate.");
    let secret = format!("{row}\nname: \"PASSWORD\"\nvalue: \"canary\"\n}}");
    assert!(!event(1, "master.cpp", &secret).error.unwrap().message.contains("canary"));
}

#[test]
fn secrets_in_a_line_are_scrubbed() {
    let draft = event(
        1,
        "fetcher.cpp",
        "Failed to fetch http://user:canary@host/x?token=canary with --password canary",
    );
    let message = draft.error.unwrap().message;
    assert!(message.contains("Failed to fetch") && !message.contains("canary"), "{message}");
}

#[test]
fn info_is_no_event_without_a_word_of_security() {
    for text in [
        "",
        "Authentication",
        "Refusing to say",
        "Sending 1 offers to framework F",
        "Authentication of \u{fffd}",
    ] {
        assert!(!is_security_info(b"master.cpp", text.as_bytes()), "{text}");
    }
    assert!(!is_security_info(b"slave.cpp", b"Refusing subscription of framework 'x'"));
    assert!(!is_security_info(b"\xff", b"Refusing subscription of framework 'x'"));
    assert!(is_security_info(b"master.cpp", b"Refusing subscription of framework '\xff'"));
}
