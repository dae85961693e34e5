//! State: what the app was given once and every handler can use.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::{FromRequest, Requirements};
use crate::error::{Error, Result};
use crate::request::Request;

/// A value that [`App::state`](crate::App::state) was given. A route whose state is missing is an error when the app is
/// assembled.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use carafe::{App, State, get, routes};
///
/// struct Hits { count: AtomicU32 }
///
/// #[get("/")]
/// fn count(hits: State<Hits>) -> u32 {
///     hits.count.fetch_add(1, Ordering::Relaxed)
/// }
///
/// let client = App::new().state(Hits { count: AtomicU32::new(5) }).routes(routes![count]).test();
/// assert_eq!(client.get("/").send().text(), "5");
/// assert_eq!(client.get("/").send().text(), "6");
/// ```
///
/// A trait object comes by [`App::state_arc`](crate::App::state_arc).
pub struct State<T: ?Sized>(Arc<T>);

impl<T: ?Sized> State<T> {
    /// Returns the value as an `Arc`, for a task that outlives the request.
    ///
    /// ```
    /// use carafe::{State, get};
    ///
    /// struct Db;
    ///
    /// #[get("/")]
    /// fn index(db: State<Db>) {
    ///     let db = State::into_arc(db);
    ///     std::thread::spawn(move || drop(db));
    /// }
    /// ```
    #[must_use]
    pub fn into_arc(this: State<T>) -> Arc<T> {
        this.0
    }
}

impl<T: ?Sized> Clone for State<T> {
    fn clone(&self) -> State<T> {
        State(Arc::clone(&self.0))
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&&*self.0).finish()
    }
}

impl<T: ?Sized> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized + Send + Sync + 'static> FromRequest<'_> for State<T> {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        request.state().map(State).ok_or_else(|| {
            let name = std::any::type_name::<T>();
            Error::from_source(format!("the app has no state of type `{name}`: add `.state(…)`").into())
        })
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.state::<T>();
    }
}
