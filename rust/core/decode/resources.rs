//! Resources: single ones that somebody asks for, and sums of many.

use super::{
    things::id,
    wire::{
        Fields, Result,
        numbers::mesos::{resource, value},
    },
};
use crate::event::{Text, mesos::Resources};

pub(super) fn scalar(message: &[u8]) -> Result<f64> {
    let mut amount = 0.0;
    for field in Fields::of(message) {
        if let (value::scalar::VALUE, value) = field? {
            amount = value.double()?;
        }
    }
    Ok(amount)
}

pub(super) fn push_ranges(message: &[u8], text: &mut String) -> Result<()> {
    let before = text.len();
    for field in Fields::of(message) {
        let (value::ranges::RANGE, range) = field? else { continue };
        let (mut begin, mut end) = (0, 0);
        for field in Fields::of(range.bytes()?) {
            match field? {
                (value::range::BEGIN, value) => begin = value.number()?,
                (value::range::END, value) => end = value.number()?,
                _ => {}
            }
        }
        if text.len() > before {
            text.push(',');
        }
        text.push_str(&format!("{begin}-{end}"));
    }
    Ok(())
}

/// A Resource, as far as somebody asks.
#[derive(Debug, Default)]
pub(super) struct Resource<'a> {
    pub(super) name: Option<Text<'a>>,
    pub(super) amount: Option<f64>,
    ranges: Option<&'a [u8]>,
    /// Role that it is allocated to.
    allocated: Option<Text<'a>>,
    /// Innermost role that it is reserved for.
    pub(super) reserved: Option<Text<'a>>,
    pub(super) principal: Option<Text<'a>>,
    pub(super) volume_id: Option<Text<'a>>,
}

impl<'a> Resource<'a> {
    pub(super) fn read(message: &'a [u8]) -> Result<Self> {
        use resource::{allocation_info, disk_info, reservation_info};
        let mut read = Self::default();
        let (mut old_role, mut volume_principal) = (None, None);
        for field in Fields::of(message) {
            let (number, value) = field?;
            match number {
                resource::NAME => read.name = value.some_text()?,
                // JSON has no NaN and no infinity, and Mesos refuses both.
                resource::SCALAR => read.amount = Some(scalar(value.bytes()?)?).filter(|n| n.is_finite()),
                resource::RANGES => read.ranges = Some(value.bytes()?),
                resource::ROLE => old_role = value.some_text()?,
                resource::ALLOCATION_INFO => read.allocated = id(value.bytes()?, allocation_info::ROLE)?,
                // In refined form there are several, the innermost last.
                resource::RESERVATION | resource::RESERVATIONS => {
                    for field in Fields::of(value.bytes()?) {
                        match field? {
                            (reservation_info::ROLE, value) => read.reserved = value.some_text()?,
                            (reservation_info::PRINCIPAL, value) => read.principal = value.some_text()?,
                            _ => {}
                        }
                    }
                }
                resource::DISK => {
                    for field in Fields::of(value.bytes()?) {
                        let (disk_info::PERSISTENCE, value) = field? else { continue };
                        for field in Fields::of(value.bytes()?) {
                            match field? {
                                (disk_info::persistence::ID, value) => read.volume_id = value.some_text()?,
                                (disk_info::persistence::PRINCIPAL, value) => {
                                    volume_principal = value.some_text()?
                                }
                                _ => {}
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        read.reserved = read.reserved.or(old_role).filter(|role| role != "*");
        read.principal = volume_principal.or(read.principal);
        Ok(read)
    }
}

/// Amounts by name. Names that a cluster made up itself are left out: their unit is unknown.
#[derive(Debug, Default)]
pub(super) struct Sum<'a> {
    resources: Resources<'a>,
    allocated: Option<Text<'a>>,
    reserved: Option<Text<'a>>,
}

impl<'a> Sum<'a> {
    pub(super) fn add(&mut self, message: &'a [u8]) -> Result<()> {
        let resource = Resource::read(message)?;
        self.allocated = self.allocated.take().or(resource.allocated);
        self.reserved = self.reserved.take().or(resource.reserved);
        let slot = match resource.name.as_deref() {
            Some("cpus") => &mut self.resources.cpus,
            Some("mem") => &mut self.resources.mem,
            Some("disk") => &mut self.resources.disk,
            Some("gpus") => &mut self.resources.gpus,
            Some("ports") => {
                if let Some(ranges) = resource.ranges {
                    let ports = self.resources.ports.get_or_insert_default().to_mut();
                    if !ports.is_empty() {
                        ports.push(',');
                    }
                    push_ranges(ranges, ports)?;
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        *slot = Some(slot.unwrap_or(0.0) + resource.amount.unwrap_or(0.0)).filter(|sum| sum.is_finite());
        Ok(())
    }

    pub(super) fn resources(&mut self) -> Option<Resources<'a>> {
        Some(std::mem::take(&mut self.resources)).filter(|sum| *sum != Resources::default())
    }

    /// The role that the resources are allocated to; before allocation, the one that they are reserved for.
    pub(super) fn role(self) -> Option<Text<'a>> {
        self.allocated.or(self.reserved)
    }
}
