//! Where C++ and Rust meet: the only `#[cxx::bridge]`.
//!
//! Every function here may be called on any of Mesos's threads. None blocks longer than the configured queue
//! deadline, none panics across (see [`guard`]), and only those that return a `Result` can make the C++ side
//! throw; they are called at load time only.

mod files;
mod guard;
#[cfg(feature = "fault-injection")]
mod inject;
mod monotonic;
mod runtime;

use runtime::{
    await_record, call_type, claims_request, denies_unrecorded, fault, is_durable, is_durable_record,
    policy_levels, policy_skipped, policy_skips, prepare, read_acls, read_credentials, read_secret, record,
    record_at_once, record_before_answer, request_id, start, wants_line, watches_log,
};

#[cxx::bridge(namespace = "mesos_audit")]
// cxx makes its items `pub` though the module is private, and writes the unsafe code of the bridge itself.
#[allow(unreachable_pub, clippy::multiple_unsafe_ops_per_block)]
mod ffi {
    /// Which Mesos callback a record comes from. The values are those of nothing in Mesos.
    #[derive(Debug)]
    #[repr(u8)]
    enum Callback {
        /// `create` of one of the modules.
        ModuleStart = 1,
        /// `mesos::Authenticator::authenticate` settled.
        SaslAuthentication = 2,
        /// `process::http::authentication::Authenticator::authenticate` settled.
        HttpAuthentication = 3,
        /// `Authorizer::authorized` settled.
        Authorized = 4,
        /// `ObjectApprover::approved` answered.
        Approved = 5,
        /// An approver is gone whose decisions were only counted.
        ApprovalSummary = 6,
        /// `Authorizer::getApprover` failed or was discarded (successes are not recorded: they decide
        /// nothing).
        GetApprover = 7,
        /// `google::LogSink::send`: a line of Mesos's own log.
        LogLine = 8,
        /// `Hook::masterLaunchTaskResourceDecorator`.
        MasterLaunchTaskResources = 10,
        /// `Hook::masterLaunchTaskLabelDecorator`.
        MasterLaunchTaskLabels = 11,
        /// `Hook::masterSlaveLostHook`.
        MasterSlaveLost = 12,
        /// `Hook::slaveRunTaskLabelDecorator`.
        SlaveRunTaskLabels = 13,
        /// `Hook::slaveExecutorEnvironmentDecorator`.
        SlaveExecutorEnvironment = 14,
        /// `Hook::slavePreLaunchDockerTaskExecutorDecorator`.
        SlavePreLaunchDocker = 15,
        /// `Hook::slavePostFetchHook`.
        SlavePostFetch = 16,
        /// `Hook::slaveTaskStatusDecorator`.
        SlaveTaskStatus = 17,
        /// `Hook::slaveRemoveExecutorHook`.
        SlaveRemoveExecutor = 18,
        /// `Hook::slaveResourcesDecorator`.
        SlaveResources = 19,
        /// `Hook::slaveAttributesDecorator`.
        SlaveAttributes = 20,
        /// `Allocator::recover`: the quota of one role.
        AllocatorRecover = 40,
        /// `Allocator::addFramework`.
        AllocatorAddFramework = 41,
        /// `Allocator::removeFramework`.
        AllocatorRemoveFramework = 42,
        /// `Allocator::activateFramework`.
        AllocatorActivateFramework = 43,
        /// `Allocator::deactivateFramework`.
        AllocatorDeactivateFramework = 44,
        /// `Allocator::updateFramework`.
        AllocatorUpdateFramework = 45,
        /// `Allocator::addSlave`.
        AllocatorAddSlave = 46,
        /// `Allocator::removeSlave`.
        AllocatorRemoveSlave = 47,
        /// `Allocator::updateSlave`.
        AllocatorUpdateSlave = 48,
        /// `Allocator::addResourceProvider`.
        AllocatorAddResourceProvider = 49,
        /// `Allocator::activateSlave`.
        AllocatorActivateSlave = 50,
        /// `Allocator::deactivateSlave`.
        AllocatorDeactivateSlave = 51,
        /// `Allocator::updateWhitelist`.
        AllocatorUpdateWhitelist = 52,
        /// `Allocator::requestResources`: one of the requests.
        AllocatorRequestResources = 53,
        /// `Allocator::updateAllocation`.
        AllocatorUpdateAllocation = 54,
        /// `Allocator::updateAvailable` settled.
        AllocatorUpdateAvailable = 55,
        /// `Allocator::updateUnavailability`.
        AllocatorUpdateUnavailability = 56,
        /// `Allocator::updateInverseOffer`.
        AllocatorUpdateInverseOffer = 57,
        /// `Allocator::transitionOfferedToAllocated`.
        AllocatorTransition = 58,
        /// `Allocator::recoverResources`.
        AllocatorRecoverResources = 59,
        /// `Allocator::suppressOffers`.
        AllocatorSuppressOffers = 60,
        /// `Allocator::reviveOffers`.
        AllocatorReviveOffers = 61,
        /// `Allocator::updateQuota`.
        AllocatorUpdateQuota = 62,
        /// `Allocator::updateWeights`: the weight of one role.
        AllocatorUpdateWeights = 63,
        /// The allocator called the master's `offerCallback`: the resources of one agent for one role.
        AllocatorOffer = 64,
        /// The allocator called the master's `inverseOfferCallback`: one agent.
        AllocatorInverseOffer = 65,
        /// What one framework already holds on one agent that `Allocator::addSlave`, `addFramework` or
        /// `addResourceProvider` brings along.
        AllocatorUsed = 66,
    }

    /// Field numbers of `Record` in schema/record.proto, for the C++ side that writes it.
    #[derive(Debug)]
    #[repr(u32)]
    enum Field {
        Module = 1,
        Verdict = 2,
        DurationNs = 3,
        Reason = 4,
        Parameter = 5,
        Task = 10,
        Framework = 11,
        Agent = 12,
        Executor = 13,
        Status = 14,
        FrameworkId = 15,
        ContainerId = 16,
        Resource = 17,
        ContainerName = 18,
        Directory = 19,
        Request = 30,
        Subject = 31,
        Action = 32,
        Object = 33,
        Allowed = 34,
        Denied = 35,
        Errors = 36,
        Peer = 40,
        ClientIp = 41,
        ClientPort = 42,
        Method = 43,
        Path = 44,
        QueryKey = 45,
        UserAgent = 46,
        ForwardedFor = 47,
        Realm = 48,
        Scheme = 49,
        Principal = 50,
        Claims = 51,
        CallType = 52,
        UnixSocket = 53,
        RequestId = 54,
        AgentId = 60,
        Role = 61,
        Roles = 62,
        Active = 63,
        Guarantee = 64,
        Limit = 65,
        Weight = 66,
        Unavailability = 67,
        InverseOfferStatus = 68,
        Filters = 69,
        Conversion = 70,
        Operation = 71,
        Hosts = 72,
        Wanted = 73,
        Severity = 90,
        File = 91,
        Line = 92,
        Text = 93,
        TextBytes = 94,
    }

    /// Values of `Verdict` in schema/record.proto.
    #[derive(Debug)]
    #[repr(u8)]
    enum Verdict {
        Allowed = 1,
        Denied = 2,
        Error = 3,
        Discarded = 4,
        Forbidden = 5,
    }

    extern "Rust" {
        /// Starts the process's pipeline, or joins the one that runs. `config` is the path of the TOML file,
        /// or empty for the defaults (or for whatever the pipeline already runs with). Called from a module's
        /// `create`, before anything is recorded.
        ///
        /// # Errors
        /// Anything wrong with the configuration or its output: one line naming file, key and reason. Also
        /// when another module of the process was given a different file.
        fn start(config: &str, mesos_version: &str) -> Result<()>;

        /// Hands one serialised `Record` to the worker. Never blocks beyond the configured deadline, never
        /// fails: what cannot be taken is counted and announced in the stream. `at` is the record's time, in
        /// nanoseconds of CLOCK_MONOTONIC, or 0 for now.
        ///
        /// Two numbers and not a slice: to make one is a call of cxx, and another of its part in Rust, each in a page of code of
        /// its own, which a caller with cold caches has to wait for.
        ///
        /// # Safety
        /// `size` bytes can be read at `fields`, which is not null, and nobody writes there meanwhile.
        unsafe fn record(callback: Callback, fields: *const u8, size: usize, at: i64);

        /// Says that a record will come soon, so that what it needs is in the processor's caches then.
        fn prepare();

        /// Counts an exception that the C++ side caught in `callback` and announces it in the stream. `what`
        /// is its text.
        fn fault(callback: Callback, what: &[u8]);

        /// What the policy does with decisions on this authorization action, two bits for each of allowed, denied and
        /// failed, from the lowest: 0 recorded (or judged by more than the kind, later), 1 counted per approver, 2 skipped.
        /// One look-up; the answer may be another the next time.
        fn policy_levels(action: i32) -> u8;

        /// Counts a decision that is skipped: 0 allowed, 1 denied, 2 failed.
        fn policy_skipped(action: i32, decision: u8);

        /// Whether the policy has all that this callback (of a hook, or of the allocator) tells skipped; counts it then. One
        /// look-up; the answer may be another the next time.
        fn policy_skips(callback: Callback) -> bool;

        /// Whether a decision on this authorization action is given only after its record is on disk.
        fn is_durable(action: i32) -> bool;

        /// The same, of the action in a `Record` that holds a whole `authorization::Request`.
        fn is_durable_record(fields: &[u8]) -> bool;

        /// Whether a decision that could not be recorded in time becomes a denial.
        fn denies_unrecorded() -> bool;

        /// As `record`, but returns only when the record is on disk or the configured deadline has passed. Tells
        /// whether the decision may be given: not where the record is late and the configuration says to deny.
        fn record_before_answer(callback: Callback, fields: &[u8], at: i64) -> bool;

        /// Whether there are lines of Mesos's log that become events.
        fn watches_log() -> bool;

        /// Whether this line does. `file` is the source file without its folder. Takes no lock and waits for nothing: it
        /// is asked inside glog's lock.
        fn wants_line(severity: i32, file: &[u8], text: &[u8]) -> bool;

        /// As `record`, but never waits, whatever the configuration says: for callers that hold a lock. What finds no
        /// room is counted. Gives a number for `await_record`, 0 where it is lost.
        fn record_at_once(callback: Callback, fields: &[u8]) -> u64;

        /// Waits until that record is on disk, at the most the configured time for fatal lines.
        fn await_record(number: u64);

        /// The `type` of a v1 API call, from its body; empty where the path is no v1 API or the type cannot
        /// be found.
        fn call_type(path: &[u8], content_type: &[u8], body: &[u8]) -> String;

        /// A new id for an HTTP request: `http.request.id`, unique for ever. Takes no lock.
        fn request_id() -> String;

        /// Whether decisions are to tell this request, so that its id must travel as a claim of the principal. They are
        /// not where the configuration does not want it, nor where a claim would change what Mesos does. `call_type` is
        /// as `call_type` gives it.
        fn claims_request(path: &[u8], call_type: &[u8]) -> bool;

        /// ACLs as JSON text, from JSON text or from a file's path (also `file://`).
        ///
        /// # Errors
        /// The file cannot be read, or the text is no JSON object: one line naming file, key and reason.
        fn read_acls(value: &str) -> Result<String>;

        /// Credentials as the text of a JSON array, from a file in either of Mesos's formats (JSON, or a
        /// principal and a secret per line).
        ///
        /// # Errors
        /// The file cannot be read or parsed. The message never holds a secret.
        fn read_credentials(path: &str) -> Result<String>;

        /// A secret key from a file, all of it: the agent signs executors' tokens with the same file, and takes a newline at
        /// its end for a part of the key (`--jwt_secret_key`, src/slave/slave.cpp:350).
        ///
        /// # Errors
        /// The file cannot be read, is empty or is no UTF-8. The message never holds the secret.
        fn read_secret(path: &str) -> Result<String>;
    }
}

#[cfg(test)]
mod tests;
