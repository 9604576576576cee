//! How the long steps tell their caller where they are.

/// Told what provisioning is doing. A caller may show it as a progress bar.
pub trait Progress {
    /// A new step begins; it takes seconds or minutes. Steps that find their work done are not announced.
    fn step(&self, title: &str);

    /// A line of output of the program that the current step runs.
    fn detail(&self, text: &str) {
        let _ = text;
    }
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _title: &str) {}
}

/// Writes each step as a line to standard error, as suits tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lines;

impl Progress for Lines {
    fn step(&self, title: &str) {
        eprintln!("test bed: {title}");
    }
}
