//! Arguments of handlers: extractors, which read what they like from the whole request, and plain values, which are
//! read from one named parameter or field.
//!
//! [`probe`] chooses how a type is read; [`place`], [`field`] and [`deserialize`] read plain values; [`mismatch`] says
//! what was wrong with one.

mod attempts;
pub(crate) mod catcher;
pub(crate) mod deserialize;
pub(crate) mod field;
mod fields;
pub(crate) mod groups;
mod guesses;
pub(crate) mod handover;
mod holder;
mod known;
pub(crate) mod mismatch;
pub(crate) mod misused;
pub(crate) mod nothing;
pub(crate) mod pairs;
mod parts;
pub(crate) mod place;
pub(crate) mod pointer;
pub(crate) mod probe;
mod repetition;
mod requirements;
pub(crate) mod shape;
mod state;
#[cfg(feature = "garde")]
pub(crate) mod valid;

use std::future::Future;
use std::pin::Pin;

pub use parts::ClientIp;
pub use requirements::Requirements;
pub use state::State;

use crate::error::{Error, Result};
use crate::request::Request;

/// An argument that is read from the whole request.
///
/// It may wait, and it may borrow from the request. An error is the answer; the handler is then not called, unless it
/// takes `Result<T>`.
///
/// ```
/// use carafe::{App, FromRequest, Request, Result, abort, get, routes};
///
/// struct Token<'r>(&'r str);
///
/// impl<'r> FromRequest<'r> for Token<'r> {
///     async fn from_request(request: &'r Request) -> Result<Self> {
///         let header = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
///         header.map(Token).ok_or_else(|| abort(401, "A token, please"))
///     }
/// }
///
/// #[get("/secret")]
/// fn secret(token: Token<'_>) -> String {
///     format!("You said {}", token.0)
/// }
///
/// #[get("/open")]
/// fn open(token: Result<Token<'_>>) -> String {
///     token.map_or("Nobody".to_owned(), |token| token.0.to_owned())
/// }
///
/// let client = App::new().routes(routes![secret, open]).test();
/// assert_eq!(client.get("/secret").send().status(), 401);
/// assert_eq!(client.get("/secret").header("authorization", "Bearer x").send().text(), "You said x");
/// assert_eq!(client.get("/open").send().text(), "Nobody");
/// ```
///
/// A type that is an extractor is never read from the query or a form, whatever else it implements.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "not an extractor",
    note = "implement `carafe::FromRequest` for it, or give the argument a name to read it from a parameter"
)]
pub trait FromRequest<'r>: Sized + Send {
    /// Whether reading may take time. Extractors that have everything at hand say `false`, and a handler of only such ones
    /// needs no future on the heap.
    #[doc(hidden)]
    const WAITS: bool = true;

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The answer where the value is missing or not readable.
    fn from_request(request: &'r Request) -> impl Future<Output = Result<Self>> + Send;

    /// Reads the value for an argument with a name: an upload is the file of the form's field that is called so.
    ///
    /// # Errors
    ///
    /// As above.
    fn from_argument(request: &'r Request, name: &'static str) -> impl Future<Output = Result<Self>> + Send {
        let _ = name;
        Self::from_request(request)
    }

    /// States what the app must have for this to work, so that [`App::check`](crate::App::check) finds what is missing
    /// instead of the first request.
    fn requires(requirements: &mut Requirements<'_>) {
        let _ = requirements;
    }
}

/// An extractor that can be absent: what makes `Option<T>` an argument.
///
/// Absent is `None`; present and invalid is still refused.
///
/// ```
/// use carafe::{App, FromRequest, OptionalFromRequest, Request, Result, abort, get, routes};
///
/// struct User(String);
///
/// impl FromRequest<'_> for User {
///     async fn from_request(request: &Request) -> Result<Self> {
///         User::from_request_optional(request).await?.ok_or_else(|| abort(401, "Who are you?"))
///     }
/// }
///
/// impl OptionalFromRequest<'_> for User {
///     async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
///         match request.header("x-user") {
///             None => Ok(None),
///             Some("root") => Err(abort(403, "Not you")),
///             Some(name) => Ok(Some(User(name.to_owned()))),
///         }
///     }
/// }
///
/// #[get("/")]
/// fn index(user: Option<User>) -> String {
///     format!("Hello {}!", user.map_or("you".to_owned(), |user| user.0))
/// }
///
/// let client = App::new().routes(routes![index]).test();
/// assert_eq!(client.get("/").send().text(), "Hello you!");
/// assert_eq!(client.get("/").header("x-user", "root").send().status(), 403);
/// ```
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` cannot be an argument: `{Self}` does not say what \"not there\" means",
    label = "an extractor without `OptionalFromRequest`",
    note = "implement `carafe::OptionalFromRequest` for `{Self}`, or take `carafe::Result<{Self}>`, which hands over the refusal"
)]
pub trait OptionalFromRequest<'r>: FromRequest<'r> {
    /// Reads the value; `None` where it is absent.
    ///
    /// # Errors
    ///
    /// The answer where the value is there and invalid.
    fn from_request_optional(request: &'r Request) -> impl Future<Output = Result<Option<Self>>> + Send;

    /// Reads the value for an argument with a name.
    ///
    /// # Errors
    ///
    /// As above.
    fn from_argument_optional(
        request: &'r Request,
        name: &'static str,
    ) -> impl Future<Output = Result<Option<Self>>> + Send {
        let _ = name;
        Self::from_request_optional(request)
    }

    /// States what the app must have for this to work: the same as without the `Option`, unless it says otherwise.
    fn requires_optional(requirements: &mut Requirements<'_>) {
        Self::requires(requirements);
    }
}

// The futures here are those of `T` itself, or boxed: of a future that is wrapped in another one, the compiler cannot tell
// that it is `Send` for every lifetime (rust-lang/rust#100013).

impl<'r, T: OptionalFromRequest<'r>> FromRequest<'r> for Option<T> {
    const WAITS: bool = T::WAITS;

    fn from_request(request: &'r Request) -> impl Future<Output = Result<Self>> + Send {
        T::from_request_optional(request)
    }

    fn from_argument(request: &'r Request, name: &'static str) -> impl Future<Output = Result<Self>> + Send {
        T::from_argument_optional(request, name)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        T::requires_optional(requirements);
    }
}

/// Hands the refusal to the handler.
impl<'r, T: FromRequest<'r> + 'r> FromRequest<'r> for Result<T, Error> {
    const WAITS: bool = T::WAITS;

    fn from_request(request: &'r Request) -> impl Future<Output = Result<Self>> + Send {
        handed_over(Box::pin(T::from_request(request)))
    }

    fn from_argument(request: &'r Request, name: &'static str) -> impl Future<Output = Result<Self>> + Send {
        handed_over(Box::pin(T::from_argument(request, name)))
    }

    fn requires(requirements: &mut Requirements<'_>) {
        T::requires(requirements);
    }
}

impl Request {
    /// Reads an extractor, in middleware, hooks, handlers of [`App::route`](crate::App::route) and other extractors.
    ///
    /// `T::from_request(request).await` does the same for types without lifetimes and type parameters. For the others the
    /// compiler cannot tell that such a future is `Send`; the boxed one here always is.
    ///
    /// ```
    /// use carafe::{App, ClientIp, Json, Next, Request, Response, Result};
    ///
    /// async fn guard(request: &Request, next: Next<'_>) -> Result<Response> {
    ///     let ClientIp(address) = request.extract().await?;
    ///     let body = request.extract::<Option<Json<Vec<&str>>>>().await?;
    ///     println!("{address} {body:?}");
    ///     Ok(next.run(request).await)
    /// }
    ///
    /// assert_eq!(App::new().around(guard).test().get("/").send().status(), 404);
    /// ```
    ///
    /// # Errors
    ///
    /// The refusal of the extractor.
    pub fn extract<'r, T: FromRequest<'r> + 'r>(&'r self) -> Reading<'r, T> {
        Box::pin(T::from_request(self))
    }
}

/// A boxed future of an extractor's value.
pub(crate) type Reading<'r, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'r>>;

async fn handed_over<T>(reading: Reading<'_, T>) -> Result<Result<T>> {
    Ok(reading.await)
}

/// Reads one argument as `Result<Option<T>>`, inside an async function that has the traits of `__private::via` in scope:
/// `None` where the value could not be read and the faults say why.
#[doc(hidden)]
#[macro_export]
macro_rules! __argument {
    ($ty:ty, $kind:ident, $request:ident, $place:expr, $faults:ident) => {
        $crate::__private::Outcome::<$ty>::into_option(
            (&&&&&&&&$crate::__private::Argument::<$ty, $crate::__private::$kind>::NEW)
                .__carafe_read($request, $place, &mut $faults)
                .await,
        )
    };
}

/// Reads a plain argument, or `&Request`, where there is nothing to wait for.
#[doc(hidden)]
#[macro_export]
macro_rules! __argument_now {
    ($ty:ty, $kind:ident, $request:ident, $place:expr, $faults:ident) => {
        $crate::__private::Plain::<$ty>::into_option(
            (&&&&&&&&$crate::__private::Argument::<$ty, $crate::__private::$kind>::NEW).__carafe_read(
                $request,
                $place,
                &mut $faults,
            ),
        )
    };
}

/// Reads an argument without a name as `Result<T>`, inside a function as above.
#[doc(hidden)]
#[macro_export]
macro_rules! __unnamed {
    ($ty:ty, $request:ident) => {
        (&&&$crate::__private::Argument::<$ty, $crate::__private::Unnamed>::NEW)
            .__carafe_extract($request)
            .await
    };
}

/// Asks whether reading an argument may take time.
#[doc(hidden)]
#[macro_export]
macro_rules! __waits {
    ($ty:ty, $kind:ident) => {
        (&&&&&&&&$crate::__private::Argument::<$ty, $crate::__private::$kind>::NEW).__carafe_waits()
    };
}

/// Asks whether a typed argument can read its piece of the path.
#[doc(hidden)]
#[macro_export]
macro_rules! __fits {
    ($ty:ty, $piece:expr) => {
        (&&&&&&&&$crate::__private::Argument::<$ty, $crate::__private::InRoute>::NEW).__carafe_fits($piece)
    };
}

/// States what an argument requires of the app.
#[doc(hidden)]
#[macro_export]
macro_rules! __requires {
    ($ty:ty, $kind:ident, $requirements:ident, $place:expr) => {
        (&&&&&&&&$crate::__private::Argument::<$ty, $crate::__private::$kind>::NEW)
            .__carafe_requires($requirements, $place)
    };
}
