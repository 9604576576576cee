//! Long steps, shown: a spinner with the last line of output in a terminal, a line per step elsewhere.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use mesos_testbed::Progress;

/// Shows one step after the other on standard error.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    current: Mutex<Option<(ProgressBar, String, Instant)>>,
}

impl Steps {
    /// Ends the current step.
    pub(crate) fn done(&self) {
        let Ok(mut current) = self.current.lock() else { return };
        if let Some((bar, title, since)) = current.take() {
            bar.finish_and_clear();
            anstream::eprintln!("  \u{2714} {title} ({:.1} s)", since.elapsed().as_secs_f64());
        }
    }
}

impl Progress for Steps {
    fn step(&self, title: &str) {
        self.done();
        let bar = ProgressBar::new_spinner();
        if bar.is_hidden() {
            anstream::eprintln!("  \u{2026} {title}");
        }
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {prefix} {elapsed} {wide_msg:.dim}") {
            bar.set_style(style);
        }
        bar.set_prefix(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        if let Ok(mut current) = self.current.lock() {
            *current = Some((bar, title.to_owned(), Instant::now()));
        }
    }

    fn detail(&self, text: &str) {
        if let Ok(current) = self.current.lock()
            && let Some((bar, ..)) = &*current
        {
            bar.set_message(text.trim().to_owned());
        }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        // Without the tick: whoever drops it in the middle of a step has an error to show.
        if let Ok(current) = self.current.get_mut()
            && let Some((bar, ..)) = current.take()
        {
            bar.finish_and_clear();
        }
    }
}
