//! Which modules are loaded, by which flags, and what to know about it.

use std::path::{self, Path};

use super::{
    args::{Args, Scheme, Sorter},
    manifest::Manifest,
};

const ANONYMOUS: &str = "org_mesos_audit_Anonymous";
const HOOK: &str = "org_mesos_audit_Hook";
const AUTHORIZER: &str = "org_mesos_audit_Authorizer";
const AUTHENTICATOR: &str = "org_mesos_audit_Authenticator";
const ALLOCATOR: &str = "org_mesos_audit_Allocator";
const HTTP: &str = "org_mesos_audit_HttpAuthenticator";
const HTTP_FRAMEWORK: &str = "org_mesos_audit_HttpFrameworkAuthenticator";

/// All that is to be set.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) manifest: Manifest,
    pub(crate) modules_file: String,
    pub(crate) flags: Vec<Flag>,
    pub(crate) notes: Vec<String>,
}

/// `--name=value`.
#[derive(Debug)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

impl Plan {
    /// The plan for these arguments.
    ///
    /// # Errors
    /// They contradict each other, or a path cannot be written into JSON.
    pub(crate) fn new(args: &Args) -> Result<Self, String> {
        let schemes = schemes(args)?;
        let config = maybe(args.config.as_deref())?;
        let modules_file = match args.modules_file.as_deref().or(args.write.as_deref()) {
            Some(file) => absolute(file)?,
            None => format!("/etc/mesos-audit/{}-modules.json", args.process()),
        };
        let mut plan = Self {
            manifest: Manifest::new(absolute(&args.library)?),
            modules_file: modules_file.clone(),
            flags: Vec::new(),
            notes: Vec::new(),
        };
        plan.flag("modules", modules_file);
        plan.manifest.add(ANONYMOUS, &[("config", config.as_deref())]);
        plan.manifest.add(HOOK, &[("config", config.as_deref())]);
        plan.flag("hooks", HOOK);
        plan.authorizer(args, config.as_deref())?;
        plan.authenticator(args, config.as_deref())?;
        plan.http(args, config.as_deref(), &schemes)?;
        plan.allocator(args, config.as_deref());
        plan.note("Modules and hooks that are loaded already stay: add to their JSON's \"libraries\" and, with a comma, to --hooks.");
        if config.is_none() {
            plan.note("Without --config the defaults hold; see them with: mesos-audit config show-defaults");
        }
        Ok(plan)
    }

    fn authorizer(&mut self, args: &Args, config: Option<&str>) -> Result<(), String> {
        if args.no_authorizer {
            self.note("The authorizer is left to Mesos: no authorization events.");
            return Ok(());
        }
        let Some(acls) = maybe(args.acls.as_deref())? else {
            self.note("Without --acls Mesos has no authorizer, so ours is not loaded and there are no authorization events. An ACL file that says {\"permissive\": true} permits all, and records it.");
            return Ok(());
        };
        self.manifest.add(AUTHORIZER, &[("config", config), ("acls", Some(&acls))]);
        // The master's flag is a list by name, of which Mesos supports one element.
        self.flag(if args.master { "authorizers" } else { "authorizer" }, AUTHORIZER);
        self.note("Remove Mesos's own --acls: it is ignored beside an authorizer module, which takes the ACLs as its parameter.");
        Ok(())
    }

    fn authenticator(&mut self, args: &Args, config: Option<&str>) -> Result<(), String> {
        if args.agent {
            return Ok(());
        }
        if args.no_authenticator {
            self.note("The authentication of frameworks and agents is left to Mesos: no events of it.");
            return Ok(());
        }
        let Some(credentials) = maybe(args.credentials.as_deref())? else {
            self.note("Without --credentials frameworks and agents cannot log in, so the authenticator is not loaded.");
            return Ok(());
        };
        self.manifest.add(AUTHENTICATOR, &[("config", config)]);
        self.flag("authenticators", AUTHENTICATOR);
        self.flag("authenticate_frameworks", "true");
        self.flag("authenticate_agents", "true");
        self.flag("credentials", credentials);
        self.note("From now on frameworks and agents must log in: start each mesos-agent with --credential. To let others in as well, leave out --authenticate_frameworks or --authenticate_agents; who logs in is still recorded.");
        Ok(())
    }

    fn http(&mut self, args: &Args, config: Option<&str>, schemes: &[Scheme]) -> Result<(), String> {
        let frameworks = args.master && !args.no_http_framework_authenticator;
        if args.no_http_authenticator && !frameworks {
            self.note("The authentication of HTTP requests is left to Mesos: no api_request events.");
            return Ok(());
        }
        if schemes.is_empty() {
            self.note("Without --credentials or --secret-key HTTP requests are not authenticated: no api_request events.");
            return Ok(());
        }
        let realm = args.realm.clone().unwrap_or_else(|| format!("mesos-{}-readwrite", args.process()));
        let names: Vec<_> = schemes.iter().map(|scheme| scheme.name()).collect();
        let names = names.join(",");
        let of = |scheme, path: Option<&Path>| maybe(path.filter(|_| schemes.contains(&scheme)));
        let credentials = of(Scheme::Basic, args.credentials.as_deref())?;
        let secret_key = of(Scheme::Jwt, args.secret_key.as_deref())?;
        let parameters = |realm| {
            [
                ("config", config),
                ("authenticators", Some(names.as_str())),
                ("authentication_realm", Some(realm)),
                ("credentials", credentials.as_deref()),
                ("secret_key", secret_key.as_deref()),
            ]
        };
        if !args.no_http_authenticator {
            self.manifest.add(HTTP, &parameters(realm.as_str()));
            self.flag("http_authenticators", HTTP);
            self.flag("authenticate_http_readonly", "true");
            self.flag("authenticate_http_readwrite", "true");
            self.note("Name no other authenticator beside ours in --http_authenticators: each would report the other's requests as failures. Give --http-authenticators basic,jwt instead.");
            self.note(&format!("Mesos serves its read-only and its read-write endpoints from this one module, so challenges name one realm for both: {realm}."));
        }
        if frameworks {
            self.manifest.add(HTTP_FRAMEWORK, &parameters(args.framework_realm.as_str()));
            self.flag("http_framework_authenticators", HTTP_FRAMEWORK);
            self.flag("authenticate_http_frameworks", "true");
        }
        if schemes.contains(&Scheme::Jwt) {
            self.note("jwt needs a Mesos that was built with SSL.");
        }
        if args.agent && !args.no_http_authenticator {
            self.executors(secret_key.as_deref());
        }
        Ok(())
    }

    fn allocator(&mut self, args: &Args, config: Option<&str>) {
        if !args.with_allocator {
            return;
        }
        let sorter = args.sorter.map(Sorter::name);
        self.manifest
            .add(ALLOCATOR, &[("config", config), ("role_sorter", sorter), ("framework_sorter", sorter)]);
        self.flag("allocator", ALLOCATOR);
        self.note("Remove Mesos's own --role_sorter and --framework_sorter: they are ignored beside an allocator module. Give --sorter here instead.");
    }

    /// The agent's executor realm is served by the same module.
    fn executors(&mut self, secret_key: Option<&str>) {
        match secret_key {
            Some(key) => self.note(&format!("To have executors authenticated as well, add --authenticate_http_executors=true --jwt_secret_key={key}: the agent signs their tokens with that key.")),
            None => self.note("If the agent runs with --authenticate_http_executors, give --secret-key (its --jwt_secret_key) here too: this module then checks the executors' tokens."),
        }
    }

    fn flag(&mut self, name: &'static str, value: impl Into<String>) {
        self.flags.push(Flag { name, value: value.into() });
    }

    fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }
}

/// The HTTP schemes that are wanted, each with the file it needs.
fn schemes(args: &Args) -> Result<Vec<Scheme>, String> {
    let has = |scheme| match scheme {
        Scheme::Basic => args.credentials.is_some(),
        Scheme::Jwt => args.secret_key.is_some(),
    };
    if args.http_authenticators.is_empty() {
        return Ok([Scheme::Basic, Scheme::Jwt].into_iter().filter(|&scheme| has(scheme)).collect());
    }
    for (index, &scheme) in args.http_authenticators.iter().enumerate() {
        if args.http_authenticators[..index].contains(&scheme) {
            return Err(format!("--http-authenticators: {} is there twice", scheme.name()));
        }
        if !has(scheme) {
            let option = if scheme == Scheme::Basic { "--credentials" } else { "--secret-key" };
            return Err(format!("--http-authenticators: {} needs {option}", scheme.name()));
        }
    }
    if args.secret_key.is_some() && !args.http_authenticators.contains(&Scheme::Jwt) {
        return Err("--secret-key: of no use without jwt in --http-authenticators".to_owned());
    }
    if args.agent && args.credentials.is_some() && !args.http_authenticators.contains(&Scheme::Basic) {
        return Err("--credentials: of no use on an agent without basic in --http-authenticators".to_owned());
    }
    Ok(args.http_authenticators.clone())
}

fn maybe(path: Option<&Path>) -> Result<Option<String>, String> {
    path.map(absolute).transpose()
}

/// Mesos does not run where this command runs.
fn absolute(path: &Path) -> Result<String, String> {
    let whole = path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
    whole.into_os_string().into_string().map_err(|path| format!("{}: no UTF-8", path.display()))
}
