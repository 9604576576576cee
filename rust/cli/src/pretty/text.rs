//! A line under construction: styled pieces, one space between them.

use std::fmt::Display;

use anstyle::Style;

use super::{
    palette,
    visible::{printable, quoted},
};

#[derive(Debug)]
pub(super) struct Text {
    line: String,
    color: bool,
}

impl Text {
    pub(super) fn new(color: bool) -> Self {
        Self { line: String::with_capacity(256), color }
    }

    /// A column of at least that many characters. `text` must be harmless already.
    pub(super) fn column(&mut self, style: Style, text: &str, width: usize) {
        self.gap();
        self.styled(style, text);
        for _ in text.chars().count()..width {
            self.line.push(' ');
        }
        // One more, so that columns stand apart.
        self.line.push(' ');
    }

    /// `label value`.
    pub(super) fn field(&mut self, label: &str, value: &str) {
        self.labelled(label, Style::new(), value);
    }

    /// `label value`, with the value in that style.
    pub(super) fn labelled(&mut self, label: &str, style: Style, value: &str) {
        self.remark(label);
        self.value(style, value);
    }

    /// A value on its own.
    pub(super) fn value(&mut self, style: Style, value: &str) {
        self.gap();
        self.styled(style, &quoted(value));
    }

    /// Words of ours in a style.
    pub(super) fn words(&mut self, style: Style, words: impl Display) {
        self.gap();
        self.styled(style, &words.to_string());
    }

    /// Words of ours that are there for the grammar.
    pub(super) fn remark(&mut self, words: &str) {
        self.words(palette::QUIET, words);
    }

    pub(super) fn finish(mut self) -> String {
        self.line.truncate(self.line.trim_end().len());
        self.line
    }

    fn gap(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn styled(&mut self, style: Style, text: &str) {
        let text = printable(text);
        if self.color && style != Style::new() {
            self.line.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.line.push_str(&text);
        }
    }
}
