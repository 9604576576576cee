//! Authentication, and the HTTP requests that it was asked for.

use std::net::IpAddr;

use super::{
    authorization::read_claims,
    wire::{
        Fields, Result,
        numbers::record::{record, verdict},
    },
};
use crate::clock::Timestamp;
use crate::event::{
    Action, Draft, Text,
    ecs::{Error, HttpRequest, Outcome, Source, User, UserAgent},
    mesos::{Api, Authn, AuthnResult},
};

/// A framework or an agent that logged in over libprocess. A failed one has no principal: SASL does not say whom it was
/// tried for.
pub(super) fn sasl(fields: &[u8]) -> Result<Draft<'_>> {
    Login::read("sasl", fields).map(|login| login.draft)
}

/// A request: the login, and the request itself.
pub(super) fn http<'a>(fields: &'a [u8], each: &mut dyn FnMut(Draft<'a>)) -> Result<()> {
    let Login { draft: mut login, call_type } = Login::read("http", fields)?;
    // What the client did not send is still part of what a request is.
    login.source.get_or_insert_default();
    login.http.get_or_insert_default();
    login.url.get_or_insert_default();

    let mut request = Draft::at(Timestamp::default(), Action::ApiRequest);
    request.user.clone_from(&login.user);
    request.source.clone_from(&login.source);
    request.http.clone_from(&login.http);
    request.url.clone_from(&login.url);
    request.user_agent.clone_from(&login.user_agent);
    // The authenticator never sees the response: what is known is whether the request was let in.
    request.outcome = login.outcome;
    request.mesos.authn.clone_from(&login.mesos.authn);
    request.mesos.api = call_type.map(|call_type| Api { call_type: Some(call_type) });
    each(login);
    each(request);
    Ok(())
}

struct Login<'a> {
    draft: Draft<'a>,
    call_type: Option<Text<'a>>,
}

impl<'a> Login<'a> {
    fn read(kind: &'static str, fields: &'a [u8]) -> Result<Self> {
        let mut draft = Draft::at(Timestamp::default(), Action::Authentication);
        let mut authn = Authn { kind: Some(kind.into()), ..Authn::default() };
        let mut call_type = None;
        let mut said = 0;
        for field in Fields::of(fields) {
            let (number, value) = field?;
            match number {
                record::VERDICT => said = value.int32()?,
                record::DURATION_NS => draft.duration = Some(value.number()?),
                record::REASON => draft.error = value.some_text()?.map(|message| Error { message }),
                record::PRINCIPAL => draft.user = value.some_text()?.map(|name| User { name }),
                record::SCHEME => authn.scheme = value.some_text()?,
                record::REALM => authn.realm = value.some_text()?,
                record::CLAIMS => authn.claims = read_claims(value.bytes()?)?.0,
                record::CALL_TYPE => call_type = value.some_text()?,
                record::PEER => peer(value.text()?, draft.source.get_or_insert_default()),
                record::CLIENT_IP => source(&mut draft).ip = ip(value.bytes()?),
                record::CLIENT_PORT => {
                    source(&mut draft).port = u16::try_from(value.number()?).ok().filter(|p| *p != 0)
                }
                record::UNIX_SOCKET => source(&mut draft).address = Some("unix".into()),
                record::FORWARDED_FOR => source(&mut draft).forwarded_for = value.some_text()?,
                record::METHOD => request(&mut draft).method = value.text()?,
                record::REQUEST_ID => request(&mut draft).id = value.some_text()?,
                record::PATH => draft.url.get_or_insert_default().path = value.text()?,
                record::QUERY_KEY => draft.url.get_or_insert_default().query_keys.push(value.text()?),
                record::USER_AGENT => {
                    draft.user_agent = value.some_text()?.map(|original| UserAgent { original })
                }
                _ => {}
            }
        }
        let (result, outcome) = match said {
            verdict::ALLOWED => (AuthnResult::Success, Outcome::Success),
            verdict::DENIED => (AuthnResult::Failure, Outcome::Failure),
            verdict::FORBIDDEN => (AuthnResult::Forbidden, Outcome::Failure),
            verdict::DISCARDED => (AuthnResult::Discarded, Outcome::Unknown),
            _ => (AuthnResult::Error, Outcome::Unknown),
        };
        authn.result = Some(result);
        draft.outcome = Some(outcome);
        draft.mesos.authn = Some(Box::new(authn));
        Ok(Self { draft, call_type })
    }
}

fn source<'a, 'd>(draft: &'d mut Draft<'a>) -> &'d mut Source<'a> {
    draft.source.get_or_insert_default()
}

fn request<'a, 'd>(draft: &'d mut Draft<'a>) -> &'d mut HttpRequest<'a> {
    &mut draft.http.get_or_insert_default().request
}

/// A UPID as Mesos prints it: `id@ip:port`, the IP in brackets where it is version 6.
pub(super) fn peer<'a>(upid: Text<'a>, source: &mut Source<'a>) {
    let socket = upid.rsplit_once('@').map_or(&*upid, |(_, socket)| socket);
    if let Some((ip, port)) = socket.rsplit_once(':') {
        source.ip = ip.trim_matches(['[', ']']).parse::<IpAddr>().ok().map(|ip| ip.to_string().into());
        source.port = port.parse().ok();
    }
    source.address = Some(upid);
}

fn ip(bytes: &[u8]) -> Option<Text<'static>> {
    let ip = match *bytes {
        [a, b, c, d] => IpAddr::from([a, b, c, d]),
        ref bytes => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
    };
    Some(ip.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_taken_apart_and_kept_whole() {
        let read = |upid: &'static [u8]| {
            let mut source = Source::default();
            peer(String::from_utf8_lossy(upid), &mut source);
            source
        };
        let four = read(b"scheduler-1@127.0.0.1:4567");
        assert_eq!((four.ip.as_deref(), four.port), (Some("127.0.0.1"), Some(4567)));
        assert_eq!(four.address.as_deref(), Some("scheduler-1@127.0.0.1:4567"));
        let six = read(b"slave(1)@[::1]:5051");
        assert_eq!((six.ip.as_deref(), six.port), (Some("::1"), Some(5051)));
        let odd = read(b"\xff@nowhere");
        assert_eq!((odd.ip, odd.port), (None, None));
    }
}
