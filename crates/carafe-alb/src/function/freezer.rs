//! Freezes a copy of the function between invocations, as Lambda does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::task::AbortHandle;

use super::group::Signals;

/// Stops the processes of a copy while it has nothing to do: from when it asks for the next event until there is one, and as
/// long as its extensions wait, too.
#[derive(Debug)]
pub(super) struct Freezer {
    on: bool,
    /// Told when the copy has nothing to do.
    idle: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The processes, once they have been started.
    processes: Option<Signals>,
    /// An event waits for the function, or is being answered. A copy is started because there is one.
    has_event: bool,
    /// Calls that wait for an event now, and the most that did at once: a function may answer several at a time.
    asking: usize,
    slots: usize,
    /// Extensions that are registered, and those of them that wait for an event.
    extensions: usize,
    waiting: usize,
    /// What counts the copy as busy while it works on after an answer.
    at_work: Option<AtWork>,
    frozen: bool,
}

/// What belongs to a copy that works on after an answer.
#[derive(Debug)]
struct AtWork {
    _permit: OwnedSemaphorePermit,
    /// The task that ends the copy when its time is over.
    watch: AbortHandle,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

/// One call that waits for an event, until it is dropped.
#[derive(Debug)]
pub(super) struct Asking<'f>(&'f Freezer);

/// One extension that waits for an event, until it is dropped.
#[derive(Debug)]
pub(super) struct Waiting<'f>(&'f Freezer);

impl Freezer {
    pub(super) fn new(on: bool, idle: Arc<Notify>) -> Arc<Freezer> {
        let state = State {
            processes: None,
            has_event: true,
            asking: 0,
            slots: 0,
            extensions: 0,
            waiting: 0,
            at_work: None,
            frozen: false,
        };
        Arc::new(Freezer { on, idle, state: Mutex::new(state) })
    }

    /// Names the processes.
    pub(super) fn started(&self, processes: Signals) {
        self.state().processes = Some(processes);
    }

    /// Lets the function run, because there is an event for it.
    pub(super) fn event(&self) {
        let mut state = self.state();
        state.has_event = true;
        state.resume();
    }

    /// Notes that the event has been answered. The function goes on until it asks for the next one.
    pub(super) fn answered(&self) {
        self.state().has_event = false;
    }

    /// Notes that the function asks for an event, which a request may wait for: it is [stopped](Freezer::settle) after that.
    pub(super) fn asks(&self) -> Asking<'_> {
        let mut state = self.state();
        state.asking += 1;
        state.slots = state.slots.max(state.asking);
        self.rest(&mut state);
        Asking(self)
    }

    /// Whether the function has asked for its first event.
    pub(super) fn has_started(&self) -> bool {
        self.state().slots > 0
    }

    /// Notes a further extension.
    pub(super) fn registers(&self) {
        self.state().extensions += 1;
    }

    /// Notes that an extension waits for an event.
    pub(super) fn waits(&self) -> Waiting<'_> {
        let mut state = self.state();
        state.waiting += 1;
        self.rest(&mut state);
        self.stop(&mut state);
        Waiting(self)
    }

    /// Whether the function asks for an event and has none.
    pub(super) fn is_idle(&self) -> bool {
        self.state().is_idle()
    }

    /// Counts the copy as busy until it asks for its next event, and has a task watch it until then. Does nothing where it
    /// asks already.
    pub(super) fn hold(&self, permit: OwnedSemaphorePermit, watch: impl FnOnce() -> AbortHandle) {
        let mut state = self.state();
        if !state.is_idle() {
            state.at_work = Some(AtWork { _permit: permit, watch: watch() });
        }
    }

    /// No longer counts the copy as busy. Returns whether it was so.
    pub(super) fn release(&self) -> bool {
        let at_work = self.state().at_work.take();
        at_work.is_some()
    }

    /// Ends the processes at once.
    pub(super) fn kill(&self) {
        if let Some(processes) = &self.state().processes {
            processes.kill();
        }
    }

    /// Stops the function if it still has nothing to do.
    pub(super) fn settle(&self) {
        self.stop(&mut self.state());
    }

    fn stop(&self, state: &mut State) {
        if self.on && state.is_idle() && state.waiting >= state.extensions {
            state.stop();
        }
    }

    /// Notes that there may be nothing to do, and tells who waits for that.
    fn rest(&self, state: &mut State) {
        if state.is_idle() {
            state.at_work = None;
            self.idle.notify_one();
        }
    }

    /// Lets the function run to its end.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.resume();
        state.processes = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        // Without an event there is at least one slot: only a call that has asked for an event can answer it.
        !self.has_event && self.asking == self.slots
    }

    fn stop(&mut self) {
        if let (Some(processes), false) = (&self.processes, self.frozen) {
            processes.stop();
            self.frozen = true;
        }
    }

    fn resume(&mut self) {
        if let (Some(processes), true) = (&self.processes, self.frozen) {
            processes.resume();
            self.frozen = false;
        }
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.state().asking -= 1;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::super::group::Group;
    use super::*;

    /// A freezer of a process that sleeps.
    fn freezer(on: bool) -> (Arc<Freezer>, Group) {
        let mut command = Command::new("sleep");
        command.arg("60");
        let (group, _) = Group::start(command).unwrap();
        let freezer = Freezer::new(on, Arc::default());
        freezer.started(group.signals());
        (freezer, group)
    }

    /// Asks for an event, which no request waits for.
    fn asks(freezer: &Freezer) -> Asking<'_> {
        let asking = freezer.asks();
        freezer.settle();
        asking
    }

    #[test]
    fn an_event_that_waits_comes_before_the_stop() {
        let (freezer, _group) = freezer(true);
        drop(asks(&freezer));
        freezer.answered();
        let asking = freezer.asks();
        assert!(freezer.is_idle() && !freezer.state().frozen);
        freezer.event();
        freezer.settle();
        assert!(!freezer.state().frozen);
        drop(asking);
        freezer.answered();
        let _asking = asks(&freezer);
        assert!(freezer.state().frozen);
    }

    #[test]
    fn one_event_at_a_time() {
        let (freezer, _group) = freezer(true);
        let frozen = || freezer.state().frozen;
        let first = asks(&freezer);
        assert!(!frozen(), "the event for which it was started is on its way");
        drop(first);
        freezer.answered();
        assert!(!frozen(), "it has not asked yet");
        let second = asks(&freezer);
        assert!(frozen());
        freezer.event();
        assert!(!frozen());
        drop(second);
        // The next event is there before it asks.
        freezer.answered();
        freezer.event();
        let third = asks(&freezer);
        assert!(!frozen());
        drop(third);
        freezer.answered();
        let _fourth = asks(&freezer);
        assert!(frozen());
        freezer.end();
        assert!(!frozen());
        let _fifth = asks(&freezer);
        assert!(!frozen(), "it is about to end");
    }

    #[test]
    fn several_events_at_a_time() {
        let (freezer, _group) = freezer(true);
        let (first, second) = (asks(&freezer), asks(&freezer));
        drop(first);
        freezer.answered();
        assert!(!freezer.state().frozen, "only one of two slots asks");
        // It may break off and ask again.
        drop(second);
        let _second = asks(&freezer);
        assert!(!freezer.state().frozen, "it is still one");
        let _first = asks(&freezer);
        assert!(freezer.state().frozen);
    }

    #[test]
    fn extensions_have_to_wait_as_well() {
        let (freezer, _group) = freezer(true);
        let frozen = || freezer.state().frozen;
        freezer.registers();
        freezer.registers();
        let first = freezer.waits();
        drop(asks(&freezer));
        freezer.answered();
        let asking = asks(&freezer);
        assert!(!frozen(), "one of two extensions is at work");
        assert!(freezer.is_idle(), "an event may come nevertheless");
        let _second = freezer.waits();
        assert!(frozen());
        freezer.event();
        drop(asking);
        freezer.answered();
        drop(first);
        let _asking = asks(&freezer);
        assert!(!frozen());
        let _first = freezer.waits();
        assert!(frozen());
    }

    #[tokio::test]
    async fn busy_until_it_asks() {
        let (freezer, _group) = freezer(true);
        let permits = Arc::new(tokio::sync::Semaphore::new(1));
        let hold = || {
            let permit = Arc::clone(&permits).try_acquire_owned().unwrap();
            let mut watch = None;
            freezer.hold(permit, || {
                let task = tokio::spawn(std::future::pending::<()>());
                let handle = task.abort_handle();
                watch = Some(task);
                handle
            });
            watch
        };
        drop(asks(&freezer));
        freezer.answered();
        let watch = hold().unwrap();
        assert_eq!(permits.available_permits(), 0);
        let asking = asks(&freezer);
        assert_eq!(permits.available_permits(), 1);
        assert!(watch.await.unwrap_err().is_cancelled());
        assert!(!freezer.release());
        assert!(hold().is_none(), "it asks already");
        assert_eq!(permits.available_permits(), 1);
        freezer.event();
        drop(asking);
        freezer.answered();
        let watch = hold().unwrap();
        assert!(freezer.release());
        assert_eq!(permits.available_permits(), 1);
        assert!(watch.await.unwrap_err().is_cancelled());
    }

    #[test]
    fn not_at_all() {
        let (freezer, _group) = freezer(false);
        drop(asks(&freezer));
        freezer.answered();
        let _asking = asks(&freezer);
        assert!(!freezer.state().frozen);
    }
}
