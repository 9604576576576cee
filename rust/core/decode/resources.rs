//! Resources: single ones that somebody asks for, and sums of many.

use super::{
    id::id_bytes,
    plain::Amounts,
    wire::{
        Fields, Result,
        numbers::mesos::{resource, value},
        some_text,
    },
};
use crate::event::{
    Text,
    mesos::{AuthzResource, Resources},
};

#[inline]
pub(super) fn scalar(message: &[u8]) -> Result<f64> {
    // Nearly always the number is all that there is.
    const TAG: u8 = (value::scalar::VALUE << 3 | 1) as u8;
    match message {
        [TAG, a, b, c, d, e, f, g, h] => Ok(f64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])),
        _ => scalar_of_several(message),
    }
}

fn scalar_of_several(message: &[u8]) -> Result<f64> {
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

/// A Resource, as far as somebody asks. Its texts are bytes until they are wanted, as most never are; what is absent is empty.
#[derive(Debug, Default)]
pub(super) struct Resource<'a> {
    name: &'a [u8],
    amount: Option<f64>,
    ranges: Option<&'a [u8]>,
    /// Role that it is allocated to.
    allocated: &'a [u8],
    /// Innermost role that it is reserved for.
    reserved: &'a [u8],
    principal: &'a [u8],
    volume_id: &'a [u8],
}

impl<'a> Resource<'a> {
    #[inline]
    pub(super) fn read(message: &'a [u8]) -> Result<Self> {
        use resource::{allocation_info, disk_info, reservation_info};
        let mut read = Self::default();
        let (mut old_role, mut volume_principal): (&[u8], &[u8]) = (&[], &[]);
        for field in Fields::of(message) {
            let (number, value) = field?;
            match number {
                resource::NAME => read.name = value.bytes()?,
                // JSON has no NaN and no infinity, and Mesos refuses both.
                resource::SCALAR => read.amount = Some(scalar(value.bytes()?)?).filter(|n| n.is_finite()),
                resource::RANGES => read.ranges = Some(value.bytes()?),
                resource::ROLE => old_role = value.bytes()?,
                resource::ALLOCATION_INFO => {
                    read.allocated = id_bytes(value.bytes()?, allocation_info::ROLE)?
                }
                // In refined form there are several, the innermost last.
                resource::RESERVATION | resource::RESERVATIONS => {
                    for field in Fields::of(value.bytes()?) {
                        match field? {
                            (reservation_info::ROLE, value) => read.reserved = value.bytes()?,
                            (reservation_info::PRINCIPAL, value) => read.principal = value.bytes()?,
                            _ => {}
                        }
                    }
                }
                resource::DISK => {
                    for field in Fields::of(value.bytes()?) {
                        let (disk_info::PERSISTENCE, value) = field? else { continue };
                        for field in Fields::of(value.bytes()?) {
                            match field? {
                                (disk_info::persistence::ID, value) => read.volume_id = value.bytes()?,
                                (disk_info::persistence::PRINCIPAL, value) => {
                                    volume_principal = value.bytes()?;
                                }
                                _ => {}
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if read.reserved.is_empty() {
            read.reserved = old_role;
        }
        if read.reserved == b"*" {
            read.reserved = &[];
        }
        if !volume_principal.is_empty() {
            read.principal = volume_principal;
        }
        Ok(read)
    }
}

impl<'a> From<Resource<'a>> for AuthzResource<'a> {
    fn from(read: Resource<'a>) -> Self {
        Self {
            name: some_text(read.name),
            amount: read.amount,
            role: some_text(read.reserved),
            principal: some_text(read.principal),
            volume_id: some_text(read.volume_id),
        }
    }
}

/// Amounts by name. Names that a cluster made up itself are left out: their unit is unknown.
#[derive(Debug, Default)]
pub(super) struct Sum<'a> {
    resources: Resources<'a>,
    // The first role that is told; empty where none is.
    allocated: &'a [u8],
    reserved: &'a [u8],
}

impl<'a> Sum<'a> {
    pub(super) fn add(&mut self, message: &'a [u8]) -> Result<()> {
        let resource = Resource::read(message)?;
        if self.allocated.is_empty() {
            self.allocated = resource.allocated;
        }
        if self.reserved.is_empty() {
            self.reserved = resource.reserved;
        }
        let slot = match resource.name {
            b"cpus" => &mut self.resources.cpus,
            b"mem" => &mut self.resources.mem,
            b"disk" => &mut self.resources.disk,
            b"gpus" => &mut self.resources.gpus,
            b"ports" => {
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
        some_text(self.role_bytes())
    }

    /// Its bytes; empty where there is none.
    pub(super) fn role_bytes(&self) -> &'a [u8] {
        if self.allocated.is_empty() { self.reserved } else { self.allocated }
    }

    /// The amounts; none where there are ports beside them.
    pub(super) fn plain_amounts(&self) -> Option<Amounts> {
        let Resources { cpus, mem, disk, gpus, ports } = &self.resources;
        ports.is_none().then_some([*cpus, *mem, *disk, *gpus])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn an_amount_is_read_the_same_at_once(bytes: Vec<u8>, number: [u8; 8], tag in 8_u8..18) {
            let alone = [&[tag][..], &number].concat();
            for message in [&bytes, &alone, &[alone.clone(), alone.clone()].concat()] {
                let (once, again) = (scalar(message), scalar_of_several(message));
                proptest::prop_assert_eq!(once.map(f64::to_bits), again.map(f64::to_bits));
            }
        }
    }
}
