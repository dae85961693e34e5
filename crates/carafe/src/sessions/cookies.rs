//! Cookies that only this app can write, and such that only it can read.

use std::sync::Arc;

use super::envelope::{now, open, seal, seconds, sign, verify};
use super::names::full_name;
use super::secret::{self, KeySet, Keys, keys};
use crate::{Cookie, Cookies, FromRequest, Request, Requirements, Result};

/// Cookies whose values the client can read but not change.
///
/// A value is signed together with its name and with the time at which the cookie ends, so that it can be neither moved to
/// another name nor kept beyond that. Over HTTPS `__Host-` is put in front of the name, unless it begins with `__Secure-`,
/// for a cookie with a domain or a path.
///
/// ```
/// use carafe::{App, Result, SignedCookies, get, post, routes};
///
/// #[post("/vote/<choice>")]
/// fn vote(choice: String, cookies: SignedCookies) -> Result {
///     cookies.set(("vote", choice))
/// }
///
/// #[get("/vote")]
/// fn voted(cookies: SignedCookies) -> Option<String> {
///     cookies.get("vote")
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![vote, voted]).test();
/// client.post("/vote/yes").send();
/// assert_eq!(client.get("/vote").send().text(), "yes");
/// let forged = client.get("/vote").cookie("__Host-vote", "no").send();
/// assert_eq!(forged.status(), 404);
/// ```
#[derive(Clone, Debug)]
pub struct SignedCookies(Jar);

/// Cookies whose values the client can neither read nor change. Otherwise they are as [`SignedCookies`].
///
/// ```
/// use carafe::{App, EncryptedCookies, Result, get, post, routes};
///
/// #[post("/target")]
/// fn set(target: String, cookies: EncryptedCookies) -> Result {
///     cookies.set(("target", target))
/// }
///
/// #[get("/target")]
/// fn get(cookies: EncryptedCookies) -> Option<String> {
///     cookies.get("target")
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![set, get]).test();
/// client.post("/target").form(&[("target", "Moon")]).send();
/// assert_eq!(client.get("/target").send().text(), "Moon");
/// assert!(!client.cookie("__Host-target").unwrap().contains("Moon"));
/// ```
#[derive(Clone, Debug)]
pub struct EncryptedCookies(Jar);

/// The cookies of a request, and what it takes to read and write their values.
#[derive(Clone, Debug)]
struct Jar {
    cookies: Cookies,
    keys: Arc<Keys>,
    https: bool,
}

impl Jar {
    fn of(request: &Request) -> Result<Jar> {
        Ok(Jar { cookies: request.cookies().clone(), keys: keys(request)?, https: request.is_https() })
    }

    fn get<T>(&self, name: &str, read: impl Fn(&KeySet, &str, &str) -> Option<T>) -> Option<T> {
        let name = full_name(name, self.https);
        let value = self.cookies.get(&name)?;
        self.keys.all().find_map(|keys| read(keys, &name, value))
    }

    fn set(
        &self,
        cookie: Cookie,
        write: impl Fn(&KeySet, &str, Option<u64>, &str) -> Result<String>,
    ) -> Result {
        let name = full_name(cookie.name(), self.https);
        let value = write(self.keys.first()?, &name, cookie.end().map(seconds), cookie.value())?;
        self.cookies.set(cookie.with_name(name).with_value(value))
    }

    fn delete(&self, cookie: Cookie) -> Result {
        let name = full_name(cookie.name(), self.https);
        self.cookies.delete(cookie.with_name(name))
    }
}

impl SignedCookies {
    /// Returns the value of a cookie that came, if this app signed it for this name and it has not ended.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name, |keys, name, value| verify(&keys.signed, name, value, now()).map(str::to_owned))
    }

    /// Sets a cookie with the answer, as [`Cookies::set`] does.
    ///
    /// # Errors
    ///
    /// It is one that a browser would not keep.
    pub fn set(&self, cookie: impl Into<Cookie>) -> Result {
        self.0.set(cookie.into(), |keys, name, end, value| Ok(sign(&keys.signed, name, end, value)))
    }

    /// Deletes a cookie with the answer, as [`Cookies::delete`] does.
    ///
    /// # Errors
    ///
    /// It is one that cannot be set either.
    pub fn delete(&self, cookie: impl Into<Cookie>) -> Result {
        self.0.delete(cookie.into())
    }
}

impl EncryptedCookies {
    /// Returns the value of a cookie that came, if this app encrypted it for this name and it has not ended.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name, |keys, name, value| open(&keys.encrypted, name, value, now()).map(|(text, _)| text))
    }

    /// Sets a cookie with the answer, as [`Cookies::set`] does.
    ///
    /// # Errors
    ///
    /// It is one that a browser would not keep.
    pub fn set(&self, cookie: impl Into<Cookie>) -> Result {
        self.0.set(cookie.into(), |keys, name, end, value| seal(&keys.encrypted, name, end, value))
    }

    /// Deletes a cookie with the answer, as [`Cookies::delete`] does.
    ///
    /// # Errors
    ///
    /// It is one that cannot be set either.
    pub fn delete(&self, cookie: impl Into<Cookie>) -> Result {
        self.0.delete(cookie.into())
    }
}

impl FromRequest<'_> for SignedCookies {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Jar::of(request).map(SignedCookies)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Cookies>();
        secret::require(requirements);
    }
}

impl FromRequest<'_> for EncryptedCookies {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Jar::of(request).map(EncryptedCookies)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Cookies>();
        secret::require(requirements);
    }
}
