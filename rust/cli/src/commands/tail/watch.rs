//! `tail --follow`: what is there, then what comes.

use std::{
    fs::File,
    io::{self, ErrorKind},
    os::fd::AsFd,
    path::Path,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{
    Args, Show,
    once::{one, start, unreadable},
    show::Strangers,
};
use crate::{
    reader::{Follow, Happening, Start},
    report::{Status, complain, note},
};

const INTERVAL: Duration = Duration::from_millis(100);

struct Watched {
    follow: Follow,
    strangers: Strangers,
}

pub(crate) fn run(args: &Args, show: &mut Show) -> io::Result<Status> {
    let mut status = Status::Fine;
    let mut watched = Vec::new();
    for path in &args.files {
        match open(path, args, show) {
            Ok(Some(follow)) => {
                let mut new = Watched { follow, strangers: Strangers::new(path.display()) };
                advance(&mut new, show)?;
                watched.push(new);
            }
            // Nothing that could be followed by name: to its end, once.
            Ok(None) => status = status.max(one(path, args, show)?),
            Err(error) => status = status.max(unreadable(path.display(), &error)),
        }
        show.flush()?;
    }
    while !watched.is_empty() {
        wait()?;
        for one in &mut watched {
            advance(one, show)?;
        }
        show.flush()?;
    }
    Ok(status)
}

fn open(path: &Path, args: &Args, show: &Show) -> io::Result<Option<Follow>> {
    if Args::is_stdin(path.as_os_str()) {
        return Ok(None);
    }
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(Follow::new(path))),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() {
        return Ok(None);
    }
    let file = File::open(path)?;
    let base = start(&file, file.metadata()?.len(), args, show)?;
    Follow::opened(path, file, Start::Offset(base)).map(Some)
}

fn advance(watched: &mut Watched, show: &mut Show) -> io::Result<()> {
    let Watched { follow, strangers } = watched;
    let name = follow.path().display().to_string();
    follow.poll(|happening| match happening {
        Happening::Line(found) | Happening::Torn(found) => {
            show.line(&found.line, strangers, || found.number())
        }
        Happening::Missing => {
            note(format_args!("{name}: not there yet; waiting for it"));
            Ok(())
        }
        Happening::Truncated => {
            note(format_args!("{name}: became shorter; reading it from its start"));
            Ok(())
        }
        Happening::Trouble(error) => {
            complain(format_args!("{name}: {error}; trying again"));
            Ok(())
        }
    })?;
    Ok(())
}

/// Waits for the next look. Fails when nobody reads our output any more: a `| head -1` would otherwise keep us until the next event.
fn wait() -> io::Result<()> {
    let stdout = io::stdout();
    let timeout = Timespec::try_from(INTERVAL).map_err(io::Error::other)?;
    let mut fds = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
    match poll(&mut fds, Some(&timeout)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => Ok(()),
        Ok(_) if fds[0].revents().intersects(PollFlags::ERR | PollFlags::HUP) => {
            Err(ErrorKind::BrokenPipe.into())
        }
        // Something that cannot be polled.
        Ok(_) | Err(_) => {
            std::thread::sleep(INTERVAL);
            Ok(())
        }
    }
}
