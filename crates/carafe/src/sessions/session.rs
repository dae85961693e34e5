//! The session as an argument.

use std::any::type_name;
use std::fmt;
use std::sync::OnceLock;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::secret;
use super::state::{Saving, Slot};
use crate::{Cookies, FromRequest, Request, Requirements, Result};

/// What the app knows of who calls, from one request to the next: a value of the app's own type, in a cookie that nobody else
/// can read or change.
///
/// It is there from [`set`](Session::set) to [`clear`](Session::clear), or until it has not been used for
/// [`App::session_lifetime`](crate::App::session_lifetime). What a handler does to it is sent whatever the answer is, an
/// error too, but not after a panic. A session that is broken, expired, of another app or of a type that no longer fits is
/// none. An app has one type of session.
///
/// ```
/// use carafe::{App, Redirect, Result, Session, get, post, routes};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Account { name: String }
///
/// #[post("/login")]
/// fn login(name: String, session: Session<Account>) -> Result<Redirect> {
///     session.set(Account { name })?; // and the password?
///     Ok(Redirect::to(home::url()))
/// }
///
/// #[get("/")]
/// fn home(session: Session<Account>) -> String {
///     format!("Hello {}!", session.get().map_or("you", |account| &account.name))
/// }
///
/// #[post("/logout")]
/// fn logout(session: Session<Account>) -> Result<Redirect> {
///     session.clear()?;
///     Ok(Redirect::to(home::url()))
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![login, home, logout]).test();
/// let reply = client.post("/login").form(&[("name", "Ann")]).follow_redirects().send();
/// assert_eq!(reply.text(), "Hello Ann!");
/// assert_eq!(client.post("/logout").follow_redirects().send().text(), "Hello you!");
/// ```
///
/// The answer of a handler that takes one has `Cache-Control: no-store` unless it says otherwise, because it is for this
/// caller only.
pub struct Session<T> {
    slot: Slot,
    values: Values<T>,
}

/// Keeps the data to itself.
impl<T> fmt::Debug for Session<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

/// A value, and those that it replaced, which are kept alive: [`Session::get`] has lent references to them.
struct Values<T> {
    value: Option<T>,
    next: OnceLock<Box<Values<T>>>,
}

impl<T> Values<T> {
    fn new(value: Option<T>) -> Values<T> {
        Values { value, next: OnceLock::new() }
    }

    fn last(&self) -> &Values<T> {
        let mut last = self;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }

    fn push(&self, value: Option<T>) {
        let mut next = Box::new(Values::new(value));
        // If another thread was quicker, behind that.
        while let Err(back) = self.last().next.set(next) {
            next = back;
        }
    }

    fn into_last(mut self) -> Option<T> {
        let mut last = self.value.take();
        let mut next = self.next.take();
        while let Some(mut values) = next {
            last = values.value.take();
            next = values.next.take();
        }
        last
    }
}

/// Drops one after the other: each inside the one before, a long list would take the whole stack.
impl<T> Drop for Values<T> {
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut values) = next {
            next = values.next.take();
        }
    }
}

impl<T> Session<T> {
    /// Returns what the session has; `None` where there is none.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.values.last().value.as_ref()
    }

    /// Returns the same by value.
    #[must_use]
    pub fn into_inner(self) -> Option<T> {
        self.values.into_last()
    }

    /// Ends the session: the browser is told to forget it, and a store deletes it.
    ///
    /// # Errors
    ///
    /// The session has been saved already: the answer is on its way.
    pub fn clear(&self) -> Result {
        self.slot.end()?;
        self.values.push(None);
        Ok(())
    }
}

impl<T: Serialize> Session<T> {
    /// Begins a session, in place of one that may be there: with a new id in a store, so that nobody who knew the old one
    /// is logged in.
    ///
    /// # Errors
    ///
    /// The value cannot be written as JSON, or has no room in a cookie: about 3,000 bytes of JSON.
    pub fn set(&self, value: T) -> Result {
        self.slot.begin(serde_json::to_string(&value)?)?;
        self.values.push(Some(value));
        Ok(())
    }
}

impl<T: Serialize + DeserializeOwned> Session<T> {
    /// Changes what the session has; does nothing where there is none. In a store it keeps its id: whoever logs in gets a new
    /// one with [`Session::set`].
    ///
    /// ```
    /// use carafe::{App, Result, Session, post, routes};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Default, Serialize, Deserialize)]
    /// struct Cart { items: Vec<u32> }
    ///
    /// #[post("/cart/<item>")]
    /// fn add(item: u32, session: Session<Cart>) -> Result<String> {
    ///     if session.get().is_none() {
    ///         session.set(Cart::default())?;
    ///     }
    ///     session.update(|cart| cart.items.push(item))?;
    ///     Ok(format!("{:?}", session.get().map(|cart| &cart.items)))
    /// }
    ///
    /// let client = App::new().secret_from("APP_SECRET").routes(routes![add]).test();
    /// client.post("/cart/1").send();
    /// assert_eq!(client.post("/cart/2").send().text(), "Some([1, 2])");
    /// ```
    ///
    /// # Errors
    ///
    /// As with [`Session::set`]; the value is then as it was.
    pub fn update(&self, change: impl FnOnce(&mut T)) -> Result {
        let Some(mut value) = read(&self.slot) else { return Ok(()) };
        change(&mut value);
        self.slot.replace(serde_json::to_string(&value)?)?;
        self.values.push(Some(value));
        Ok(())
    }
}

fn read<T: DeserializeOwned>(slot: &Slot) -> Option<T> {
    serde_json::from_str(&slot.data()?).ok()
}

impl<T: DeserializeOwned + Send + 'static> FromRequest<'_> for Session<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        let slot = Slot::of(request).await?;
        let values = Values::new(read(&slot));
        Ok(Session { slot, values })
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Cookies>();
        secret::require(requirements);
        requirements.attach::<Saving>();
        if let Some(first) = requirements.agree::<Saving, T>() {
            let own = type_name::<T>();
            requirements.problem(format!(
                "needs `Session<{own}>`, where another needs `Session<{first}>`: they would overwrite each other, so put \
                 both into one type"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn many_values_are_dropped_without_a_deep_stack() {
        let mut values = Values::new(Some(0));
        for number in 1..200_000 {
            let before = std::mem::replace(&mut values, Values::new(Some(number)));
            assert!(values.next.set(Box::new(before)).is_ok());
        }
        drop(values);
    }
}
