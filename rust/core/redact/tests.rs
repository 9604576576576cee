use std::borrow::Cow;

use proptest::prelude::*;

use super::{MARKER, scrub, scrub_cut};

/// Text, and what is left of it.
const SECRETS: &[(&str, &str)] = &[
    // URIs.
    ("https://me:hunter2@example.org/x", "https://[redacted]@example.org/x"),
    ("fetch https://ghp_abc@example.org/x now", "fetch https://[redacted]@example.org/x now"),
    ("zk://mesos:hunter2@a:2181,b:2181/mesos", "zk://[redacted]@a:2181,b:2181/mesos"),
    ("postgres://u:hun/ter2@db/x", "postgres://[redacted]@db/x"),
    ("postgres://u:hun@ter2@db/x", "postgres://[redacted]@db/x"),
    ("https://u:hunter2-and-the-rest-was-cut", "https://u:[redacted]"),
    ("rsync me:hunter2@host::m", "rsync me:[redacted]@host::m"),
    ("rsync me:hun@ter/2@host::m", "rsync me:[redacted]@host::m"),
    ("s3n://AKIAIOSFODNN7EXAMPLE:wJalr/XU@bucket/key", "s3n://[redacted]@bucket/key"),
    // Queries.
    ("/master/state?jsonp=x&a[]=hunter2#t=1", "/master/state?jsonp=[redacted]&a[]=[redacted]#t=[redacted]"),
    ("get https://h/x?Signature=a%2Fb;k=v, then", "get https://h/x?Signature=[redacted];k=[redacted], then"),
    ("https://h/x?9fe01c22aabb4455", "https://h/x?[redacted]"),
    // Names and values.
    ("PASSWORD=hunter2 ./run", "PASSWORD=[redacted] ./run"),
    ("DB_PASS='hunter 2' ./run", "DB_PASS='[redacted]' ./run"),
    ("env DB_PWD=\"hun\\\"ter2\" x", "env DB_PWD=\"[redacted]\" x"),
    ("clientSecret: hunter2, next", "clientSecret: [redacted], next"),
    ("x-api-key = hunter2", "x-api-key = [redacted]"),
    ("AccountKey=aB+/c==;EndpointSuffix=x", "AccountKey=[redacted]"),
    ("{\"password\":\"hun\\\"ter2\",\"user\":\"me\"}", "{\"password\":\"[redacted]\",\"user\":\"me\"}"),
    (
        "{\\\"password\\\":\\\"hun\\\\\\\"ter2\\\",\\\"user\\\":1}",
        "{\\\"password\\\":\\\"[redacted]\\\",\\\"user\\\":1}",
    ),
    ("{\"password\": 12345, \"user\": 1}", "{\"password\": [redacted], \"user\": 1}"),
    ("{\"tokens\":[\"a}\",\"b]\"],\"n\":1}", "{\"tokens\":[redacted],\"n\":1}"),
    ("{'secret': {'value': 'x'}, 'n': 1}", "{'secret': [redacted], 'n': 1}"),
    ("os.environ['API_TOKEN'] = 'hunter2'", "os.environ['API_TOKEN'] = '[redacted]'"),
    ("password => hunter2", "password => [redacted]"),
    ("secret: \"hunter2\" principal: \"me\"", "secret: \"[redacted]\" principal: \"me\""),
    ("PASSWORD=\"b c\"'d e'f x", "PASSWORD=[redacted] x"),
    ("token=[redacted]hunter2", "token=[redacted]"),
    ("password: \"never closed", "password: \"[redacted]"),
    ("MESOS_EXECUTOR_AUTHENTICATION_TOKEN=abc", "MESOS_EXECUTOR_AUTHENTICATION_TOKEN=[redacted]"),
    ("Mesos-Stream-Id: 9f-1", "Mesos-Stream-Id: [redacted]"),
    ("_auth=abc", "_auth=[redacted]"),
    // Flags.
    ("run --password hunter2 --v 1", "run --password [redacted] --v 1"),
    ("run --token=hunter2 -v", "run --token=[redacted] -v"),
    ("run --api-key \"hun ter2\" -v", "run --api-key \"[redacted]\" -v"),
    ("[\"--password\", \"hunter2\"]", "[\"--password\", \"[redacted]\"]"),
    (
        "arguments: \"--password\" arguments: \"hunter2\"",
        "arguments: \"--password\" arguments: \"[redacted]\"",
    ),
    ("mysql -u root -phunter2 db", "mysql -u root -p[redacted] db"),
    ("mysqldump -p'hunter2' db", "mysqldump -p'[redacted]' db"),
    ("sshpass -p hunter2 ssh x", "sshpass -p [redacted] ssh x"),
    ("docker login -u me -p hunter2", "docker login -u me -p [redacted]"),
    ("curl -u me:hunter2 http://x", "curl -u me:[redacted] http://x"),
    ("curl --user=me:hun:ter2 http://x", "curl --user=me:[redacted] http://x"),
    // Headers.
    ("curl -H 'Authorization: Bearer hunter2' x", "curl -H 'Authorization: [redacted]' x"),
    ("curl -H \"Cookie: a='b'; c=d\" x", "curl -H \"Cookie: [redacted]\" x"),
    ("Authorization: Digest username=me\nHost: x", "Authorization: [redacted]\nHost: x"),
    ("authorization=Bearer hunter2 x", "authorization=[redacted] x"),
    ("sent Bearer abcdef.ghi-jkl", "sent Bearer [redacted]"),
    ("sent Basic bWU6aHVudGVyMg==", "sent Basic [redacted]"),
    // Tokens by their form.
    ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl.", "got [redacted]"),
    ("cut eyJhbGciOiJIUzI1NiJ9.eyJz", "cut [redacted]"),
    ("key AKIAIOSFODNN7EXAMPLE used", "key [redacted] used"),
    ("push ghp_16C7e42F292c6912E7710c838347Ae178B4a", "push [redacted]"),
    ("a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b", "a [redacted] b"),
    ("-----BEGIN EC PRIVATE KEY-----\\nMIIE", "[redacted]"),
    ("the token is 9fe01c22aabb4455.", "the token is [redacted]."),
    ("bad secret '9fe01c22aabb4455'", "bad secret '[redacted]'"),
    // What Mesos prints of whole messages.
    (
        "environment { variables { name: \"A\" type: VALUE value: \"hunter2\" } }",
        "environment { variables { name: \"A\" type: VALUE value: \"[redacted]\" } }",
    ),
    (
        "{\"variables\":[{\"name\":\"A\",\"type\":\"VALUE\",\"value\":\"hunter2\"}]}",
        "{\"variables\":[{\"name\":\"A\",\"type\":\"VALUE\",\"value\":\"[redacted]\"}]}",
    ),
    ("labels { key: \"a\" value: \"hunter2\" }", "labels { key: \"a\" value: \"[redacted]\" }"),
    ("parameters { key: \"env\" value: \"A=hunter2\" }", "parameters { key: \"env\" value: \"[redacted]\" }"),
    ("data: \"hun\\\"ter2\\000\" x", "data: \"[redacted]\" x"),
];

/// Lines as Mesos and its libraries write them, and commands without secrets: nothing of them may go.
const ORDINARY: &[&str] = &[
    "",
    "Received status update TASK_RUNNING (Status UUID: 2f9a1c1e-7a9d-4d0f-93a1-0f2f3c5d7e11) for task t-1 of framework 9cf7c5a0-2e1c-4a1e-8a52-0f2f3c5d7e11-0001",
    "Authorizing framework principal 'marathon' to launch task app.web.1",
    "Subscribing framework 'marathon' with checkpointing enabled and capabilities [ MULTI_ROLE, RESERVATION_REFINEMENT ]",
    "Registering agent at slave(1)@127.0.0.1:5051 (localhost) with id 9cf7c5a0-2e1c-4a1e-8a52-0f2f3c5d7e11-S0",
    "HTTP GET for /master/state from 127.0.0.1:41234 with User-Agent='curl/7.88.1': '200 OK' after 1.34592ms",
    "Creating default 'basic' HTTP authenticator for realm 'mesos-master-readonly'",
    "Using default 'crammd5' authenticator",
    "Failed to authenticate scheduler-1@127.0.0.1:4567: Received authentication step but no authentication session found",
    "Permissions on credential file '/etc/mesos/credentials' are too open; it is recommended that your credential file is NOT accessible by others",
    "Flags at startup: --credentials=/etc/mesos/credentials --jwt_secret_key=/etc/mesos/jwt --zk_session_timeout=10secs --authenticate_http_readwrite=true",
    "Loading credential for authentication from 'file:///etc/mesos/credential'",
    "Basic authentication failed; Bearer authentication is not configured; bearer tokens expired",
    "2026-11-23 10:00:00,123:1234(0x7f0a2c7f8700):ZOO_INFO@check_events@1775: session establishment complete on server [127.0.0.1:2181], sessionId=0x15b3f3c8d2a0001, negotiated timeout=10000",
    "Launching container 5b3f-1 for executor 'default' of framework 9cf7-0000 (name: web) at http://[::1]:5051/slave(1)",
    "Fetching URI 'https://example.org:8080/a/b.tgz' to '/var/lib/mesos/x@2.0'",
    "docker pull registry.example.org:5000/team/app:1.2@sha256:0123456789abcdef",
    "sh -c 'mkdir -p /a/b && cd $PWD && PWD=/x exec sleep 1000'",
    "mysql -h db; mkdir -p /a",
    "docker run -p 80:80 --user 1000:1000 nginx",
    "Elected as the leading master! cpus:4; mem:8192; ports:[31000-32000]",
    "passing the compass to authors; tokenizer; secretary; sessions",
    "{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":0.1}}",
    "resources { name: \"cpus\" type: SCALAR scalar { value: 0.1 } } task_id { value: \"t\" }",
    "Is it ready? yes=1; a==b ? c : d; std::token::next",
    "token: null, \"secret\": \"\"",
    "name with \u{e4}\u{1f600} and a\u{0}b",
];

#[test]
fn secrets_go_and_all_else_stays() {
    for (text, left) in SECRETS {
        assert_eq!(scrub(text), *left, "of {text}");
    }
}

#[test]
fn what_is_ordinary_is_not_even_copied() {
    for text in ORDINARY {
        assert!(matches!(scrub(text), Cow::Borrowed(_)), "{text}\n{}", scrub(text));
    }
}

#[test]
fn what_is_scrubbed_stays_as_it_is() {
    for (text, _) in SECRETS {
        let once = scrub(text);
        assert_eq!(scrub(&once), once, "of {text}");
    }
}

#[test]
fn a_secret_across_the_cut_is_still_one() {
    let text = format!("https://me:{}@host/", "hunter2".repeat(20));
    let (kept, cut) = scrub_cut(&text, 64);
    assert_eq!((&*kept, cut), ("https://[redacted]@host/", false));
    let (kept, cut) = scrub_cut(&text, 16);
    assert!(cut && !kept.contains("hunter2"), "{kept}");
    assert_eq!(scrub_cut("\u{e4}\u{e4}", 3), ("\u{e4}".into(), true));
}

/// Ways to make each scanner look far ahead, again and again. Quadratic, this would take minutes.
#[test]
fn no_text_takes_long() {
    for part in [
        "a",
        "-",
        ":",
        "://",
        "://a:b/",
        "@",
        "a:a@",
        "?a",
        "?a=",
        "&",
        "\"",
        "\\",
        "\\\"",
        "'",
        "name: \"",
        "key: \"x\" ",
        "token ",
        "token=[",
        "token={\"",
        "password ",
        "--password ",
        "-----BEGIN ",
        "Bearer ",
        "Basic a",
        "eyJ.",
        "a.",
        "curl -u a",
        "=",
        " ",
        "\t",
        "cookie:",
        "\"cookie: ",
        "mysql -p",
        "value: \"",
        "data:",
        "a:b",
        "[",
        "http://u:p",
        "session=0x",
        "session=0x1 ",
        "token {",
        "token [",
        "--token ",
        "token 'a'",
        "-u=;",
        "-u {",
        "-u 1:1 ",
        "credentials=/",
    ] {
        let text = part.repeat(300_000 / part.len());
        let scrubbed = scrub(&text);
        assert!(scrubbed.len() <= text.len() * MARKER.len(), "{part}");
    }
}

/// Pieces of which secrets are made.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "password",
        "=",
        ":",
        " ",
        "\"",
        "'",
        "\\",
        "--token",
        "?",
        "&",
        "@",
        "://",
        "https",
        "Bearer",
        "Basic",
        "eyJhbGciOiJI",
        ".",
        "[redacted]",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        "name: \"",
        "value: \"",
        "data: \"",
        "Cookie: ",
        "\n",
        "-----BEGIN ",
        "-----END ",
        "-----",
        "mysql",
        "-p",
        "-u",
        "AKIAIOSFODNN7EXAMPLE",
        "9fe01c22aabb4455",
        "secret",
        "/",
        "#",
        "\u{e4}",
        "`",
        "<",
        "authorization=",
    ]);
    prop::collection::vec(
        prop_oneof![3 => known.prop_map(str::to_owned), 1 => ".{0,4}".prop_map(|text| text)],
        0..24,
    )
    .prop_map(|parts| parts.concat())
}

/// Places for a secret, with `{}` where it goes.
const PLACES: &[&str] = &[
    "x --password {} y",
    "x --api-key={} y",
    "TOKEN={} run",
    "secret: {}",
    "{\"password\":\"{}\"}",
    "password: \"{}\" x: 1",
    "'apiKey': '{}'",
    "https://u:{}@host/x",
    "https://{}@host",
    "u:{}@host",
    "GET /x?k={} now",
    "/x?a=b&c={}",
    "Authorization: Basic {}",
    "-H 'Cookie: s={}; t' x",
    "Bearer {}",
    "variables { name: \"A\" value: \"{}\" }",
    "{\"key\":\"A\",\"value\":\"{}\"}",
    "data: \"{}\"",
    "mysql -p{} db",
    "curl -u me:{} x",
    "[\"--token\",\"{}\"]",
    "\\\"token\\\": \\\"{}\\\"",
    "-----BEGIN X-----\n{}\n-----END X-----",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn twice_is_once(text in pieces()) {
        let once = scrub(&text);
        let twice = scrub(&once);
        prop_assert_eq!(&twice, &once, "of {}", text);
        prop_assert!(once.len() <= text.len() * MARKER.len());
    }

    #[test]
    fn any_text_is_scrubbed(text in any::<String>(), keep in 0..40_usize) {
        let (kept, cut) = scrub_cut(&text, keep);
        prop_assert!(kept.len() <= keep);
        prop_assert!(cut || kept == scrub(&text));
    }

    #[test]
    fn no_planted_secret_survives(
        place in prop::sample::select(PLACES),
        secret in "[A-Za-z0-9][A-Za-z0-9+/_.!$%^*~-]{6,40}[A-Za-z0-9]",
        before in "[a-z ,.]{0,12}",
        after in "[a-z ,.]{0,12}",
    ) {
        let text = format!("{before} {} {after}", place.replace("{}", &secret));
        let scrubbed = scrub(&text);
        prop_assert!(!scrubbed.contains(&secret), "{} of {}", scrubbed, text);
        // Nor most of it.
        prop_assert!(!scrubbed.contains(&secret[..secret.len() - 2]), "{} of {}", scrubbed, text);
        prop_assert!(!scrubbed.contains(&secret[2..]), "{} of {}", scrubbed, text);
    }
}

#[test]
fn what_stands_in_a_value_that_is_no_secret_is_looked_at() {
    let text = "\"credential\": \"/etc/mesos https://me:hunter2@host/?token=hunter2\"";
    let scrubbed = scrub(text);
    assert!(scrubbed.contains("/etc/mesos") && !scrubbed.contains("hunter2"), "{scrubbed}");
}
