//! The program `mesos-audit`. All of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    mesos_audit::cli::main()
}
