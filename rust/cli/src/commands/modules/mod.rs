//! `mesos-audit modules`.

mod args;
mod check;
mod manifest;
mod plan;

use std::{
    fs,
    io::{self, Write},
};

pub(crate) use args::Args;
use serde_json::json;

use self::{args::Format, plan::Plan};
use crate::report::{Status, complain, note};

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let plan = match Plan::new(args) {
        Ok(plan) => plan,
        Err(reason) => {
            complain(reason);
            return Ok(Status::Failed);
        }
    };
    for problem in check::problems(args) {
        note(problem);
    }
    let manifest = format!("{}\n", plan.manifest.to_json());
    if let Some(file) = &args.write
        && let Err(error) = fs::write(file, &manifest)
    {
        complain(format_args!("{}: {error}", file.display()));
        return Ok(Status::Failed);
    }
    let mut out = io::stdout().lock();
    match args.format {
        Format::Json => {
            let flags: Vec<_> =
                plan.flags.iter().map(|flag| format!("--{}={}", flag.name, flag.value)).collect();
            let whole = json!({"modules": plan.manifest, "flags": flags, "notes": plan.notes});
            writeln!(out, "{whole:#}")?;
        }
        Format::Text if args.write.is_some() => {
            write_flags(&mut out, &plan)?;
            plan.notes.iter().for_each(note);
        }
        Format::Text => {
            let program = args.program();
            writeln!(out, "# 1. Save this as {}\n{manifest}", plan.modules_file)?;
            writeln!(out, "# 2. Start {program} with these flags")?;
            write_flags(&mut out, &plan)?;
            writeln!(out, "\n# 3. Notes")?;
            for note in &plan.notes {
                writeln!(out, "# - {note}")?;
            }
        }
    }
    Ok(Status::Fine)
}

fn write_flags(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    plan.flags
        .iter()
        .try_for_each(|flag| writeln!(out, "{}", shell(&format!("--{}={}", flag.name, flag.value))))
}

/// In quotes where a shell would take it apart.
fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:+@%".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_meant() {
        assert_eq!(shell("--modules=/a/b.json"), "--modules=/a/b.json");
        assert_eq!(shell("--modules=/a b/it's"), r"'--modules=/a b/it'\''s'");
    }
}
