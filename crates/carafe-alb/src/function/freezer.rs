//! Freezes a copy of the function between invocations, as Lambda does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::group::Signals;

/// Stops the processes of a copy while it has nothing to do: from when it asks for the next event until there is one.
#[derive(Debug)]
pub(super) struct Freezer {
    on: bool,
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
    frozen: bool,
}

/// One call that waits for an event, until it is dropped.
#[derive(Debug)]
pub(super) struct Asking<'f>(&'f Freezer);

impl Freezer {
    pub(super) fn new(on: bool) -> Arc<Freezer> {
        let state = State { processes: None, has_event: true, asking: 0, slots: 0, frozen: false };
        Arc::new(Freezer { on, state: Mutex::new(state) })
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

    /// Notes that the function asks for an event, and stops it if it has nothing else to do.
    pub(super) fn asks(&self) -> Asking<'_> {
        let mut state = self.state();
        state.asking += 1;
        state.slots = state.slots.max(state.asking);
        if self.on && !state.has_event && state.asking == state.slots {
            state.stop();
        }
        Asking(self)
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
    fn stop(&mut self) {
        if let Some(processes) = self.processes.filter(|_| !self.frozen) {
            processes.stop();
            self.frozen = true;
        }
    }

    fn resume(&mut self) {
        if let Some(processes) = self.processes.filter(|_| self.frozen) {
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
        let freezer = Freezer::new(on);
        freezer.started(group.signals());
        (freezer, group)
    }

    #[test]
    fn one_event_at_a_time() {
        let (freezer, _group) = freezer(true);
        let frozen = || freezer.state().frozen;
        let first = freezer.asks();
        assert!(!frozen(), "the event for which it was started is on its way");
        drop(first);
        freezer.answered();
        assert!(!frozen(), "it has not asked yet");
        let second = freezer.asks();
        assert!(frozen());
        freezer.event();
        assert!(!frozen());
        drop(second);
        // The next event is there before it asks.
        freezer.answered();
        freezer.event();
        let third = freezer.asks();
        assert!(!frozen());
        drop(third);
        freezer.answered();
        let _fourth = freezer.asks();
        assert!(frozen());
        freezer.end();
        assert!(!frozen());
        let _fifth = freezer.asks();
        assert!(!frozen(), "it is about to end");
    }

    #[test]
    fn several_events_at_a_time() {
        let (freezer, _group) = freezer(true);
        let (first, second) = (freezer.asks(), freezer.asks());
        drop(first);
        freezer.answered();
        assert!(!freezer.state().frozen, "only one of two slots asks");
        // It may break off and ask again.
        drop(second);
        let _second = freezer.asks();
        assert!(!freezer.state().frozen, "it is still one");
        let _first = freezer.asks();
        assert!(freezer.state().frozen);
    }

    #[test]
    fn not_at_all() {
        let (freezer, _group) = freezer(false);
        drop(freezer.asks());
        freezer.answered();
        let _asking = freezer.asks();
        assert!(!freezer.state().frozen);
    }
}
