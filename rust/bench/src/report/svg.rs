//! Scalable pictures, as text: shapes with classes, whose colours follow the reader's light or dark mode.

use std::fmt::Write;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}\
.head{font-weight:600;font-size:15px}.dim{fill:#656d76;font-size:12px}.end{text-anchor:end}\
.mid{text-anchor:middle}.grid{stroke:#d0d7de;stroke-width:1}\
.ours{fill:#0969da}.peer{fill:#8c959f}.limit{fill:#1a7f37}\
.c0{stroke:#0969da;fill:#0969da}.c1{stroke:#bc4c00;fill:#bc4c00}.line{fill:none;stroke-width:2}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#8d96a0}.grid{stroke:#30363d}\
.ours{fill:#4493f8}.peer{fill:#6e7681}.limit{fill:#3fb950}.c0{stroke:#4493f8;fill:#4493f8}\
.c1{stroke:#f0883e;fill:#f0883e}.line{fill:none}}";

/// A picture that grows downwards.
#[derive(Debug)]
pub struct Picture {
    width: f64,
    body: String,
}

impl Picture {
    /// An empty one.
    #[must_use]
    pub fn new(width: f64) -> Self {
        Self { width, body: String::new() }
    }

    /// Text with these classes; its baseline begins there.
    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let text = escaped(text);
        let _ = writeln!(self.body, r#"<text x="{x:.1}" y="{y:.1}" class="{class}">{text}</text>"#);
    }

    /// A bar.
    pub fn bar(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        let width = width.max(1.0);
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="2" class="{class}"/>"#
        );
    }

    /// A line of the grid.
    pub fn grid(&mut self, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = writeln!(
            self.body,
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" class="grid"/>"#
        );
    }

    /// A line with a dot on each point.
    pub fn series(&mut self, points: &[(f64, f64)], class: &str) {
        let path: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(self.body, r#"<polyline points="{}" class="{class} line"/>"#, path.join(" "));
        for (x, y) in points {
            let _ = writeln!(self.body, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.5" class="{class}"/>"#);
        }
    }

    /// The file's text. `title` is for those who cannot see it.
    #[must_use]
    pub fn finish(self, height: f64, title: &str) -> String {
        let Self { width, body } = self;
        let title = escaped(title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\">\n<title>{title}</title>\n<style>{STYLE}</style>\n{body}</svg>\n"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
