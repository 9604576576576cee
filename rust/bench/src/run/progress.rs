//! Where the run is: a bar in a terminal, a line every few seconds elsewhere.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// Shown on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    terminal: bool,
    start: Instant,
    said: Option<Instant>,
    count: usize,
    all: usize,
}

impl Progress {
    pub(super) fn over(all: usize) -> Self {
        let bar = ProgressBar::new(all as u64);
        if let Ok(style) = ProgressStyle::with_template("  {bar:30} {pos}/{len} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        let terminal = std::io::stderr().is_terminal();
        Self { bar, terminal, start: Instant::now(), said: None, count: 0, all }
    }

    /// What is measured next.
    pub(super) fn step(&mut self, what: &str) {
        self.count += 1;
        if self.terminal {
            self.bar.set_message(what.to_owned());
            self.bar.set_position(self.count.saturating_sub(1) as u64);
        } else if self.said.is_none_or(|said| said.elapsed() > Duration::from_secs(5)) {
            self.said = Some(Instant::now());
            let seconds = self.start.elapsed().as_secs();
            // What comes after the rounds was not counted beforehand.
            let place =
                if self.count <= self.all { format!("{}/{} ", self.count, self.all) } else { String::new() };
            anstream::eprintln!("  {place}{what} ({seconds} s)");
        }
    }

    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
