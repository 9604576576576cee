//! The worker's side: judges every draft, counts, and takes another policy when the file changes.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use super::{
    Facts, Policy, Table, Verdict, counted::Counts, foreseen::Foreseen, level::to_metadata, watch::Watch,
};
use crate::{
    config::{self, Config, Loaded, PolicyLevel as Level},
    error::Error,
    event::{
        Action, Draft,
        health::Suppressed,
        mesos::{Applied, Audit, Decision, PolicyState},
    },
    telemetry,
};

/// Belongs to the worker. Only [`Governor::table`] is shared, with Mesos's threads.
#[derive(Debug)]
pub struct Governor {
    policy: Policy,
    table: Arc<Table>,
    foreseen: Foreseen,
    counts: Counts,
    /// By rule, since the start.
    skipped: BTreeMap<String, u64>,
    watch: Option<Watch>,
    /// What the process runs with; only its policy is ever renewed.
    running: Config,
    durable: Vec<(i32, String)>,
    /// Keys that the file says otherwise than the process runs with, as they were told.
    restart: Vec<String>,
}

impl Governor {
    /// # Errors
    /// The rules mean nothing; [`config::load`] has told that before.
    pub fn new(loaded: &Loaded) -> Result<Self, Error> {
        let policy = Policy::new(&loaded.config.policy)?;
        Ok(Self {
            table: Arc::new(Table::new(&policy)),
            foreseen: Foreseen::new(&policy),
            policy,
            counts: Counts::new(loaded.config.policy.interval_s),
            skipped: BTreeMap::new(),
            watch: loaded.path.clone().map(Watch::new),
            durable: loaded.config.authorization.durable_names()?,
            restart: Vec::new(),
            running: loaded.config.clone(),
        })
    }

    /// What Mesos's threads ask.
    #[must_use]
    pub fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table)
    }

    /// What is told of the policy where a file begins.
    #[must_use]
    pub fn state(&self) -> PolicyState<'static> {
        PolicyState {
            digest: self.policy.digest().to_owned().into(),
            rules: self.policy.len() as u64,
            ..PolicyState::default()
        }
    }

    /// Leaves in the draft what the rules want, and gives the place of that which decided, for [`Governor::mark_by`]. None
    /// where it becomes no event of its own: it is counted then.
    pub fn admit(&mut self, draft: &mut Draft<'_>) -> Option<usize> {
        let Verdict { level, index, .. } = self.policy.judge(&Facts::of_draft(draft));
        match level {
            Level::Full => {}
            Level::Metadata => to_metadata(draft),
            Level::Count => {
                self.counts.add(index, draft);
                return None;
            }
            Level::Skip => {
                let (rule, _) = self.policy.rule(index);
                add(&mut self.skipped, rule, 1);
                return None;
            }
        }
        Some(index)
    }

    /// What marks a decision of which no more than this need be known to say that it is recorded in full. None where more is to
    /// be asked, or less is recorded: [`Governor::admit`] knows.
    #[must_use]
    pub fn admits(&self, action: i32, decision: Decision) -> Option<Applied<'_>> {
        let (rule, _) = self.policy.rule(self.foreseen.full(action, decision)?);
        Some(Applied { digest: self.policy.digest().into(), rule: rule.into() })
    }

    /// Marks the draft with the rule that decided on it. In place, as a draft is large.
    pub fn mark_by<'a>(&'a self, index: usize, draft: &mut Draft<'a>) {
        if !draft.action.is_of_mesos() {
            return;
        }
        let counting = || self.table.counting_rule(draft.mesos.authz.as_ref()?.action_id?);
        let counted = if draft.action == Action::AuthorizationSummary { counting() } else { None };
        let (rule, _) = self.policy.rule(counted.unwrap_or(index));
        draft.mesos.policy = Some(Applied { digest: self.policy.digest().into(), rule: rule.into() });
    }

    /// Marks the draft, which becomes an event whatever the rules say.
    pub fn mark<'a>(&'a self, mut draft: Draft<'a>) -> Draft<'a> {
        let index = self.policy.judge(&Facts::of_draft(&draft)).index;
        self.mark_by(index, &mut draft);
        draft
    }

    /// Tells what was counted, where it is time; with `all`, at once.
    pub fn tell_counted(&mut self, all: bool, mut each: impl FnMut(Draft<'_>)) {
        if all || self.counts.is_due(Instant::now()) {
            for (index, mut draft) in self.counts.take() {
                self.mark_by(index, &mut draft);
                each(draft);
            }
        }
    }

    /// What was skipped since the start, by rule.
    pub fn suppressed(&mut self) -> Vec<Suppressed<'static>> {
        self.collect_skipped();
        let told = |(rule, count): (&String, &u64)| Suppressed { rule: rule.clone().into(), count: *count };
        self.skipped.iter().map(told).collect()
    }

    fn collect_skipped(&mut self) {
        for (index, count) in self.table.take_skipped() {
            let (rule, _) = self.policy.rule(index);
            add(&mut self.skipped, rule, count);
        }
    }

    /// Reads the file again if it has changed, and tells what there is to be told of that.
    pub fn look(&mut self, now: Instant, mut each: impl FnMut(Draft<'_>)) {
        let Some(watch) = &mut self.watch else { return };
        if !watch.has_news(now) {
            return;
        }
        let path = watch.path().to_owned();
        let read = config::load(Some(&path)).and_then(|loaded| {
            let policy = Policy::new(&loaded.config.policy)?;
            // Those of the file need a restart; those that hold now are what an answer waits for.
            policy.check_durable(&self.durable).map_err(|error| error.file(&path))?;
            Ok((loaded, policy))
        });
        match read {
            Ok((loaded, policy)) => self.take(&loaded, policy, each),
            Err(error) => {
                telemetry::ConfigRefused { error: &error }.emit();
                let mut draft = Draft::new(Action::AuditConfigRefused);
                draft.error = Some(crate::event::ecs::Error { message: error.to_string().into() });
                draft.mesos.audit = Some(Box::new(Audit { policy: Some(self.state()), ..Audit::default() }));
                each(draft);
            }
        }
    }

    fn take(&mut self, loaded: &Loaded, policy: Policy, mut each: impl FnMut(Draft<'_>)) {
        let restart = self.running.differences(&loaded.config);
        let same = policy.digest() == self.policy.digest()
            && loaded.config.policy.interval_s == self.running.policy.interval_s;
        if same && restart == self.restart {
            return;
        }
        let previous = self.policy.digest().to_owned();
        if !same {
            // Rules are known by their place: what the old ones have counted and skipped is theirs.
            self.tell_counted(true, &mut each);
            self.collect_skipped();
            self.table.fill(&policy);
            self.foreseen = Foreseen::new(&policy);
            self.counts = Counts::new(loaded.config.policy.interval_s);
            self.policy = policy;
            self.running.policy = loaded.config.policy.clone();
        }
        self.restart.clone_from(&restart);
        telemetry::ConfigChanged { policy: self.policy.digest(), restart: &restart }.emit();
        let mut draft = Draft::new(Action::AuditConfigChanged);
        let state = PolicyState {
            previous: Some(previous.into()),
            restart: restart.into_iter().map(Into::into).collect(),
            ..self.state()
        };
        let config = crate::event::mesos::Config {
            path: loaded.path.as_ref().map(|path| path.display().to_string().into()),
            sha256: loaded.sha256.clone().into(),
        };
        draft.mesos.audit =
            Some(Box::new(Audit { policy: Some(state), config: Some(config), ..Audit::default() }));
        each(draft);
    }
}

fn add(sums: &mut BTreeMap<String, u64>, rule: &str, count: u64) {
    match sums.get_mut(rule) {
        Some(sum) => *sum += count,
        None => _ = sums.insert(rule.to_owned(), count),
    }
}
