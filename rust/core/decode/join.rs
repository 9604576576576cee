//! What joins the events of one task, in the master's log and in the agents'.
//!
//! One id, of nothing but ids that both know: no clock, no coordination, no state. docs/events.md, "How events join",
//! says which event has it and how to compute it elsewhere.

use ascii::AsciiStr;

use crate::event::{
    Draft, Text,
    ecs::Trace,
    mesos::{Container, Mesos},
};

/// BLAKE3's key: keeps this use of the hash apart from any other. Part of the format: never to be changed.
const KEY: &[u8; 32] = b"mesos-audit trace.id version one";

/// Adds what the event implies: ids that only a sandbox's path tells, and the trace.
pub(super) fn join(draft: &mut Draft<'_>) {
    let mesos = &mut draft.mesos;
    if mesos.framework.is_none()
        && mesos.container.as_ref().is_some_and(|container| container.directory.is_some())
    {
        read_sandbox(mesos);
    }
    let framework = mesos.framework.as_ref().and_then(|framework| framework.id.as_deref());
    let task = mesos.task.as_ref().and_then(|task| task.id.as_deref());
    // The executor that Mesos makes for a task without one has the task's id, so what is told of that executor alone is of
    // the task as well.
    let executor = || mesos.executor.as_ref().and_then(|executor| executor.id.as_deref());
    if let (Some(framework), Some(task)) = (framework, task.or_else(executor)) {
        draft.trace = Some(Trace { id: trace_id(framework, task).into() });
    }
}

/// `trace.id` of a task: 32 hexadecimal digits, the first half of BLAKE3, keyed, over framework id, NUL and task id.
#[must_use]
pub fn trace_id(framework: &str, task: &str) -> String {
    let digits = trace_digits(framework.as_bytes(), task.as_bytes());
    AsciiStr::from_ascii(&digits).map_or_else(|_| String::new(), |digits| digits.as_str().to_owned())
}

/// The same, as digits.
pub(super) fn trace_digits(framework: &[u8], task: &[u8]) -> [u8; 32] {
    // At once: a hasher that takes it piece by piece is two kilobytes to be set up.
    const NEARLY_ALL: usize = 256;
    let length = framework.len() + 1 + task.len();
    let hash = if length <= NEARLY_ALL {
        let mut bytes = [0; NEARLY_ALL];
        bytes[..framework.len()].copy_from_slice(framework);
        bytes[framework.len() + 1..length].copy_from_slice(task);
        blake3::keyed_hash(KEY, &bytes[..length])
    } else {
        blake3::Hasher::new_keyed(KEY).update(framework).update(&[0]).update(task).finalize()
    };
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [0; 32];
    for (two, byte) in digits.as_chunks_mut().0.iter_mut().zip(hash.as_bytes()) {
        *two = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    }
    digits
}

/// Of a path as src/slave/paths.hpp lays it out: `.../slaves/S/frameworks/F/executors/E/runs/C`, and below that
/// `containers/N` for nested ones. Ids have no slash (src/common/validation.cpp), so nobody can write such a path into one.
fn read_sandbox(mesos: &mut Mesos<'_>) {
    let directory = |container: &Container<'_>| container.directory.as_deref().map(str::to_owned);
    let Some(path) = mesos.container.as_deref().and_then(directory) else { return };
    let parts: Vec<_> = path.split('/').collect();
    let found = parts.windows(8).rev().find_map(|part| match part {
        ["slaves", agent, "frameworks", framework, "executors", executor, "runs", _] => {
            Some([*agent, *framework, *executor])
        }
        _ => None,
    });
    let Some(ids) = found.filter(|ids| ids.iter().all(|id| !id.is_empty())) else { return };
    let [agent, framework, executor] = ids.map(|id| Some(Text::Owned(id.to_owned())));
    mesos.agent.get_or_insert_default().id = agent;
    mesos.framework.get_or_insert_default().id = framework;
    mesos.executor.get_or_insert_default().id = executor;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::event::{
        Action,
        mesos::{Executor, Framework, Task},
    };

    /// As every other implementation must have it: `printf 'F-1\0t-1' | b3sum --keyed ...`. Never to be changed.
    #[test]
    fn the_id_is_a_format() {
        let id = trace_id("F-1", "t-1");
        assert_eq!(id, "3cf2a292172ec61e40fb691a0c4fd2a8");
        assert_ne!(trace_id("F-1t", "-1"), id);
        assert_ne!(trace_id("F-1", "t-2"), id);
    }

    #[test]
    fn the_id_is_the_same_however_long_the_ids_are() {
        for length in [0, 1, 63, 64, 126, 127, 128, 129, 2000] {
            let (framework, task) = ("f".repeat(length), "t".repeat(128));
            let whole = blake3::keyed_hash(KEY, format!("{framework}\0{task}").as_bytes());
            assert_eq!(trace_id(&framework, &task), whole.to_hex()[..32], "of {length}");
        }
    }

    fn draft(
        framework: Option<&'static str>,
        task: Option<&'static str>,
        executor: Option<&'static str>,
    ) -> Draft<'static> {
        let mut draft = Draft::at(Timestamp::default(), Action::TaskLaunch);
        let text = |id: &'static str| Some(id.into());
        draft.mesos.framework = framework.map(|id| Framework { id: text(id), ..Framework::default() });
        draft.mesos.task = task.map(|id| Task { id: text(id), ..Task::default() });
        draft.mesos.executor = executor.map(|id| Executor { id: text(id), ..Executor::default() });
        join(&mut draft);
        draft
    }

    #[test]
    fn a_task_has_one_trace_and_so_has_its_own_executor() {
        let id = |draft: Draft<'static>| draft.trace.map(|trace| trace.id.into_owned());
        let task = id(draft(Some("F"), Some("t"), Some("pod")));
        assert_eq!(task, Some(trace_id("F", "t")));
        assert_eq!(id(draft(Some("F"), None, Some("t"))), task, "a command task's executor");
        assert_ne!(id(draft(Some("F"), None, Some("pod"))), task, "an executor of many tasks");
        assert_ne!(id(draft(Some("G"), Some("t"), None)), task);
        assert_eq!(id(draft(None, Some("t"), None)), None, "whose task is not known");
        assert_eq!(id(draft(Some("F"), None, None)), None);
    }

    #[test]
    fn a_sandbox_tells_whose_it_is() {
        let read = |path: &'static str| {
            let mut draft = Draft::at(Timestamp::default(), Action::ContainerFetched);
            draft.mesos.container.get_or_insert_default().directory = Some(path.into());
            join(&mut draft);
            (draft.mesos.framework.and_then(|framework| framework.id), draft.trace.map(|trace| trace.id))
        };
        let expected = (Some("F-0001".into()), Some(trace_id("F-0001", "web.1").into()));
        for path in [
            "/var/lib/mesos/slaves/S1/frameworks/F-0001/executors/web.1/runs/c1",
            "/slaves/x/slaves/S1/frameworks/F-0001/executors/web.1/runs/c1/containers/slaves/containers/n",
        ] {
            assert_eq!(read(path), expected, "{path}");
        }
        for path in
            ["", "/sandbox", "/slaves/S/frameworks//executors/e/runs/c", "/slaves/S/frameworks/F/executors/e"]
        {
            assert_eq!(read(path), (None, None), "{path}");
        }
    }
}
