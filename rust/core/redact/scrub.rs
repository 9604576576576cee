//! Free text without its secrets.

use std::{borrow::Cow, ops::Range};

use super::{
    value::{self, Separator, ends_word, skip_blanks},
    words::{self, Kind},
};

/// What stands where a secret was.
pub const MARKER: &str = "[redacted]";

/// The text without what looks like a secret: passwords in URIs and values in their queries, what follows a name such as
/// `password`, `--token` or `"secret"`, in headers, JSON and protobuf's text form also, tokens that can be told by their form,
/// keys in PEM. [`MARKER`] stands in its place.
///
/// Takes time in proportion to the text, changes nothing when it is done again, and panics on nothing. It knows secrets by
/// where they stand, so it can miss one in a place that nobody thought of, and takes more than it need: better so.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    // What was taken out can make something else look like a secret, such as what is behind a quote that was within one. So it is
    // looked at until nothing is found; mostly that is the second time.
    const TIMES: usize = 4;
    let mut left = Cow::Borrowed(text);
    for _ in 0..TIMES {
        match Scan::of(&left) {
            Some(done) => left = Cow::Owned(done),
            None => return left,
        }
    }
    // Somebody is playing games.
    Cow::Borrowed(MARKER)
}

/// The same of a text that may be megabytes, of which no more than `keep` bytes are wanted; and whether it was longer. Looks at
/// a little more than it keeps, so that a secret across the end is still known as one.
#[must_use]
pub fn scrub_cut(text: &str, keep: usize) -> (Cow<'_, str>, bool) {
    const LOOK: usize = 4;
    let seen = &text[..text.floor_char_boundary(keep.saturating_mul(LOOK))];
    let scrubbed = scrub(seen);
    let end = scrubbed.floor_char_boundary(keep);
    let cut = seen.len() < text.len() || end < scrubbed.len();
    let kept = match scrubbed {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    };
    (kept, cut)
}

/// Words behind `Bearer` and its like that are no tokens.
const NO_TOKENS: [&str; 12] = [
    "authentication",
    "authenticator",
    "authorization",
    "credential",
    "credentials",
    "header",
    "headers",
    "realm",
    "scheme",
    "schemes",
    "token",
    "tokens",
];

/// Programs that take a password in a flag of one letter, and the flag.
const PROGRAMS: [(&str, &str); 12] = [
    ("mysql", "-p"),
    ("mysqldump", "-p"),
    ("mysqladmin", "-p"),
    ("mariadb", "-p"),
    ("mariadb-dump", "-p"),
    ("sshpass", "-p"),
    ("login", "-p"),
    ("redis-cli", "-a"),
    ("ldapsearch", "-w"),
    ("ldapadd", "-w"),
    ("ldapmodify", "-w"),
    ("ldapdelete", "-w"),
];

/// Of a byte's class: it can be in a name.
const IN_NAME: u32 = 1 << 31;

/// Of a byte's class: something can begin there that is no name.
const SIGN: u32 = 1 << 30;

/// Each byte's class, with its letter.
const CLASSES: [u32; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        let name = if in_name(byte) { IN_NAME } else { 0 };
        let sign = if matches!(byte, b':' | b'?' | b'@' | b'|' | b';' | b'&' | b'\n') { SIGN } else { 0 };
        classes[byte as usize] = words::letter(byte) | name | sign;
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

/// First letters of these programs.
const PROGRAM_STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    let mut index = 0;
    while index < PROGRAMS.len() {
        starts[PROGRAMS[index].0.as_bytes()[0] as usize] = true;
        index += 1;
    }
    starts
};

/// A text, from its beginning to its end.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    /// What is written so far, if anything had to be taken out.
    done: Option<String>,
    /// Up to where the text is in it.
    pub(super) copied: usize,
    /// Behind the last `name: "..."`, whose `value` is whose?
    named: Option<usize>,
    /// Of the programs, the one whose flags these are.
    program: Option<&'static str>,
    /// Up to where no `@` is ahead.
    pub(super) at_end: usize,
}

impl Scan<'_> {
    /// What is left of the text, if something had to be taken out.
    fn of(text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let mut scan = Scan { text, bytes, done: None, copied: 0, named: None, program: None, at_end: 0 };
        scan.run();
        let mut done = scan.done?;
        done.push_str(&text[scan.copied..]);
        Some(done)
    }

    fn run(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            // Slashes, blanks and the like are nothing by themselves.
            if CLASSES[usize::from(byte)] == 0 {
                at += 1;
                continue;
            }
            let next = match byte {
                b'-' if self.bytes[at..].starts_with(b"-----BEGIN ") => self.pem(at),
                b':' if self.bytes[at..].starts_with(b"://") => self.user_info(at + 3),
                b'?' => self.query(at),
                b'@' => self.bare_password(at),
                b'|' | b';' | b'&' | b'\n' => {
                    self.program = None;
                    at + 1
                }
                _ if in_name(byte) => self.name(at),
                _ => at + 1,
            };
            debug_assert!(next > at);
            at = next;
        }
    }

    /// Takes it out. Both ends are beside ASCII characters.
    pub(super) fn take(&mut self, range: Range<usize>) {
        let start = range.start.max(self.copied);
        if range.end <= start || &self.text[start..range.end] == MARKER {
            return;
        }
        let done = self.done.get_or_insert_default();
        done.push_str(&self.text[self.copied..start]);
        done.push_str(MARKER);
        self.copied = range.end;
    }

    fn pem(&mut self, at: usize) -> usize {
        let end = self.text[at..].find("-----END ").map_or(self.bytes.len(), |end| {
            let label = at + end + "-----END ".len();
            self.text[label..].find("-----").map_or(self.bytes.len(), |end| label + end + 5)
        });
        self.take(at..end);
        end
    }

    /// A name, or some other word of the same characters.
    fn name(&mut self, start: usize) -> usize {
        let (mut end, mut letters) = (start, 0);
        for byte in &self.bytes[start..] {
            let class = CLASSES[usize::from(*byte)];
            if class & IN_NAME == 0 {
                break;
            }
            letters |= class;
            end += 1;
        }
        let name = &self.text[start..end];
        if words::is_token(name) {
            self.take(start..end);
            return end;
        }
        if PROGRAM_STARTS[usize::from(self.bytes[start])]
            && let Some((program, _)) = PROGRAMS.iter().find(|(program, _)| *program == name)
        {
            self.program = Some(program);
        }
        let may_be_secret = words::may_be_secret(letters);
        if !may_be_secret && !words::may_be_special(letters) && self.bytes[start] != b'-' {
            return end;
        }
        if let Some(taken) = self.pair(name, start, end).or_else(|| self.short_flag(name, start, end)) {
            return taken;
        }
        let kind = if may_be_secret { words::kind(name) } else { Kind::Plain };
        if kind != Kind::Plain {
            if let Some(separator) = value::separator(self.bytes, end) {
                return self.value(name, kind, start, &separator).max(end);
            }
            if name.starts_with('-')
                && let Some(from) = value::flag_separator(self.bytes, end)
            {
                let value = value::value(self.bytes, from, false);
                return if is_secret(name, kind, &self.text[value.clone()]) {
                    self.take_to(value)
                } else {
                    end
                };
            }
            return self.random_after(end);
        }
        self.scheme(name, end)
    }

    /// What stands behind `password=`.
    fn value(&mut self, name: &str, kind: Kind, start: usize, separator: &Separator) -> usize {
        let from = separator.end;
        if kind == Kind::Header && separator.colon && value::quote(self.bytes, from).is_none() {
            let quote = value::quote_before(self.bytes, start).filter(|_| separator.quote.is_none());
            let close = quote.map_or(self.bytes.len(), |quote| quote.close(self.bytes, from).0);
            let line = self.bytes[from..close].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let end = line.map_or(close, |line| from + line);
            return self.take_to(from..end);
        }
        let escaped =
            separator.quote.is_some_and(|quote| quote.byte == b'"') && self.bytes.get(from) != Some(&b'"');
        let mut value = value::value(self.bytes, from, escaped);
        if !is_secret(name, kind, &self.text[value.clone()]) {
            // No secret as a whole; there may be one in it, such as in a URI.
            return value.start;
        }
        // `Authorization=Bearer abc`: what comes after is the secret.
        let word = &self.text[value.clone()];
        if ["bearer", "basic", "token", "digest", "negotiate"]
            .iter()
            .any(|scheme| word.eq_ignore_ascii_case(scheme))
        {
            value.end = value::word(self.bytes, skip_blanks(self.bytes, value.end)).end.max(value.end);
        }
        self.take_to(value)
    }

    fn take_to(&mut self, range: Range<usize>) -> usize {
        let end = range.end.max(range.start);
        // Done before: what stands behind the mark stays as it is.
        self.take(range);
        end
    }

    /// `name: "..." value: "..."`, as environment variables, labels and parameters are printed; and `data: "..."`.
    fn pair(&mut self, name: &str, start: usize, end: usize) -> Option<usize> {
        const NEAR: usize = 64;
        if !matches!(name, "name" | "key" | "value" | "data") {
            return None;
        }
        let separator = value::separator(self.bytes, end)?;
        let (quote, length) = value::quote(self.bytes, separator.end)?;
        let inside = separator.end + length;
        if matches!(name, "name" | "key") {
            let (close, after) = quote.close(self.bytes, inside);
            if close - inside <= NEAR * 4 {
                self.named = Some(after);
            }
            return None;
        }
        let named = self.named.take().filter(|named| {
            start.checked_sub(*named).is_some_and(|between| {
                between <= NEAR && !self.bytes[*named..start].iter().any(|byte| matches!(byte, b'{' | b'}'))
            })
        });
        if name == "data" || named.is_some() {
            let (close, after) = quote.close(self.bytes, inside);
            self.take(inside..close);
            return Some(after);
        }
        None
    }

    /// `mysql -pSECRET`, `curl -u user:password`.
    fn short_flag(&mut self, name: &str, start: usize, end: usize) -> Option<usize> {
        if !name.starts_with('-') {
            return None;
        }
        let flag = PROGRAMS.iter().find(|(program, _)| self.program == Some(program)).map(|(_, flag)| *flag);
        if let Some(flag) = flag
            && let Some(glued) = name.strip_prefix(flag)
        {
            let from = if glued.is_empty() {
                value::flag_separator(self.bytes, end)
            } else {
                Some(start + flag.len())
            };
            let from = from.or_else(|| value::quote(self.bytes, end).map(|_| end))?;
            let value = value::value(self.bytes, from, false);
            return Some(self.take_to(value));
        }
        if !matches!(name, "-u" | "-U" | "--user" | "--proxy-user") {
            return None;
        }
        let from = match self.bytes.get(end) {
            Some(b'=') => end + 1,
            _ => value::flag_separator(self.bytes, end)?,
        };
        let from = from + value::quote(self.bytes, from).map_or(0, |(_, length)| length);
        let user = self.bytes[from..].iter().take(64).take_while(|byte| in_name_or_at(**byte)).count();
        let colon = from + user;
        if user == 0 || !matches!(self.bytes.get(colon), Some(b':' | b'%')) {
            return None;
        }
        let password = value::word(self.bytes, colon + 1);
        let ids = |range: Range<usize>| self.bytes[range].iter().all(u8::is_ascii_digit);
        if password.is_empty() || (ids(from..colon) && ids(password.clone())) {
            return None;
        }
        Some(self.take_to(password))
    }

    /// `token is 9fe01c...`: a word that follows at once, and that is too odd to be one.
    fn random_after(&mut self, end: usize) -> usize {
        const LONGEST: usize = 512;
        let mut at = skip_blanks(self.bytes, end);
        for word in ["is ", "was ", "of ", "value "] {
            if self.text[at..].starts_with(word) {
                at = skip_blanks(self.bytes, at + word.len());
            }
        }
        if at == end {
            return end;
        }
        at += value::quote(self.bytes, at).map_or(0, |(_, length)| length);
        let length = self.bytes[at..].iter().take(LONGEST).take_while(|byte| !ends_word(**byte)).count();
        // The limit may be within a character.
        let end_of_word = self.text.floor_char_boundary(at + length);
        let word =
            self.text[at..end_of_word].trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '=');
        if words::is_random(word) { self.take_to(at..at + word.len()) } else { end }
    }

    /// `Bearer ...`, `Basic ...`.
    fn scheme(&mut self, name: &str, end: usize) -> usize {
        let named = |schemes: &[&str]| schemes.iter().any(|scheme| name.eq_ignore_ascii_case(scheme));
        let (bearer, basic) = (named(&["bearer", "negotiate", "ntlm"]), named(&["basic"]));
        let from = skip_blanks(self.bytes, end);
        if !(bearer || basic) || from == end {
            return end;
        }
        let word = value::word(self.bytes, from);
        let word = self.text[word].trim_end_matches('.');
        let secret = if basic {
            words::holds_colon(word) || words::is_random(word)
        } else {
            word.len() >= 6 && !NO_TOKENS.contains(&word) && !word.starts_with("realm=")
        };
        if secret { self.take_to(from..from + word.len()) } else { end }
    }
}

pub(super) const fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn in_name_or_at(byte: u8) -> bool {
    in_name(byte) || matches!(byte, b'@' | b'\\' | b'/')
}

/// Whether what stands behind a name of that kind has to go.
fn is_secret(name: &str, kind: Kind, value: &str) -> bool {
    const NOTHING: [&str; 8] = ["", "true", "false", "null", "none", "nil", "None", "<none>"];
    if NOTHING.contains(&value) {
        return false;
    }
    // What was scrubbed before, perhaps with a bracket behind it that was there before.
    if let Some(rest) = value.strip_prefix(MARKER)
        && rest.trim_end_matches([',', ';', ')', ']', '}']).is_empty()
    {
        return false;
    }
    // ZooKeeper's session ids are no secrets: each of its lines tells them.
    let id = value.strip_prefix("0x").is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let zookeeper = id && name.to_ascii_lowercase().contains("session");
    let path = kind == Kind::SecretOrPath && (value.starts_with('/') || value.starts_with("file://"));
    !zookeeper && !path
}
