//! Counts what matching a path costs, for the test that it is linear; nothing of it is left in other builds.

#[cfg(test)]
thread_local! {
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Adds steps, each of which takes a bounded time.
#[cfg(test)]
pub(crate) fn add(steps: usize) {
    DONE.with(|done| done.set(done.get() + steps));
}

/// Adds steps, each of which takes a bounded time.
#[cfg(not(test))]
#[inline(always)]
pub(crate) const fn add(_: usize) {}

/// Returns the steps since the last call.
#[cfg(test)]
pub(crate) fn take() -> usize {
    DONE.with(std::cell::Cell::take)
}
