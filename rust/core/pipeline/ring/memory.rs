//! The ring's bytes.

use std::{
    io,
    ptr::{self, NonNull},
    slice,
};

use super::sync::AtomicU64;

/// The smallest page there is. Touching more often than needed costs little.
const PAGE_BYTES: usize = 4096;

const CACHE_LINE: usize = 64;

/// Zeroed memory, mapped and touched: a page fault on one of Mesos's threads takes longer than the record.
#[derive(Debug)]
pub(super) struct Memory {
    base: NonNull<u8>,
    bytes: usize,
}

// SAFETY: the mapping belongs to this value alone and is tied to no thread. What is shared in it is either
// atomic (`word`) or under the rules of the unsafe methods, which forbid races.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    /// # Errors
    /// There is no such amount of memory.
    pub(super) fn new(bytes: usize) -> io::Result<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a new mapping at an address of the kernel's choice touches nothing that exists.
        let address = unsafe { libc::mmap(ptr::null_mut(), bytes, protection, flags, -1, 0) };
        if address == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(address.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        let memory = Self { base, bytes };
        // Both are wishes, so a kernel that does not know them is no error. Large pages save address look-ups.
        memory.advise(libc::MADV_HUGEPAGE);
        // Mesos forks. Without this each fork would make the parent's next write to each page a fault and a
        // copy, and let the child read what was submitted. The child has no worker and finds zeroes.
        memory.advise(libc::MADV_WIPEONFORK);
        for offset in (0..bytes).step_by(PAGE_BYTES) {
            // SAFETY: the offset is inside the mapping.
            let page = unsafe { memory.base.add(offset) };
            // SAFETY: the page is mapped for writing, and nobody else knows of it yet.
            unsafe { page.write_volatile(0) };
        }
        Ok(memory)
    }

    fn advise(&self, advice: libc::c_int) {
        // SAFETY: the range is this mapping, and neither kind of advice changes what this process reads in it.
        unsafe { libc::madvise(self.base.as_ptr().cast(), self.bytes, advice) };
    }

    /// The word at an offset, a multiple of 8.
    pub(super) fn word(&self, offset: usize) -> &AtomicU64 {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.bytes);
        // SAFETY: the offset is inside the mapping, by the assertion.
        let word = unsafe { self.base.add(offset) };
        // SAFETY: mapped for as long as `self` lives, and aligned, since the mapping is. Plain accesses to the
        // same bytes (`write`, `zero`) are ordered before and after the atomic ones by their own rules.
        unsafe { AtomicU64::from_ptr(word.as_ptr().cast()) }
    }

    /// Has the processor fetch the lines at an offset, to be written soon. A wish: it waits for nothing.
    #[inline]
    pub(super) fn prefetch(&self, offset: usize, bytes: usize) {
        for line in (offset..(offset + bytes).min(self.bytes)).step_by(CACHE_LINE) {
            // SAFETY: the offset is inside the mapping.
            let address = unsafe { self.base.add(line) };
            #[cfg(target_arch = "x86_64")]
            // SAFETY: every x86-64 processor has the instruction, and it accesses nothing as far as a program can tell.
            unsafe {
                core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_ET0 }>(
                    address.as_ptr().cast(),
                );
            }
            #[cfg(not(target_arch = "x86_64"))]
            let _ = address;
        }
    }

    /// # Safety
    /// Nobody else accesses that range until the caller has published the write.
    pub(super) unsafe fn write(&self, offset: usize, bytes: &[u8]) {
        debug_assert!(offset + bytes.len() <= self.bytes);
        // SAFETY: inside the mapping: the caller owns the range, and ranges are handed out inside it only.
        let target = unsafe { self.base.add(offset) };
        // SAFETY: the range is the caller's alone, so it is not `bytes` either.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), target.as_ptr(), bytes.len()) };
    }

    /// # Safety
    /// What was written to that range happened before, and nobody writes to it while the slice lives.
    pub(super) unsafe fn read(&self, offset: usize, bytes: usize) -> &[u8] {
        debug_assert!(offset + bytes <= self.bytes);
        // SAFETY: inside the mapping, as in `write`.
        let source = unsafe { self.base.add(offset) };
        // SAFETY: mapped, initialised by the kernel, and not written to, by the caller's promise.
        unsafe { slice::from_raw_parts(source.as_ptr(), bytes) }
    }

    /// # Safety
    /// As for [`Memory::write`].
    pub(super) unsafe fn zero(&self, offset: usize, bytes: usize) {
        debug_assert!(offset + bytes <= self.bytes);
        // SAFETY: inside the mapping, as in `write`.
        let target = unsafe { self.base.add(offset) };
        // SAFETY: the range is the caller's alone.
        unsafe { ptr::write_bytes(target.as_ptr(), 0, bytes) };
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, and references into it borrow `self`.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.bytes) };
    }
}
