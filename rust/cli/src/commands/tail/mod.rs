//! `mesos-audit tail`.

mod args;
mod once;
mod show;
mod watch;

use std::io;

pub(crate) use args::{Args, Color};

use self::{args::Scope, show::Show};
use crate::report::{Status, note};

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    for (path, unknown) in args.unknown_fields() {
        let hint = unknown.similar.map(|field| format!("; did you mean {field}?")).unwrap_or_default();
        note(format_args!("this version's events have no field {path}{hint}"));
    }
    let mut show = Show::new(args);
    if args.legend {
        show.legend()?;
    }
    let status = if args.follow { watch::run(args, &mut show)? } else { once::run(args, &mut show)? };
    show.flush()?;
    Ok(status)
}
