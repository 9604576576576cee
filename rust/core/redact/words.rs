//! Names that secrets go by.

/// Anywhere in a name, whatever its case, dashes and underscores: `DB_PASSWORD`, `clientSecret`, `x-api-key`.
const ANYWHERE: [&str; 22] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "credential",
    "authorization",
    "cookie",
    "session",
    "apikey",
    "accesskey",
    "privatekey",
    "accountkey",
    "encryptionkey",
    "signingkey",
    "masterkey",
    "sharedkey",
    "storagekey",
    "sshkey",
    "servicekey",
    "streamid",
];

/// As a word of its own in a name: `DB_PASS`, `mysql-pwd`, `_auth`.
const WORDS: [&str; 5] = ["pass", "pwd", "pw", "auth", "sid"];

/// What else is looked for: how what has a name is printed in pairs, and how HTTP's schemes go by.
const SPECIAL: [&str; 8] = ["name", "key", "value", "data", "bearer", "negotiate", "ntlm", "basic"];

/// Last words of names that tell of a secret something that is none: `zk_session_timeout`, `token_type`, `password-file`.
const ABOUT: [&str; 33] = [
    "algorithm",
    "authenticator",
    "authenticators",
    "count",
    "dir",
    "directory",
    "enabled",
    "expiration",
    "expires",
    "expiry",
    "file",
    "filename",
    "interval",
    "length",
    "lifetime",
    "limit",
    "max",
    "min",
    "name",
    "names",
    "path",
    "policy",
    "provider",
    "resolver",
    "scheme",
    "size",
    "stdin",
    "timeout",
    "timeouts",
    "ttl",
    "type",
    "url",
    "version",
];

/// Mesos's flags, and ours, whose value is the path of a file with the secret.
const FILES: [&str; 7] = [
    "credential",
    "credentials",
    "http_credentials",
    "jwt_secret_key",
    "secret_key",
    "master.credentials",
    "agent.credential",
];

/// Beginnings of tokens that tell what they are, and how many more characters there are at least.
const TOKENS: [(&str, usize); 27] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("AROA", 16),
    ("AIDA", 16),
    ("AGPA", 16),
    ("ANPA", 16),
    ("ANVA", 16),
    ("ABIA", 16),
    ("ACCA", 16),
    ("AIza", 30),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxs-", 10),
    ("sk_live_", 10),
    ("rk_live_", 10),
    ("hvs.", 16),
    ("npm_", 30),
    ("dop_v1_", 30),
    ("ya29.", 20),
];

/// How JSON objects begin in base64, and so the header of a JWT: `{"`, `{ "`, and with line ends.
const OBJECTS: [&str; 4] = ["eyJ", "eyA", "ewo", "ewk"];

/// The letters of which each of these names is made, by [`letter`]: a name without them all is none of them.
const NEEDED: [u32; ANYWHERE.len() + WORDS.len()] = {
    let mut needed = [0; ANYWHERE.len() + WORDS.len()];
    let (anywhere, words) = needed.split_at_mut(ANYWHERE.len());
    anywhere.copy_from_slice(&letters(&ANYWHERE));
    words.copy_from_slice(&letters(&WORDS));
    needed
};

/// The same of these.
const NEEDED_BY_SPECIAL: [u32; SPECIAL.len()] = letters(&SPECIAL);

const fn letters<const N: usize>(names: &[&str; N]) -> [u32; N] {
    let mut needed = [0; N];
    let mut index = 0;
    while index < N {
        let word = names[index];
        let mut at = 0;
        while at < word.len() {
            needed[index] |= letter(word.as_bytes()[at]);
            at += 1;
        }
        index += 1;
    }
    needed
}

/// The shortest token that can be told by its form.
const SHORTEST_TOKEN: usize = 15;

/// First letters of tokens.
const TOKEN_STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    let mut index = 0;
    while index < TOKENS.len() {
        let (start, more) = TOKENS[index];
        assert!(start.len() + more >= SHORTEST_TOKEN);
        starts[start.as_bytes()[0] as usize] = true;
        index += 1;
    }
    let mut index = 0;
    while index < OBJECTS.len() {
        starts[OBJECTS[index].as_bytes()[0] as usize] = true;
        index += 1;
    }
    starts
};

/// A name that is longer is none, and is judged by its end.
const MAX_NAME: usize = 128;

/// What is behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing secret.
    Plain,
    /// A secret.
    Secret,
    /// A secret, or the path of a file with it.
    SecretOrPath,
    /// A header of which all that follows is secret, to the end of its line.
    Header,
}

/// A bit for each letter, whatever its case; none for anything else.
pub(super) const fn letter(byte: u8) -> u32 {
    if byte.is_ascii_alphabetic() { 1 << (byte.to_ascii_lowercase() - b'a') } else { 0 }
}

/// Whether a name of these letters, in whatever order, can be one that secrets go by. Of nearly all words it says no, and
/// then [`kind`] would say that they are plain.
#[inline]
pub(super) fn may_be_secret(letters: u32) -> bool {
    // All of them, rather than up to the first: that is a few wide instructions.
    NEEDED.iter().fold(false, |found, needed| found | (letters & needed == *needed))
}

/// The same of what is looked for besides.
#[inline]
pub(super) fn may_be_special(letters: u32) -> bool {
    NEEDED_BY_SPECIAL.iter().fold(false, |found, needed| found | (letters & needed == *needed))
}

/// What is behind this name: letters, digits, and `_`, `-`, `.`.
pub(super) fn kind(name: &str) -> Kind {
    // What is cut off is bytes of a name, which are ASCII.
    let name = &name[name.len().saturating_sub(MAX_NAME)..];
    let flag = name.trim_start_matches(['-', '_', '.']);
    // The working directory, of every process.
    if matches!(flag, "PWD" | "OLDPWD") {
        return Kind::Plain;
    }
    let mut joined = String::with_capacity(flag.len());
    let mut words = 0_usize;
    let mut last = 0;
    let mut own = false;
    let mut before = b'_';
    for &byte in flag.as_bytes() {
        let starts = byte.is_ascii_alphanumeric()
            && (!before.is_ascii_alphanumeric()
                || (byte.is_ascii_uppercase() && before.is_ascii_lowercase()));
        if starts {
            own |= WORDS.contains(&&joined[last..]);
            last = joined.len();
            words += 1;
        }
        if byte.is_ascii_alphanumeric() {
            joined.push(char::from(byte.to_ascii_lowercase()));
        }
        before = byte;
    }
    own |= WORDS.contains(&&joined[last..]);
    if !own && !ANYWHERE.iter().any(|word| joined.contains(word)) {
        return Kind::Plain;
    }
    if words > 1 && ABOUT.contains(&&joined[last..]) {
        return Kind::Plain;
    }
    match flag {
        _ if FILES.iter().any(|file| flag.eq_ignore_ascii_case(file)) => Kind::SecretOrPath,
        _ if joined.ends_with("cookie") || joined.ends_with("authorization") => Kind::Header,
        _ => Kind::Secret,
    }
}

/// Whether the word is a token by itself.
#[inline]
pub(super) fn is_token(word: &str) -> bool {
    word.len() >= SHORTEST_TOKEN
        && word.bytes().next().is_some_and(|first| TOKEN_STARTS[usize::from(first)])
        && has_form_of_token(word)
}

fn has_form_of_token(word: &str) -> bool {
    let known = TOKENS.iter().any(|(start, more)| {
        word.strip_prefix(start).is_some_and(|rest| {
            let long = rest.len() >= *more;
            // Amazon's ids have no other length; a word that only begins so is something else.
            if *more == 16 && start.len() == 4 && start.starts_with('A') {
                rest.len() == *more && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            } else {
                long
            }
        })
    });
    known || is_jwt(word)
}

/// A JWT, or as much of one as was left of it.
fn is_jwt(word: &str) -> bool {
    if !OBJECTS.iter().any(|start| word.starts_with(start)) {
        return false;
    }
    let mut parts = word.split('.');
    parts.next().is_some_and(|head| head.len() >= 12) && parts.next().is_some_and(|body| body.len() >= 4)
}

/// Whether nobody would think of such a word: long, of letters and digits both, and of many different ones.
pub(super) fn is_random(word: &str) -> bool {
    const LONG: usize = 16;
    const DIFFERENT: u32 = 8;
    let bytes = word.as_bytes();
    let mut seen = 0_u128;
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' | b'_' | b'-' | b'.' | b'~' => {
                seen |= 1 << byte;
            }
            _ => return false,
        }
    }
    bytes.len() >= LONG
        && seen.count_ones() >= DIFFERENT
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().any(u8::is_ascii_alphabetic)
        && !word.starts_with(['/', '-'])
        // Of base64 they are the end; else it is a name and its value.
        && !word.trim_end_matches('=').contains('=')
}

/// Whether base64 text, of which the end may be missing, holds a colon, as `user:password` does.
pub(super) fn holds_colon(text: &str) -> bool {
    let (mut bits, mut count, mut read) = (0_u32, 0_u32, 0_usize);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return false,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            let letter = (bits >> count & 0xff) as u8;
            match letter {
                b':' if read > 0 => return true,
                // A user's name is text.
                0..=0x1f => return false,
                _ => read += 1,
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letters(name: &str) -> u32 {
        name.bytes().fold(0, |letters, byte| letters | letter(byte))
    }

    /// Names as they are, with something in between and around them, in any case; and names that are nearly such.
    fn names() -> impl Strategy<Value = String> {
        let known: Vec<_> = ANYWHERE.into_iter().chain(WORDS).chain(ABOUT).chain(FILES).collect();
        let part = prop_oneof![
            3 => prop::sample::select(known).prop_map(str::to_owned),
            1 => "[A-Za-z0-9_.-]{0,6}",
        ];
        let parts = prop::collection::vec((part, any::<u64>(), "[_.-]{0,2}"), 1..5);
        parts.prop_map(|parts| {
            let mut name = String::new();
            for (part, cases, between) in parts {
                for (index, letter) in part.chars().enumerate() {
                    let upper = cases >> (index % 64) & 1 == 1;
                    name.push(if upper { letter.to_ascii_uppercase() } else { letter });
                    if cases >> ((index + 17) % 64) & 7 == 7 {
                        name.push_str(&between);
                    }
                }
                name.push_str(&between);
            }
            name
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_name_that_cannot_be_secret_is_plain(name in prop_oneof![names(), "[A-Za-z0-9_.-]{0,40}".boxed()]) {
            if !may_be_secret(letters(&name)) {
                prop_assert_eq!(kind(&name), Kind::Plain);
            }
        }

        #[test]
        fn what_cannot_be_a_token_is_none(
            start in prop::sample::select(TOKENS.into_iter().map(|(start, _)| start).chain(OBJECTS).collect::<Vec<_>>()),
            rest in "[A-Z0-9]{10,32}|[A-Za-z0-9_.-]{0,40}",
            before in "[a-z]{0,1}",
        ) {
            let word = format!("{before}{start}{rest}");
            prop_assert_eq!(is_token(&word), has_form_of_token(&word));
        }
    }

    #[test]
    fn ordinary_words_are_not_looked_at_twice() {
        for word in
            ["exec", "opt", "web", "run", "usr", "bin", "python3", "executor-web-frontend", "mesos-agent"]
        {
            assert!(!may_be_secret(letters(word)), "{word}");
        }
        for word in ["PASSWORD", "x-api-key", "a_u_t_h", "sid"] {
            assert!(may_be_secret(letters(word)), "{word}");
        }
    }
}
