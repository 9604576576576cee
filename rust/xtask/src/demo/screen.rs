//! What the demonstration shows, in the terminal and as a picture.

use std::sync::Mutex;

use mesos_audit::pretty::{fit, terminal_width};
use mesos_audit_core::event::{Action, OwnedEvent, ecs::Outcome};

/// Columns of the picture.
const PICTURE_COLUMNS: usize = 150;

/// Prints lines and remembers them.
#[derive(Debug)]
pub(super) struct Screen {
    width: Option<usize>,
    remembered: Mutex<String>,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { width: terminal_width(), remembered: Mutex::new(String::new()) }
    }

    /// A line that is no event.
    pub(super) fn line(&self, line: &str) {
        anstream::println!("{line}");
        self.remember(line);
    }

    /// An event's line: one row of the terminal.
    pub(super) fn event(&self, line: &str, event: &OwnedEvent) {
        match self.width {
            Some(width) => anstream::println!("{}", fit(line, width)),
            None => anstream::println!("{line}"),
        }
        if !is_routine(event) {
            self.remember(&fit(line, PICTURE_COLUMNS));
        }
    }

    /// All lines but the routine ones, as SVG.
    pub(super) fn picture(&self) -> String {
        let remembered = self.remembered.lock().map(|text| text.clone()).unwrap_or_default();
        anstyle_svg::Term::new().render_svg(remembered.trim())
    }

    fn remember(&self, line: &str) {
        if let Ok(mut remembered) = self.remembered.lock() {
            remembered.push_str(line);
            remembered.push('\n');
        }
    }
}

/// The start, and a framework's calls and offers by the dozen: in the log they matter, in a picture they hide the rest.
fn is_routine(event: &OwnedEvent) -> bool {
    match event.event.action {
        Action::ModuleStart | Action::AuditLogOpened | Action::ContainerFetched => true,
        Action::ResourcesOffered | Action::ResourcesRecovered => true,
        Action::ApiRequest | Action::Authentication => {
            let call = event.url.as_ref().is_some_and(|url| url.path.ends_with("/api/v1/scheduler"));
            call && event.event.outcome == Some(Outcome::Success)
        }
        _ => false,
    }
}
