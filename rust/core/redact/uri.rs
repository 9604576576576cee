//! Secrets in URIs: who asks, and what is asked for.

use super::{
    scrub::{Scan, in_name},
    value::{self, ends_word},
    words,
};

impl Scan<'_> {
    /// The word, and its last `@`, without looking twice where there is none.
    fn last_at(&mut self, from: usize) -> Option<usize> {
        if from < self.at_end {
            return None;
        }
        let end = from
            + self.bytes[from..].iter().position(|byte| ends_word(*byte)).unwrap_or(self.bytes.len() - from);
        let last = self.bytes[from..end].iter().rposition(|byte| *byte == b'@').map(|last| from + last);
        if last.is_none() {
            self.at_end = end;
        }
        last
    }

    /// `user:password@` of a URI whose authority begins there.
    pub(super) fn user_info(&mut self, from: usize) -> usize {
        let stop = |byte: &u8| ends_word(*byte) || matches!(byte, b'/' | b'?' | b'#' | b'\\');
        let end = from + self.bytes[from..].iter().position(stop).unwrap_or(self.bytes.len() - from);
        let authority = &self.bytes[from..end];
        if let Some(last) = authority.iter().rposition(|byte| *byte == b'@') {
            self.take(from..from + last);
            return from + last + 1;
        }
        // What follows the colon is a port, or else a password with a slash in it, or one that was cut off.
        let colon = authority.iter().position(|byte| *byte == b':').filter(|_| !authority.starts_with(b"["));
        let Some(colon) = colon.map(|colon| from + colon + 1) else { return from };
        let hosts = self.bytes[colon..end]
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b';' | b')' | b']' | b'}' | b'.'));
        if hosts || authority.contains(&b',') || authority.contains(&b'$') {
            return from;
        }
        if let Some(last) = self.last_at(end) {
            self.take(from..last);
            return last + 1;
        }
        if end == self.bytes.len() {
            self.take(colon..end);
            return end.max(from + 1);
        }
        from
    }

    /// `user:password@` without a scheme in front.
    pub(super) fn bare_password(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at + 1..];
        let host = rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'[');
        // An image by its digest.
        if !host || rest.starts_with(b"sha256:") || rest.starts_with(b"sha512:") {
            return at + 1;
        }
        let word = &self.bytes[self.copied..at];
        let start = word.iter().rposition(|byte| ends_word(*byte) || *byte == b'@');
        let word = &word[start.map_or(0, |start| start + 1)..];
        let colon = word.iter().position(|byte| *byte == b':').filter(|colon| *colon > 0);
        if let Some(colon) = colon
            && !word[..colon].contains(&b'/')
            // `...:ZOO_INFO@check_events@2342:`, as ZooKeeper's client names its functions.
            && !self.text[at - word.len()..at].contains(":ZOO_")
        {
            let last = self.last_at(at).unwrap_or(at);
            self.take(at - (word.len() - colon - 1)..last);
            return last + 1;
        }
        at + 1
    }

    /// The values of a query.
    pub(super) fn query(&mut self, at: usize) -> usize {
        let from = at + 1;
        let after_word = at > 0 && !ends_word(self.bytes[at - 1]);
        if !after_word
            || !self.bytes.get(from).is_some_and(|byte| in_name(*byte) || matches!(byte, b'%' | b'['))
        {
            return from;
        }
        let end = value::word(self.bytes, from).end;
        let mut start = from;
        while start < end {
            let piece = self.bytes[start..end]
                .iter()
                .position(|byte| matches!(byte, b'&' | b';' | b'#'))
                .map_or(end, |length| start + length);
            match self.bytes[start..piece].iter().position(|byte| *byte == b'=') {
                Some(equals) => self.take(start + equals + 1..piece),
                None if words::is_random(&self.text[start..piece]) => self.take(start..piece),
                None => {}
            }
            start = piece + 1;
        }
        end.max(from)
    }
}
