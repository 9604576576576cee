//! Plain HTTP to master and agent.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use ureq::http::Request;

use crate::credentials::Credential;
use crate::error::{Context, Result};

/// Mesos answers at once or not at all.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The state of a master with tens of thousands of tasks.
const MAX_BODY: u64 = 256 * 1024 * 1024;

static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
    ureq::Agent::config_builder()
        // A refusal is an answer that tests look at, not an error.
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        // A proxy from the environment has no business on loopback.
        .proxy(None)
        .user_agent("mesos-testbed")
        .build()
        .into()
});

/// What Mesos answered.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Response {
    /// The first header of that name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body)
            .context(|| format!("not JSON, with status {}: {}", self.status, self.body))
    }
}

/// Sends a request with exactly these headers, beside those without which it would not be HTTP.
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Response> {
    let doing = || format!("cannot {method} {url}");
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = if body.is_empty() {
        AGENT.run(request.body(()).context(doing)?)
    } else {
        AGENT.run(request.body(body).context(doing)?)
    };
    let mut answer = answer.context(doing)?;
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Response {
        status: answer.status().as_u16(),
        headers: answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: answer.body_mut().with_config().limit(MAX_BODY).read_to_string().context(doing)?,
    })
}

/// The value of an `Authorization` header for basic authentication.
pub(crate) fn basic(auth: &Credential) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", auth.principal, auth.secret)))
}
