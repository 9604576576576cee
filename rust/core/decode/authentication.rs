//! Authentication, and the HTTP requests that it was asked for.

use std::net::IpAddr;

use super::{
    authorization::claims,
    nonempty, text,
    wire::record::{Record, Verdict},
};
use crate::event::{
    Action, Draft,
    ecs::{Error, Http, HttpRequest, Outcome, Source, Url, User, UserAgent},
    mesos::{Api, Authn, AuthnResult},
};

/// A framework or an agent that logged in over libprocess. A failed one has no principal: SASL does not say
/// whom it was tried for.
pub(super) fn sasl(record: &Record) -> Draft {
    let mut draft = verdict(record, "sasl");
    draft.source = Some(peer(&record.peer));
    draft
}

/// A request: the login, and the request itself.
pub(super) fn http(record: &Record) -> Vec<Draft> {
    let mut login = verdict(record, "http");
    login.source = Some(client(record));
    login.http = Some(Http { request: HttpRequest { method: text(&record.method) } });
    login.url = Some(Url {
        path: text(&record.path),
        query_keys: record.query_key.iter().map(|key| text(key)).collect(),
    });
    login.user_agent = nonempty(&record.user_agent).map(|original| UserAgent { original });
    let claims = claims(record.claims.as_ref());
    if let Some(authn) = &mut login.mesos.authn {
        authn.claims = claims;
    }

    let mut request = Draft::new(Action::ApiRequest);
    request.user.clone_from(&login.user);
    request.source.clone_from(&login.source);
    request.http.clone_from(&login.http);
    request.url.clone_from(&login.url);
    request.user_agent.clone_from(&login.user_agent);
    // The authenticator never sees the response: what is known is whether the request was let in.
    request.outcome = login.outcome;
    request.mesos.authn = login.mesos.authn.clone();
    request.mesos.api = nonempty(&record.call_type).map(|call_type| Api { call_type: Some(call_type) });
    vec![login, request]
}

fn verdict(record: &Record, kind: &str) -> Draft {
    let mut draft = Draft::new(Action::Authentication);
    let (result, outcome) = match record.verdict() {
        Verdict::Allowed => (AuthnResult::Success, Outcome::Success),
        Verdict::Denied => (AuthnResult::Failure, Outcome::Failure),
        Verdict::Forbidden => (AuthnResult::Forbidden, Outcome::Failure),
        Verdict::Discarded => (AuthnResult::Discarded, Outcome::Unknown),
        Verdict::Error | Verdict::Unspecified => (AuthnResult::Error, Outcome::Unknown),
    };
    draft.outcome = Some(outcome);
    draft.duration = Some(record.duration_ns);
    draft.error = nonempty(&record.reason).map(|message| Error { message });
    draft.user = nonempty(&record.principal).map(|name| User { name });
    draft.mesos.authn = Some(Authn {
        kind: Some(kind.to_owned()),
        scheme: nonempty(&record.scheme),
        realm: nonempty(&record.realm),
        result: Some(result),
        claims: Vec::new(),
    });
    draft
}

/// A UPID as Mesos prints it: `id@ip:port`, the IP in brackets where it is version 6.
fn peer(upid: &[u8]) -> Source {
    let address = text(upid);
    let socket = address.rsplit_once('@').map_or(address.as_str(), |(_, socket)| socket);
    let (ip, port) = match socket.rsplit_once(':') {
        Some((ip, port)) => (ip.trim_matches(['[', ']']).parse::<IpAddr>().ok(), port.parse().ok()),
        None => (None, None),
    };
    Source { ip: ip.map(|ip| ip.to_string()), port, address: nonempty(upid), forwarded_for: None }
}

fn client(record: &Record) -> Source {
    let ip = match *record.client_ip {
        [a, b, c, d] => Some(IpAddr::from([a, b, c, d])),
        ref bytes => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
    };
    Source {
        ip: ip.map(|ip| ip.to_string()),
        port: u16::try_from(record.client_port).ok().filter(|port| *port != 0),
        address: record.unix_socket.then(|| "unix".to_owned()),
        forwarded_for: nonempty(&record.forwarded_for),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_taken_apart_and_kept_whole() {
        let four = peer(b"scheduler-1@127.0.0.1:4567");
        assert_eq!((four.ip.as_deref(), four.port), (Some("127.0.0.1"), Some(4567)));
        assert_eq!(four.address.as_deref(), Some("scheduler-1@127.0.0.1:4567"));
        let six = peer(b"slave(1)@[::1]:5051");
        assert_eq!((six.ip.as_deref(), six.port), (Some("::1"), Some(5051)));
        let odd = peer(b"\xff@nowhere");
        assert_eq!((odd.ip, odd.port), (None, None));
    }
}
