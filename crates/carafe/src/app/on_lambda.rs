//! What an app does on Lambda beside answering requests: other events, and the life of the process.

use std::panic::Location;

use super::App;
use crate::events::{EventFunction, OnEvent};
use crate::route::Origin;
use crate::snapshots::{Moment, SnapshotHook, add};

impl App {
    /// Calls a function for every event that is no HTTP request: a schedule, a queue, another function, a test in the console.
    /// It takes the event as any `Deserialize` type, and may take [`State`](crate::State) and other extractors after it. What
    /// it returns is the answer of the invocation, and an error fails it, so that Lambda tries again where the sender has it
    /// so. Without such a function these events fail.
    ///
    /// ```
    /// use carafe::{App, Result, State, get, routes};
    ///
    /// struct Table(&'static str);
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Tick { time: String }
    ///
    /// async fn clean_up(tick: Tick, table: State<Table>) -> Result<String> {
    ///     Ok(format!("{} is clean at {}", table.0, tick.time))
    /// }
    ///
    /// # #[get("/")] fn index() -> &'static str { "Hello" }
    /// let app = App::new().routes(routes![index]).state(Table("posts")).on_event(clean_up);
    /// let event = serde_json::json!({"detail-type": "Scheduled Event", "time": "2026-11-28T12:00:00Z"});
    /// assert_eq!(app.test().event(&event), "posts is clean at 2026-11-28T12:00:00Z");
    /// ```
    #[track_caller]
    pub fn on_event<M: 'static>(mut self, function: impl EventFunction<M>) -> App {
        let origin = here("on_event");
        if let Some(first) = &self.on_event {
            self.problems.push(format!("two functions for events: ({}) and ({origin})", first.origin));
        }
        self.on_event = Some(OnEvent::new(function, origin));
        self
    }

    /// Runs a function before Lambda takes a snapshot of the process, where the function has SnapStart: close what does not
    /// survive that, such as a connection. Of several the last one runs first. An error is an init error.
    ///
    /// It may take [`State`](crate::State), as `after_restore` may. Where there is no snapshot, neither runs.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use carafe::{App, Result, State};
    ///
    /// struct Pool(Mutex<Option<String>>);
    ///
    /// fn close(pool: State<Pool>) {
    ///     *pool.0.lock().unwrap() = None;
    /// }
    ///
    /// async fn open(pool: State<Pool>) -> Result {
    ///     *pool.0.lock().unwrap() = Some("a connection".to_owned());
    ///     Ok(())
    /// }
    ///
    /// let app = App::new().state(Pool(Mutex::default())).before_snapshot(close).after_restore(open);
    /// # assert_eq!(app.check(), Ok(()));
    /// ```
    #[track_caller]
    pub fn before_snapshot<M: 'static>(mut self, hook: impl SnapshotHook<M>) -> App {
        let origin = here("before_snapshot");
        self.hooks = Some(add(self.hooks.take(), Moment::BeforeSnapshot, hook, origin));
        self
    }

    /// Runs a function in every process that is restored from a snapshot, before its first event: open connections, draw new
    /// random numbers. Of several the first one runs first. An error is reported to Lambda, and the process ends.
    #[track_caller]
    pub fn after_restore<M: 'static>(mut self, hook: impl SnapshotHook<M>) -> App {
        let origin = here("after_restore");
        self.hooks = Some(add(self.hooks.take(), Moment::AfterRestore, hook, origin));
        self
    }
}

/// Returns the place of the call, as the origin of what was given there.
#[track_caller]
fn here(name: &'static str) -> Origin {
    let place = Location::caller();
    Origin::new(name, place.file(), place.line())
}
