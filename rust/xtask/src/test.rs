//! Every test, and one line at the end.

use std::process::Command;

use mesos_testbed::{EXTRA_PACKAGES, Lines, Testbed, install_packages};

use crate::{
    build, docs, fuzz,
    run::{Result, cargo, command, each_line},
    soak, tsan,
};

/// What was counted so far.
#[derive(Debug, Default)]
struct Count {
    passed: u64,
    failed: u64,
    names: Vec<String>,
}

impl Count {
    fn one(&mut self, what: &str, held: bool) {
        if held {
            self.passed += 1;
        } else {
            self.failed += 1;
            self.names.push(what.to_owned());
        }
    }

    /// Runs a program that succeeds or fails as a whole.
    fn whole(&mut self, what: &str, command: Command) -> Result<()> {
        println!("--- {what}");
        let held = each_line(command, |line| println!("{line}"))?;
        self.one(what, held);
        Ok(())
    }

    /// Runs a program that counts for itself, on lines of the form `... N passed; M failed ...`.
    fn counting(&mut self, what: &str, command: Command) -> Result<()> {
        println!("--- {what}");
        let before = self.failed;
        let mut counted = false;
        let succeeded = each_line(command, |line| {
            println!("{line}");
            if let Some((passed, failed)) = counts(line) {
                counted = true;
                self.passed += passed;
                self.failed += failed;
            }
            if line.starts_with("test ") && line.ends_with("FAILED") {
                self.names.push(line.to_owned());
            }
        })?;
        // Beside what was counted, the program as a whole: one that does not even compile has counted nothing.
        if self.failed == before {
            self.one(what, succeeded && counted);
        }
        Ok(())
    }
}

/// `test result: ok. 3 passed; 1 failed; ...` of cargo, `2: driver: 3 passed, 1 failed` below ctest.
fn counts(line: &str) -> Option<(u64, u64)> {
    let line = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(": ");
    if !line.starts_with("test result: ") && !line.starts_with("driver: ") {
        return None;
    }
    let words: Vec<_> = line.split([' ', ';', ',']).filter(|word| !word.is_empty()).collect();
    let before = |what: &str| {
        let place = words.iter().position(|word| *word == what)?;
        words.get(place.checked_sub(1)?)?.parse().ok()
    };
    Some((before("passed")?, before("failed")?))
}

/// Runs everything; tells whether all passed.
pub(crate) fn test() -> Result<bool> {
    let mut count = Count::default();
    build::prepare()?;
    install_packages(EXTRA_PACKAGES, &Lines)?;
    let testbed = Testbed::provision(&Lines)?;

    count.whole("rustfmt", cargo(&["fmt", "--all", "--check"]))?;
    count.whole(
        "clippy",
        cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"]),
    )?;
    count.whole("clang-format", clang_format()?)?;
    println!("--- generated documentation");
    count.one("generated documentation", docs::docs(true)?);

    for preset in ["release", "faults", "asan"] {
        build::module_and_driver(preset, &testbed)?;
    }
    for preset in ["release", "faults", "asan"] {
        // Verbose: the driver counts its checks itself. The layout and the symbols are ctest's to judge.
        count.counting(&format!("ctest ({preset})"), command("ctest", &["--preset", preset, "--verbose"]))?;
    }
    // Beside the address sanitizer: it also sees what is used before it is initialised, in Rust as in C++.
    count.counting(
        "valgrind",
        command(
            "valgrind",
            &[
                "--error-exitcode=9",
                "--leak-check=no",
                "--suppressions=tests/driver/valgrind.supp",
                "build/tests/driver/driver",
                "build/libmesos_audit.so",
            ],
        ),
    )?;
    // The last of cargo's: its real-Mesos tests load what was built above.
    count.counting(
        "cargo test",
        cargo(&["test", "--workspace", "--all-features", "--no-fail-fast", "--", "--test-threads", "4"]),
    )?;

    println!("--- fuzzing");
    count.one("fuzzing", fuzz::fuzz(8)?);
    println!("--- soak");
    count.one("soak", soak::tested()?);
    println!("--- soak (ThreadSanitizer)");
    count.one("soak (ThreadSanitizer)", tsan::soak()?);

    for name in &count.names {
        println!("failed: {name}");
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    Ok(count.failed == 0)
}

fn clang_format() -> Result<Command> {
    let mut list = command("git", &["ls-files", "-z", "*.cpp", "*.hpp", "*.c"]);
    let files = String::from_utf8(list.output()?.stdout)?;
    let mut command = command("clang-format", &["--dry-run", "--Werror"]);
    command.args(files.split_terminator('\0'));
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_both_kinds_of_line() {
        let cargo = "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(counts(cargo), Some((3, 1)));
        assert_eq!(counts("3: driver: 12 passed, 0 failed"), Some((12, 0)));
        assert_eq!(counts("I passed, you failed"), None);
    }
}
