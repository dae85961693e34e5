//! What the app was given once and every handler can use.

use std::any::TypeId;
use std::ops::Deref;
use std::sync::Arc;

use super::{FromRequest, Need};
use crate::error::Error;
use crate::request::Request;

/// A value that [`App::state`](crate::App::state) was given. One that no route could find is an error when the app
/// is assembled.
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
/// let app = App::new().state(Hits { count: AtomicU32::new(5) }).routes(routes![count]);
/// assert_eq!(app.get("/").send().text(), "5");
/// assert_eq!(app.get("/").send().text(), "6");
/// ```
#[derive(Debug)]
pub struct State<T>(
    /// The value, shared.
    pub Arc<T>,
);

impl<T> Clone for State<T> {
    fn clone(&self) -> State<T> {
        State(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Send + Sync + 'static> FromRequest<'_> for State<T> {
    fn from_request(request: &Request) -> Result<State<T>, Error> {
        request.shared().get().map(State).ok_or_else(|| {
            let name = std::any::type_name::<T>();
            Error::from_source(format!("the app has no state of type `{name}`: add `.state(…)`").into())
        })
    }

    fn need() -> Option<Need> {
        Some(Need { type_id: TypeId::of::<T>(), type_name: std::any::type_name::<T>() })
    }
}
