//! Lines of Mesos's own log (glog) as events.

mod known;
mod text;

use super::{
    authentication::peer as read_peer,
    wire::{Fields, Result, numbers::record::record},
};
use crate::clock::Timestamp;
use crate::event::{
    Action, Draft, Text,
    ecs::{Error, User},
    log::{Log, LogOrigin, LogOriginFile},
    mesos::Mesos,
};
use crate::redact::scrub_cut;

/// Most of a text that is kept, in bytes; what an event has no room for is cut later.
const TEXT: usize = 1024;

/// Whether a line of INFO is about security. `file` is the source file without its folder. Any thread, also inside glog's
/// lock: no allocation but for a line that is.
pub fn is_security_info(file: &[u8], text: &[u8]) -> bool {
    known::is_security_info(file, text)
}

pub(super) fn line(fields: &[u8]) -> Result<Draft<'_>> {
    let (mut severity, mut file, mut number) = (0, Text::default(), 0);
    let (mut said, mut whole) = (Text::default(), 0);
    for field in Fields::of(fields) {
        match field? {
            (record::SEVERITY, value) => severity = value.int32()?,
            (record::FILE, value) => file = value.text()?,
            (record::LINE, value) => number = u32::try_from(value.number()?).unwrap_or_default(),
            (record::TEXT, value) => said = value.text()?,
            (record::TEXT_BYTES, value) => whole = value.number()?,
            _ => {}
        }
    }
    let known = known::known(&file, &said);
    let (kept, cut) = text::kept(&said, known.and_then(|known| known.ends_at));
    let mut draft = Draft::at(Timestamp::default(), known.map_or(Action::ErrorLogged, |known| known.action));
    draft.outcome = known.and_then(known::Known::outcome);
    name(kept, &mut draft);
    let (message, long) = scrub_cut(kept, TEXT);
    if cut || long || whole > said.len() as u64 {
        draft.mesos.truncated.push("error.message".into());
    }
    draft.error = Some(Error { message: message.into_owned().into() });
    let level = match severity {
        0 => "info",
        1 => "warning",
        2 => "error",
        _ => "fatal",
    };
    let file = LogOriginFile { name: file, line: number };
    draft.log = Some(Box::new(Log { level: level.into(), origin: LogOrigin { file } }));
    Ok(draft)
}

/// Ids and names, so that the event joins those of the same thing. What is not certain is left to the text.
fn name(line: &str, draft: &mut Draft<'_>) {
    let own = |text: &str| Some(Text::Owned(text.to_owned()));
    match draft.action {
        Action::AgentRefused => {
            address(text::peer(line, &[" agent at ", " at "]), draft);
            let id = text::word_after(line, " re-registration of agent ").filter(|id| *id != "at");
            if let Some(id) = id {
                draft.mesos.agent.get_or_insert_default().id = own(id);
            }
        }
        Action::AuthenticationRefused
        | Action::AuthenticationDiscarded
        | Action::AuthenticationFailed
        | Action::MessageRateLimited => {
            let words = ["Authentication of ", " to authenticate ", " request from ", " from "];
            address(text::peer(line, &words), draft);
        }
        Action::SenderRefused => address(text::peer(line, &[" from '", " from "]), draft),
        Action::FrameworkRefused => {
            // A name that has one of these in it is cut there; it was the framework's to choose anyway.
            let quoted = line.split_once(" framework '").map(|(_, rest)| rest);
            let end =
                quoted.and_then(|rest| [rest.find("': "), rest.find("' at ")].into_iter().flatten().min());
            if let (Some(quoted), Some(end)) = (quoted, end) {
                draft.mesos.framework.get_or_insert_default().name = own(&quoted[..end]);
            }
        }
        Action::TaskRefused => task(line, &mut draft.mesos),
        Action::ApproverFailed => {
            if let Some(principal) = text::between(line, " '", "' for action ") {
                draft.user = own(principal).map(|name| User { name });
                let action = text::word_after(line, "' for action ");
                draft.mesos.authz.get_or_insert_default().action = action.and_then(own);
            }
        }
        _ => {}
    }
}

fn task(line: &str, mesos: &mut Mesos<'_>) {
    let own = |text: &str| Some(Text::Owned(text.to_owned()));
    if let Some(id) = text::between(line, "Authorization failed for task '", "' of framework ") {
        mesos.task.get_or_insert_default().id = own(id);
        let framework = text::word_after(line, "' of framework ").and_then(own);
        if framework.is_some() {
            mesos.framework.get_or_insert_default().id = framework;
        }
    }
}

fn address(found: Option<&str>, draft: &mut Draft<'_>) {
    if let Some(found) = found {
        read_peer(Text::Owned(found.to_owned()), draft.source.get_or_insert_default());
    }
}

#[cfg(test)]
mod tests;
