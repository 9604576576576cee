//! What the columns and colours of a line mean.

use anstyle::Style;

use super::palette::{self, BAD, CLUSTER, DECISION, FAULT, GOOD, IDENTITY, OWN, REQUEST, UNSURE, WORK};

/// Explains the lines of [`super::Printer`]; several lines, each with its newline.
#[must_use]
pub fn legend(color: bool) -> String {
    let paint = |style: Style, text: &str| {
        if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    };
    let mut text = String::new();
    let mut row = |label: &str, words: &[(Style, &str)]| {
        let words: Vec<_> = words.iter().map(|&(style, word)| paint(style, word)).collect();
        text.push_str(&format!("{label:<9} {}\n", words.join("  ")));
    };
    let plain = Style::new();
    row("Line", &[(plain, "time (UTC)  service  action  verdict  who  from where  on what  why")]);
    row("Actions", &[(IDENTITY, "authentication"), (plain, "somebody proved who they are, or failed to")]);
    for (style, name, meaning) in [
        (DECISION, "authorization", "the authorizer decided; _summary: many decisions, counted"),
        (REQUEST, "api_request", "a request to an authenticated HTTP endpoint"),
        (WORK, "task_launch, ...", "tasks, executors and containers: _attempt is before Mesos decides"),
        (CLUSTER, "agent_lost, ...", "agents: what they offer, and their loss"),
        (OWN, "module_start, ...", "mesos-audit itself: started, log opened"),
        (FAULT, "audit_..._dropped", "mesos-audit itself: events lost, a fault inside"),
    ] {
        row("", &[(style, name), (plain, meaning)]);
    }
    row("Verdicts", &[(GOOD, "allowed success"), (BAD, "denied failure forbidden")]);
    row("", &[(UNSURE, "error discarded unknown"), (plain, "never decided, or the decider failed")]);
    row(
        "Values",
        &[(
            palette::QUIET,
            "with spaces, quotes or hidden characters are in \"quotes\"; hidden ones are shown as \\u{1b}",
        )],
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_only_where_asked() {
        assert!(!legend(false).contains('\x1b'));
        assert!(legend(true).contains("\x1b[36mauthentication\x1b[0m"));
        assert_eq!(anstream::adapter::strip_str(&legend(true)).to_string(), legend(false));
    }
}
