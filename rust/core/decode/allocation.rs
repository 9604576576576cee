//! The allocator: who takes part, what is offered, taken and given back, and by which rules.

use super::{
    Callback,
    resources::{Resource, Sum, scalar},
    things,
    wire::{
        Fields, Result, Value, name,
        numbers::{
            allocator::inverse_offer_status,
            mesos::{
                duration_info, filters, offer::operation, request, time_info, unavailability, weight_info,
            },
            record::{conversion, quantity, record, verdict},
        },
    },
};
use crate::{
    clock::Timestamp,
    event::{
        Draft, Text,
        allocation::{Allocation, Operation, Unavailability},
        ecs::{Error, Outcome, User},
        mesos::{AuthzResource, Mesos, Resources},
    },
};

pub(super) fn allocation<'a>(callback: Callback, fields: &'a [u8], draft: &mut Draft<'a>) -> Result<()> {
    let mut read = Reader { allocation: Allocation::default(), sum: Sum::default(), active: false };
    for field in Fields::of(fields) {
        let (number, value) = field?;
        match number {
            record::VERDICT => draft.outcome = Some(outcome(value.int32()?)),
            record::DURATION_NS => draft.duration = Some(value.number()?),
            record::REASON => draft.error = Some(Error { message: value.text()? }),
            _ => read.field(number, value, &mut draft.mesos)?,
        }
    }
    let principal = draft.mesos.framework.as_ref().and_then(|framework| framework.principal.clone());
    draft.user = principal.map(|name| User { name });
    draft.mesos.allocation = read.finish(callback, &mut draft.mesos).map(Box::new);
    Ok(())
}

struct Reader<'a> {
    allocation: Allocation<'a>,
    sum: Sum<'a>,
    active: bool,
}

impl<'a> Reader<'a> {
    fn field(&mut self, number: u32, value: Value<'a>, mesos: &mut Mesos<'a>) -> Result<()> {
        let into = &mut self.allocation;
        match number {
            record::FRAMEWORK => things::framework(value.bytes()?, mesos)?,
            record::FRAMEWORK_ID => things::framework_id(value.bytes()?, mesos)?,
            record::AGENT => things::agent(value.bytes()?, mesos)?,
            record::AGENT_ID => things::agent_id(value.bytes()?, mesos)?,
            record::RESOURCE => self.sum.add(value.bytes()?)?,
            record::ROLE => mesos.role = value.some_text()?,
            record::ROLES => into.roles.push(value.text()?),
            record::ACTIVE => self.active = value.number()? != 0,
            record::GUARANTEE => {
                let quota = into.quota.get_or_insert_default();
                read_quantity(value.bytes()?, quota.guarantees.get_or_insert_default())?;
            }
            record::LIMIT => {
                let quota = into.quota.get_or_insert_default();
                read_quantity(value.bytes()?, quota.limits.get_or_insert_default())?;
            }
            record::WEIGHT => {
                for field in Fields::of(value.bytes()?) {
                    match field? {
                        (weight_info::ROLE, value) => mesos.role = value.some_text()?,
                        (weight_info::WEIGHT, value) => into.weight = finite(value)?,
                        _ => {}
                    }
                }
            }
            record::UNAVAILABILITY => into.unavailability = Some(read_unavailability(value.bytes()?)?),
            record::INVERSE_OFFER_STATUS => into.inverse_offer = read_status(value.bytes()?)?,
            record::FILTERS => {
                for field in Fields::of(value.bytes()?) {
                    if let (filters::REFUSE_SECONDS, value) = field? {
                        into.refuse_seconds = finite(value)?;
                    }
                }
            }
            record::CONVERSION => into.operations.push(read_conversion(value.bytes()?)?),
            record::OPERATION => into.operations.push(read_operation(value.bytes()?)?),
            record::HOSTS => into.hosts.push(value.text()?),
            record::WANTED => {
                for field in Fields::of(value.bytes()?) {
                    match field? {
                        (request::SLAVE_ID, value) => things::agent_id(value.bytes()?, mesos)?,
                        (request::RESOURCES, value) => self.sum.add(value.bytes()?)?,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What a field means depends on who was called.
    fn finish(mut self, callback: Callback, mesos: &mut Mesos<'a>) -> Option<Allocation<'a>> {
        let mut into = self.allocation;
        into.resources = self.sum.resources();
        let says = |yes: &'static str, no: &'static str| Some(if self.active { yes } else { no }.into());
        match callback {
            Callback::AllocatorAddFramework => {
                into.state = says("active", "inactive");
                into.suppressed_roles = std::mem::take(&mut into.roles);
            }
            Callback::AllocatorUpdateFramework => into.suppressed_roles = std::mem::take(&mut into.roles),
            Callback::AllocatorRecoverResources => into.state = says("allocated", "offered"),
            Callback::AllocatorUpdateWhitelist => into.state = says("restricted", "open"),
            Callback::AllocatorUpdateQuota | Callback::AllocatorRecover => {
                into.quota.get_or_insert_default();
            }
            _ => {}
        }
        // An agent's resources are of many roles.
        let of_one_role = !matches!(
            callback,
            Callback::AllocatorAddSlave
                | Callback::AllocatorUpdateSlave
                | Callback::AllocatorAddResourceProvider
        );
        if of_one_role {
            mesos.role = mesos.role.take().or(self.sum.role());
        }
        Some(into).filter(|allocation| *allocation != Allocation::default())
    }
}

fn outcome(verdict: i32) -> Outcome {
    match verdict {
        verdict::ALLOWED => Outcome::Success,
        verdict::DISCARDED => Outcome::Unknown,
        _ => Outcome::Failure,
    }
}

/// JSON has no NaN and no infinity.
fn finite(value: Value<'_>) -> Result<Option<f64>> {
    value.double().map(|number| Some(number).filter(|number| number.is_finite()))
}

fn read_quantity<'a>(message: &'a [u8], into: &mut Resources<'a>) -> Result<()> {
    let (mut name, mut amount) = (None, 0.0);
    for field in Fields::of(message) {
        match field? {
            (quantity::NAME, value) => name = value.some_text()?,
            (quantity::AMOUNT, value) => amount = scalar(value.bytes()?)?,
            _ => {}
        }
    }
    let slot = match name.as_deref() {
        Some("cpus") => &mut into.cpus,
        Some("mem") => &mut into.mem,
        Some("disk") => &mut into.disk,
        Some("gpus") => &mut into.gpus,
        _ => return Ok(()),
    };
    *slot = Some(amount).filter(|amount: &f64| amount.is_finite());
    Ok(())
}

fn read_unavailability(message: &[u8]) -> Result<Unavailability> {
    let mut read = Unavailability::default();
    for field in Fields::of(message) {
        match field? {
            (unavailability::START, value) => {
                read.start = nanoseconds(value, time_info::NANOSECONDS)?
                    .map(|nanos| Timestamp::from_micros(nanos.div_euclid(1000)));
            }
            (unavailability::DURATION, value) => {
                // Mesos refuses a negative one.
                read.duration = nanoseconds(value, duration_info::NANOSECONDS)?
                    .map(|nanos| u64::try_from(nanos).unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(read)
}

/// A TimeInfo or a DurationInfo.
#[allow(clippy::cast_possible_wrap)] // As protobuf does.
fn nanoseconds(value: Value<'_>, wanted: u32) -> Result<Option<i64>> {
    let mut found = None;
    for field in Fields::of(value.bytes()?) {
        let (number, value) = field?;
        if number == wanted {
            found = Some(value.number()? as i64);
        }
    }
    Ok(found)
}

fn read_status<'a>(message: &[u8]) -> Result<Option<Text<'a>>> {
    let mut found = None;
    for field in Fields::of(message) {
        if let (inverse_offer_status::STATUS, value) = field? {
            found = Some(name(inverse_offer_status::status::NAMES, value.int32()?, "STATUS"));
        }
    }
    Ok(found)
}

fn read_conversion(message: &[u8]) -> Result<Operation<'_>> {
    let mut read = Operation::default();
    for field in Fields::of(message) {
        match field? {
            (conversion::CONSUMED, value) => read.consumed.push(resource(value)?),
            (conversion::CONVERTED, value) => read.converted.push(resource(value)?),
            _ => {}
        }
    }
    Ok(read)
}

fn read_operation(message: &[u8]) -> Result<Operation<'_>> {
    let mut read = Operation::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        // Of each kind: the fields whose resources go, and those whose resources come.
        let (gone, new): (&[u32], &[u32]) = match number {
            operation::TYPE => {
                read.kind = Some(name(operation::r#type::NAMES, value.int32()?, "TYPE"));
                continue;
            }
            operation::RESERVE => (&[operation::reserve::SOURCE], &[operation::reserve::RESOURCES]),
            operation::UNRESERVE => (&[operation::unreserve::RESOURCES], &[]),
            operation::CREATE => (&[], &[operation::create::VOLUMES]),
            operation::DESTROY => (&[operation::destroy::VOLUMES], &[]),
            operation::GROW_VOLUME => {
                (&[operation::grow_volume::VOLUME, operation::grow_volume::ADDITION], &[])
            }
            operation::SHRINK_VOLUME => (&[operation::shrink_volume::VOLUME], &[]),
            operation::CREATE_DISK => (&[operation::create_disk::SOURCE], &[]),
            operation::DESTROY_DISK => (&[operation::destroy_disk::SOURCE], &[]),
            _ => continue,
        };
        for field in Fields::of(value.bytes()?) {
            let (number, value) = field?;
            if gone.contains(&number) {
                read.consumed.push(resource(value)?);
            } else if new.contains(&number) {
                read.converted.push(resource(value)?);
            }
        }
    }
    Ok(read)
}

fn resource(value: Value<'_>) -> Result<AuthzResource<'_>> {
    Resource::read(value.bytes()?).map(Into::into)
}
