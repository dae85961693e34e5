//! Functions around the snapshot that Lambda takes of a process (SnapStart).

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::failure::{Failure, FailureKind};
use crate::panics::caught;

/// Functions around a snapshot: what [`Service::snapshot_hooks`](crate::Service::snapshot_hooks) returns.
///
/// ```
/// use carafe_lambda::SnapshotHooks;
///
/// let hooks = SnapshotHooks::new(|| Box::pin(async { Ok(()) }), || Box::pin(async { Ok(()) }));
/// # drop(hooks);
/// ```
pub struct SnapshotHooks(Box<dyn Hooks>);

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// The hooks behind a pointer: a program that makes none is linked without the way to run them.
trait Hooks: Send + Sync {
    fn before_snapshot(&self) -> Running<'_>;
    fn after_restore(&self) -> Running<'_>;
}

impl SnapshotHooks {
    /// Makes it of two functions.
    pub fn new(
        before_snapshot: impl Fn() -> Running<'static> + Send + Sync + 'static,
        after_restore: impl Fn() -> Running<'static> + Send + Sync + 'static,
    ) -> SnapshotHooks {
        SnapshotHooks(Box::new(Functions { before_snapshot, after_restore }))
    }

    /// Runs before Lambda takes a snapshot of the process: connections that would not survive it are closed here. A failure, or
    /// a panic, is an init error.
    pub fn before_snapshot(&self) -> Running<'_> {
        self.0.before_snapshot()
    }

    /// Runs in every process that is restored from the snapshot, before its first event. A failure, or a panic, is reported to
    /// Lambda, and the process ends.
    pub fn after_restore(&self) -> Running<'_> {
        self.0.after_restore()
    }
}

impl fmt::Debug for SnapshotHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SnapshotHooks")
    }
}

struct Functions<B, A> {
    before_snapshot: B,
    after_restore: A,
}

impl<B, A> Hooks for Functions<B, A>
where
    B: Fn() -> Running<'static> + Send + Sync,
    A: Fn() -> Running<'static> + Send + Sync,
{
    fn before_snapshot(&self) -> Running<'_> {
        run(FailureKind::Init, async { (self.before_snapshot)().await })
    }

    fn after_restore(&self) -> Running<'_> {
        run(FailureKind::Restore, async { (self.after_restore)().await })
    }
}

/// Runs a hook, whose failure is of this kind.
fn run<'a>(kind: FailureKind, work: impl Future<Output = Result<(), Failure>> + Send + 'a) -> Running<'a> {
    Box::pin(async move {
        let done = caught(work).await.and_then(|done| done);
        done.map_err(|failure| Failure { kind, ..failure })
    })
}
