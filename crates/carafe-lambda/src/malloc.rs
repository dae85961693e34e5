//! Makes the allocator keep large buffers between invocations.

use std::hint::black_box;
use std::sync::Once;

/// The size from which mapping a buffer's pages costs more than writing them.
const LARGE: usize = 64 * 1024;
/// The largest buffer: Lambda accepts 6 MB, and a buffer that doubles its size grows to 8.
const LARGEST: usize = 8 << 20;

static KEEPING: Once = Once::new();

/// Notes the size of a payload or a body. The first large one makes the allocator keep such buffers: glibc maps each of
/// them and unmaps it when it is freed, so that every invocation has hundreds of page faults, half of the cost of a large
/// answer. glibc raises its threshold when a mapped buffer is freed (mallopt(3), `M_MMAP_THRESHOLD`): after one buffer of
/// the largest size, which takes no memory because nothing is written to it, smaller ones stay in the heap. Other
/// allocators are not affected.
pub(crate) fn used(size: usize) {
    if size >= LARGE {
        KEEPING.call_once(|| drop(black_box(Vec::<u8>::with_capacity(LARGEST))));
    }
}
