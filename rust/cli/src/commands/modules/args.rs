//! The arguments of `modules`.

use std::path::PathBuf;

use clap::{ArgGroup, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  Frameworks, agents and operators log in, ACLs decide:
      mesos-audit modules --master --config /etc/mesos-audit/audit.toml \\
          --credentials /etc/mesos/credentials.json --acls /etc/mesos/acls.json

  An agent whose API takes passwords, and tokens of its executors:
      mesos-audit modules --agent --config /etc/mesos-audit/audit.toml \\
          --credentials /etc/mesos/http_credentials.json \\
          --secret-key /etc/mesos/jwt.key --acls /etc/mesos/acls.json

  Save the modules, and keep the flags in a file of their own:
      mesos-audit modules --master \\
          --write /etc/mesos-audit/master-modules.json > master.flags

Always loaded are org_mesos_audit_Anonymous (Mesos's own errors; starts the pipeline) and org_mesos_audit_Hook (launches, statuses, losses). The authorizer is loaded with --acls, the
authenticators with --credentials or --secret-key: without those, Mesos itself would decide and authenticate nothing, and loading ours would change that. The
allocator is loaded with --with-allocator only: it tells every offer, which is much, and it stands between Mesos and its resources.

Exit status:
  0  printed; files that are not on this machine, or wrong, are named as notes on stderr
  2  wrong usage, or --write failed";

/// Print the modules JSON and the flags with which Mesos loads mesos-audit
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group(ArgGroup::new("process").required(true)))]
pub(crate) struct Args {
    /// For mesos-master
    #[arg(long, group = "process")]
    pub(crate) master: bool,

    /// For mesos-agent
    #[arg(long, group = "process")]
    pub(crate) agent: bool,

    /// The module, as it is on the Mesos node
    #[arg(long, value_name = "PATH", default_value = "/usr/local/lib/libmesos_audit.so")]
    pub(crate) library: PathBuf,

    /// The configuration that every module gets [default: none, which means the built-in defaults]
    #[arg(long, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,

    /// ACLs for the authorizer. Mesos's own --acls is ignored with a module
    #[arg(long, value_name = "FILE")]
    pub(crate) acls: Option<PathBuf>,

    /// Principals and secrets, for HTTP basic and, on the master, for frameworks and agents
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials: Option<PathBuf>,

    /// The key that signs JSON Web Tokens, for HTTP jwt
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key: Option<PathBuf>,

    /// HTTP schemes: basic, jwt or both [default: basic with --credentials, jwt with --secret-key]
    #[arg(long, value_name = "SCHEMES", value_delimiter = ',')]
    pub(crate) http_authenticators: Vec<Scheme>,

    /// The realm that HTTP challenges name [default: mesos-master-readwrite or mesos-agent-readwrite]
    #[arg(long, value_name = "NAME")]
    pub(crate) realm: Option<String>,

    /// The realm that challenges to HTTP frameworks name
    #[arg(long, value_name = "NAME", default_value = "mesos-master-scheduler", conflicts_with = "agent")]
    pub(crate) framework_realm: String,

    /// Also record what is offered, allocated, reserved and limited: wraps Mesos's allocator
    #[arg(long, conflicts_with = "agent")]
    pub(crate) with_allocator: bool,

    /// How the wrapped allocator sorts roles and frameworks, as Mesos's --role_sorter and --framework_sorter [default: drf]
    #[arg(long, value_enum, requires = "with_allocator")]
    pub(crate) sorter: Option<Sorter>,

    /// Leave the authorizer to Mesos, even with --acls
    #[arg(long, help_heading = "Leaving out")]
    pub(crate) no_authorizer: bool,

    /// Leave the authentication of frameworks and agents (SASL) to Mesos
    #[arg(long, conflicts_with = "agent", help_heading = "Leaving out")]
    pub(crate) no_authenticator: bool,

    /// Leave the authentication of HTTP requests to Mesos
    #[arg(long, help_heading = "Leaving out")]
    pub(crate) no_http_authenticator: bool,

    /// Leave the authentication of HTTP frameworks to Mesos
    #[arg(long, conflicts_with = "agent", help_heading = "Leaving out")]
    pub(crate) no_http_framework_authenticator: bool,

    /// Save the modules JSON there, and print the flags only
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,

    /// Where the modules JSON is on the Mesos node [default: --write, or /etc/mesos-audit/PROCESS-modules.json]
    #[arg(long, value_name = "PATH")]
    pub(crate) modules_file: Option<PathBuf>,

    /// How all is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// What authenticates an HTTP request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    /// Name and password
    Basic,
    /// JSON Web Tokens; needs a Mesos built with SSL
    Jwt,
}

impl Scheme {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Jwt => "jwt",
        }
    }
}

/// How an allocator sorts. Mesos wants the same for roles and frameworks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sorter {
    /// By dominant resource fairness
    Drf,
    /// By weighted chance
    Random,
}

impl Sorter {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Drf => "drf",
            Self::Random => "random",
        }
    }
}

/// How all is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// To read and copy from
    Text,
    /// One object with modules, flags and notes
    Json,
}

impl Args {
    /// `master` or `agent`.
    pub(crate) const fn process(&self) -> &'static str {
        if self.master { "master" } else { "agent" }
    }

    /// The program's name.
    pub(crate) fn program(&self) -> String {
        format!("mesos-{}", self.process())
    }
}
