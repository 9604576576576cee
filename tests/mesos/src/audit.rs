//! The audit module on a cluster: which modules are loaded with which parameters, and which flags name them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cluster::ClusterBuilder;
use crate::credentials::Credentials;
use crate::error::{Context, Result};
use crate::paths;

/// The module's settings on a cluster. Everything but the allocator is loaded unless told otherwise.
#[derive(Debug, Clone)]
pub struct Audit {
    library: PathBuf,
    log: PathBuf,
    config: String,
    config_path: Option<PathBuf>,
    acls: Option<String>,
    schemes: String,
    secret_key: Option<PathBuf>,
    without: Vec<String>,
    allocator: bool,
    realm: bool,
}

impl Audit {
    /// Everybody who can log in to an audited cluster.
    #[must_use]
    pub fn people() -> Credentials {
        Credentials::new()
            .with("ops", "ops-secret")
            .with("auditor", "auditor-secret")
            .with("marathon", "marathon-secret")
            .with("batch", "batch-secret")
            .with("agent", "agent-secret")
    }

    /// `batch` may run tasks as `nobody` only, `auditor` sees no tasks; all else is open.
    #[must_use]
    pub fn acls() -> Value {
        let batch = json!({"values": ["batch"]});
        json!({
            "run_tasks": [{"principals": batch, "users": {"values": ["nobody"]}},
                          {"principals": batch, "users": {"type": "NONE"}}],
            "view_tasks": [{"principals": {"values": ["auditor"]}, "users": {"type": "NONE"}}],
        })
    }

    /// The module in that library, writing to `log`.
    #[must_use]
    pub fn new(library: &Path, log: &Path) -> Self {
        Self {
            library: library.to_owned(),
            log: log.to_owned(),
            config: String::new(),
            config_path: None,
            acls: Some(Self::acls().to_string()),
            schemes: "basic".to_owned(),
            secret_key: None,
            without: Vec::new(),
            allocator: false,
            realm: true,
        }
    }

    /// The library that a preset builds: `release` is `build/libmesos_audit.so`.
    #[must_use]
    pub fn library(preset: &str) -> PathBuf {
        let build = paths::checkout().join("build");
        if preset == "release" { build } else { build.join(preset) }.join("libmesos_audit.so")
    }

    /// Adds lines to the configuration (which begins with the table `output`).
    #[must_use]
    pub fn config(mut self, toml: &str) -> Self {
        self.config = toml.to_owned();
        self
    }

    /// Names another configuration file, which may be missing or wrong.
    #[must_use]
    pub fn config_path(mut self, path: &Path) -> Self {
        self.config_path = Some(path.to_owned());
        self
    }

    /// Sets the authorizer's parameter `acls`: JSON, or a path. None leaves it out.
    #[must_use]
    pub fn acls_parameter(mut self, acls: Option<String>) -> Self {
        self.acls = acls;
        self
    }

    /// Sets the HTTP modules' parameter `authenticators`, with the key that `jwt` needs.
    #[must_use]
    pub fn schemes(mut self, schemes: &str, secret_key: Option<&Path>) -> Self {
        self.schemes = schemes.to_owned();
        self.secret_key = secret_key.map(Path::to_owned);
        self
    }

    /// Leaves the HTTP modules' realm out.
    #[must_use]
    pub fn without_realm(mut self) -> Self {
        self.realm = false;
        self
    }

    /// Wraps the allocator too, which is not loaded otherwise.
    #[must_use]
    pub fn with_allocator(mut self) -> Self {
        self.allocator = true;
        self
    }

    /// Leaves a module out: `Authorizer`, `Hook`, ...
    #[must_use]
    pub fn without(mut self, module: &str) -> Self {
        self.without.push(module.to_owned());
        self
    }

    /// Puts it on a cluster in which everybody of [`people`](Self::people) has to log in.
    pub fn install(self, cluster: ClusterBuilder) -> Result<ClusterBuilder> {
        let config = match &self.config_path {
            Some(path) => path.clone(),
            None => {
                let path = cluster.dir().join("audit.toml");
                let text =
                    format!("[output]\npath = {:?}\n{}\n", self.log.display().to_string(), self.config);
                fs::write(&path, text).context(|| format!("cannot write {}", path.display()))?;
                path
            }
        };
        let mut cluster =
            cluster.credentials(&Self::people())?.agent_credential("agent", "agent-secret")?.authenticate();
        let credentials = cluster.dir().join("credentials.json");
        cluster = cluster.modules(&self.modules(&config, &credentials))?;
        for (module, flag) in [
            ("Authorizer", "authorizers"),
            ("Authenticator", "authenticators"),
            ("HttpAuthenticator", "http_authenticators"),
            ("HttpFrameworkAuthenticator", "http_framework_authenticators"),
        ] {
            if self.loads(module) {
                cluster = cluster.flag(flag, name(module));
            }
        }
        if self.allocator {
            cluster = cluster.allocator(&self.library, &name("Allocator"));
        }
        if self.loads("Hook") {
            cluster = cluster.hook(&name("Hook"));
        }
        Ok(cluster)
    }

    fn loads(&self, module: &str) -> bool {
        if module == "Allocator" {
            return self.allocator;
        }
        !self.without.iter().any(|name| name == module)
    }

    fn modules(&self, config: &Path, credentials: &Path) -> Value {
        let mut modules = Vec::new();
        for module in [
            "Anonymous",
            "Hook",
            "Authorizer",
            "Authenticator",
            "HttpAuthenticator",
            "HttpFrameworkAuthenticator",
            "Allocator",
        ] {
            if !self.loads(module) {
                continue;
            }
            let mut parameters = vec![json!({"key": "config", "value": config})];
            let mut set = |key: &str, value: Option<String>| {
                parameters.extend(value.map(|value| json!({"key": key, "value": value})));
            };
            if module == "Authorizer" {
                set("acls", self.acls.clone());
            }
            if module.starts_with("Http") {
                set("authentication_realm", self.realm.then(|| "mesos-audit-test".to_owned()));
                set("authenticators", Some(self.schemes.clone()));
                set("credentials", self.schemes.contains("basic").then(|| credentials.display().to_string()));
                set("secret_key", self.secret_key.as_ref().map(|path| path.display().to_string()));
            }
            modules.push(json!({"name": name(module), "parameters": parameters}));
        }
        json!({"libraries": [{"file": self.library, "modules": modules}]})
    }
}

fn name(module: &str) -> String {
    format!("org_mesos_audit_{module}")
}
