//! Large buffers, kept by the allocator instead of given back after each invocation.

use std::hint::black_box;
use std::sync::Once;

/// From here on a buffer's pages cost more than what is written into them.
const LARGE: usize = 64 * 1024;
/// Lambda takes 6 MB; a buffer that grows by doubling gets to 8.
const LARGEST: usize = 8 << 20;

static KEEPING: Once = Once::new();

/// To be called with the size of what came or goes. The first large one makes the allocator keep such buffers: glibc
/// maps them one by one and unmaps them at once, so that every invocation has hundreds of page faults – half of what
/// a large answer costs. But it learns from what it frees (mallopt(3), `M_MMAP_THRESHOLD`): after one buffer of this size,
/// which nobody has touched and which therefore takes no memory, smaller ones stay in the heap. Other allocators do not
/// mind.
pub(crate) fn used(size: usize) {
    if size >= LARGE {
        KEEPING.call_once(|| drop(black_box(Vec::<u8>::with_capacity(LARGEST))));
    }
}
