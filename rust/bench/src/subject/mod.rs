//! Who is measured: ourselves, others, and what the machine itself can do.

mod channel;
mod floor;
mod structured;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::{
    event::{Event, Kind},
    ours::{self, Form, Full, Ours},
    raw::Foreign,
};
use channel::Lines;

/// Everybody. Each is measured in processes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Name {
    /// mesos-audit, from Mesos's call of the approver to the file.
    Module,
    /// mesos-audit's pipeline, with a record that is serialised already.
    Ours,
    /// The same, written as FlatBuffers.
    Frames,
    /// glog, which Mesos logs with: a line of text, written at once.
    Glog,
    /// tracing with tracing-appender: JSON, non-blocking.
    Tracing,
    /// spdlog: asynchronous, blocking when its queue is full.
    Spdlog,
    /// crossbeam-channel and serde_json: what one would write first.
    Channel,
    /// The same, with the line that mesos-audit writes.
    #[value(name = "channel-same")]
    SameChannel,
    /// glog with a line that is as long.
    #[value(name = "glog-same")]
    SameGlog,
    /// spdlog with a line that is as long.
    #[value(name = "spdlog-same")]
    SameSpdlog,
    /// Nothing but a copy of the record and one atomic addition.
    Copy,
    /// Nothing but write(2) to the page cache, 256 KiB at a time.
    Write,
    /// The same with a line that is as long.
    #[value(name = "write-same")]
    SameWrite,
    /// Nothing: what the clock and the machine make of it.
    Nothing,
}

impl Name {
    /// On the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Ours => "ours",
            Self::Frames => "frames",
            Self::Glog => "glog",
            Self::Tracing => "tracing",
            Self::Spdlog => "spdlog",
            Self::Channel => "channel",
            Self::SameChannel => "channel-same",
            Self::SameGlog => "glog-same",
            Self::SameSpdlog => "spdlog-same",
            Self::Copy => "copy",
            Self::Write => "write",
            Self::SameWrite => "write-same",
            Self::Nothing => "nothing",
        }
    }
}

/// One of them, ready to be called. None has a lock or a branch of ours on the way.
#[derive(Debug)]
pub enum Subject {
    /// See [`Name::Ours`].
    Ours(Ours, Vec<u8>),
    /// C++.
    Foreign(Foreign),
    /// See [`Name::Tracing`].
    Tracing(structured::Tracing),
    /// See [`Name::Channel`].
    Channel(channel::Channel),
    /// See [`Name::Copy`].
    Copy(floor::Copy),
    /// See [`Name::Write`].
    Write(floor::Write),
    /// See [`Name::Nothing`].
    Nothing,
}

impl Subject {
    /// Opens it on `folder`, for events of that kind.
    ///
    /// # Errors
    /// It cannot start.
    pub fn open(name: Name, folder: &Path, kind: Kind, full: Full) -> Result<Self, String> {
        let event = Event::at(0, kind);
        let foreign = |settings: &str| Foreign::open(&library(name)?, folder, settings, &event);
        let longer = || Ok::<_, String>((ours::line(&event)?.len() - event.line()?.len()).to_string());
        Ok(match name {
            // What it asks is in peers/module.cpp.
            Name::Module if kind != Kind::Launch => return Err("the module launches tasks only".to_owned()),
            Name::Module => {
                let settings = ours::configure(folder, full, Form::Lines)?;
                Self::Foreign(foreign(&settings.display().to_string())?)
            }
            Name::Glog | Name::Spdlog => Self::Foreign(foreign("")?),
            Name::SameGlog | Name::SameSpdlog => Self::Foreign(foreign(&longer()?)?),
            Name::Ours => Self::Ours(Ours::start(folder, full, Form::Lines)?, event.record()),
            Name::Frames => Self::Ours(Ours::start(folder, full, Form::Frames)?, event.record()),
            Name::Tracing => Self::Tracing(structured::Tracing::open(folder)),
            Name::Channel => Self::Channel(channel::Channel::open(folder, Lines::Short)?),
            Name::SameChannel => Self::Channel(channel::Channel::open(folder, Lines::Same)?),
            Name::Copy => Self::Copy(floor::Copy::new(event.record())),
            Name::Write => Self::Write(floor::Write::open(folder, event.line()?)?),
            Name::SameWrite => Self::Write(floor::Write::open(folder, ours::line(&event)?)?),
            Name::Nothing => Self::Nothing,
        })
    }

    /// Records one event.
    #[inline]
    pub fn emit(&self, event: &Event) {
        match self {
            Self::Ours(ours, record) => ours.submit(event, record),
            Self::Foreign(foreign) => foreign.emit(event),
            Self::Tracing(_) => structured::emit(event),
            Self::Channel(channel) => channel.emit(event),
            Self::Copy(copy) => copy.emit(),
            Self::Write(write) => write.emit(),
            Self::Nothing => {}
        }
    }

    /// Called by each thread that has emitted, when it is done.
    ///
    /// # Errors
    /// Something cannot be written.
    pub fn finish_thread(&self) -> Result<(), String> {
        match self {
            Self::Write(write) => write.finish_thread().map_err(|error| error.to_string()),
            _ => Ok(()),
        }
    }

    /// Called when all threads are done: those that can say when all is written do.
    pub fn flush(&self) {
        match self {
            Self::Ours(ours, _) => ours.drain(),
            Self::Foreign(foreign) => foreign.flush(),
            _ => {}
        }
    }

    /// What it says itself that it lost.
    #[must_use]
    pub fn lost(&self) -> u64 {
        if let Self::Ours(ours, _) = self { ours.lost() } else { 0 }
    }
}

/// Where `cargo xtask bench` puts the peers that are in C++.
fn library(name: Name) -> Result<PathBuf, String> {
    let folder = std::env::var_os("MESOS_AUDIT_BENCH_PEERS")
        .ok_or("MESOS_AUDIT_BENCH_PEERS is not set: run `cargo xtask bench`")?;
    let library = name.key().trim_end_matches("-same");
    Ok(Path::new(&folder).join(format!("libpeer_{library}.so")))
}
