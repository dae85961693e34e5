//! Where sessions are kept that are not in the cookie.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::Result;

/// A place for sessions beside the cookie, which then has only an id: 128 random bits, encrypted. A logout there ends the
/// session for every copy of the cookie. [`App::session_store`](crate::App::session_store) takes one.
///
/// The data is JSON. A session has ended at its expiry without anybody deleting it: `expires` is for the store, which may
/// forget the session from then on.
///
/// ```
/// use std::time::SystemTime;
/// use carafe::{App, MemoryStore, Result, SessionStore};
///
/// /// Sessions in memory, and a line on standard error for each that ends.
/// struct Logged(MemoryStore);
///
/// impl SessionStore for Logged {
///     async fn load(&self, id: &str) -> Result<Option<String>> {
///         self.0.load(id).await
///     }
///
///     async fn create(&self, id: &str, data: &str, expires: SystemTime) -> Result<bool> {
///         self.0.create(id, data, expires).await
///     }
///
///     async fn save(&self, id: &str, data: &str, expires: SystemTime) -> Result<bool> {
///         self.0.save(id, data, expires).await
///     }
///
///     async fn delete(&self, id: &str) -> Result {
///         eprintln!("a session has ended");
///         self.0.delete(id).await
///     }
/// }
///
/// let app = App::new().secret_from("APP_SECRET").session_store(Logged(MemoryStore::default()));
/// # app.test();
/// ```
///
/// [The guide](https://github.com/carafe-rs/carafe/blob/main/docs/guide/sessions.md) has one for DynamoDB.
pub trait SessionStore: Send + Sync + 'static {
    /// Returns the data of a session; `None` if there is none.
    ///
    /// # Errors
    ///
    /// The store cannot be reached.
    fn load(&self, id: &str) -> impl Future<Output = Result<Option<String>>> + Send;

    /// Keeps a new session, and returns whether it did: not if there is one with this id.
    ///
    /// # Errors
    ///
    /// The store cannot be reached.
    fn create(&self, id: &str, data: &str, expires: SystemTime) -> impl Future<Output = Result<bool>> + Send;

    /// Replaces data and expiry of a session, and returns whether it did: not if there is none, as after a logout that
    /// another request made meanwhile.
    ///
    /// # Errors
    ///
    /// The store cannot be reached.
    fn save(&self, id: &str, data: &str, expires: SystemTime) -> impl Future<Output = Result<bool>> + Send;

    /// Deletes a session if it is there.
    ///
    /// # Errors
    ///
    /// The store cannot be reached.
    fn delete(&self, id: &str) -> impl Future<Output = Result> + Send;
}

/// Sessions in memory, for tests: on Lambda each copy of the function would have its own. Clones share their sessions.
///
/// ```
/// use carafe::{App, MemoryStore, Result, Session, get, post, routes};
///
/// #[post("/login")]
/// fn login(name: String, session: Session<String>) -> Result {
///     session.set(name)
/// }
///
/// #[get("/")]
/// fn index(session: Session<String>) -> String {
///     format!("Hello {}!", session.get().map_or("you", String::as_str))
/// }
///
/// let store = MemoryStore::default();
/// let app = App::new().secret_from("APP_SECRET").session_store(store.clone()).routes(routes![login, index]);
/// let client = app.test();
/// client.post("/login").form(&[("name", "Ann")]).send();
/// assert_eq!(client.get("/").send().text(), "Hello Ann!");
/// store.clear(); // logs everybody out
/// assert_eq!(client.get("/").send().text(), "Hello you!");
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<HashMap<String, Kept>>>);

struct Kept {
    data: String,
    expires: SystemTime,
}

impl MemoryStore {
    /// Forgets all sessions.
    pub fn clear(&self) {
        self.sessions().clear();
    }

    /// Returns the number of sessions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sessions().len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions().is_empty()
    }

    /// Returns the sessions that have not expired.
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = SystemTime::now();
        sessions.retain(|_, kept| now < kept.expires);
        sessions
    }
}

impl SessionStore for MemoryStore {
    async fn load(&self, id: &str) -> Result<Option<String>> {
        Ok(self.sessions().get(id).map(|kept| kept.data.clone()))
    }

    async fn create(&self, id: &str, data: &str, expires: SystemTime) -> Result<bool> {
        let mut sessions = self.sessions();
        let is_new = !sessions.contains_key(id);
        if is_new {
            sessions.insert(id.to_owned(), Kept { data: data.to_owned(), expires });
        }
        Ok(is_new)
    }

    async fn save(&self, id: &str, data: &str, expires: SystemTime) -> Result<bool> {
        let mut sessions = self.sessions();
        let kept = sessions.get_mut(id);
        let is_there = kept.is_some();
        if let Some(kept) = kept {
            *kept = Kept { data: data.to_owned(), expires };
        }
        Ok(is_there)
    }

    async fn delete(&self, id: &str) -> Result {
        self.sessions().remove(id);
        Ok(())
    }
}

/// Keeps the sessions to itself.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sessions", self.len())
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A store of any type.
#[derive(Clone)]
pub(super) struct Shared(Arc<dyn DynStore>);

impl Shared {
    pub(super) fn new(store: impl SessionStore) -> Shared {
        Shared(Arc::new(store))
    }
}

impl std::ops::Deref for Shared {
    type Target = dyn DynStore;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// [`SessionStore`] as a trait object.
pub(super) trait DynStore: Send + Sync {
    fn load<'a>(&'a self, id: &'a str) -> Boxed<'a, Option<String>>;
    fn create<'a>(&'a self, id: &'a str, data: &'a str, expires: SystemTime) -> Boxed<'a, bool>;
    fn save<'a>(&'a self, id: &'a str, data: &'a str, expires: SystemTime) -> Boxed<'a, bool>;
    fn delete<'a>(&'a self, id: &'a str) -> Boxed<'a, ()>;
}

impl<S: SessionStore> DynStore for S {
    fn load<'a>(&'a self, id: &'a str) -> Boxed<'a, Option<String>> {
        Box::pin(SessionStore::load(self, id))
    }

    fn create<'a>(&'a self, id: &'a str, data: &'a str, expires: SystemTime) -> Boxed<'a, bool> {
        Box::pin(SessionStore::create(self, id, data, expires))
    }

    fn save<'a>(&'a self, id: &'a str, data: &'a str, expires: SystemTime) -> Boxed<'a, bool> {
        Box::pin(SessionStore::save(self, id, data, expires))
    }

    fn delete<'a>(&'a self, id: &'a str) -> Boxed<'a, ()> {
        Box::pin(SessionStore::delete(self, id))
    }
}
