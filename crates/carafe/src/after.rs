//! `After`: work for the time after the answer.

use std::future::Future;

use crate::argument::FromRequest;
use crate::error::{Error, Result};
use crate::request::Request;

/// Work for the time after the answer: the client has its answer, and the function goes on.
///
/// ```
/// use carafe::{After, App, post, routes};
///
/// async fn send_mail(to: String) -> carafe::Result {
///     // …
///     println!("A mail to {to}");
///     Ok(())
/// }
///
/// #[post("/orders")]
/// fn order(mail: String, after: After) -> &'static str {
///     after.spawn(send_mail(mail));
///     "Thank you!"
/// }
///
/// let client = App::new().routes(routes![order]).test();
/// assert_eq!(client.post("/orders").form(&[("mail", "ann@example.com")]).send().text(), "Thank you!");
/// // Here the mail has been sent: the test client waits for the work, too.
/// ```
///
/// The work starts when Lambda has accepted the answer, whatever that is: an error page, too. It is awaited before the next
/// event is asked for, so nothing freezes it, and Lambda bills its time. What is unfinished
/// [so long before the deadline](crate::App::deadline_margin) is dropped. That is logged with the request id, and so are
/// a panic, an `Err`, and work that was not started because the answer could not be delivered.
///
/// On another server than Lambda's, behind [`App::into_service`](crate::App::into_service), tokio runs the work when the
/// answer has been made, unless the caller has put an `After` into the extensions of the request: then it is the caller who
/// [runs](After::run) it.
#[derive(Clone, Debug)]
pub struct After(carafe_lambda::After);

impl After {
    /// Makes an empty one, for a server that calls [`App::into_service`](crate::App::into_service)'s service and runs the
    /// work itself.
    #[must_use]
    pub fn new() -> After {
        After::default()
    }

    /// Adds a future to the work. Several run side by side.
    ///
    /// It returns `()`, or a `Result` of anything with any error that [`Error`] can be made of. An error is only logged:
    /// the client has its answer.
    pub fn spawn<F>(&self, work: F)
    where
        F: Future<Output: WorkOutput> + Send + 'static,
    {
        self.0.spawn(async { work.await.into_result().map_err(|error| error.to_failure()) });
    }

    /// Runs the work and returns when it has ended: for a server that has made this `After`. On Lambda and in tests it
    /// happens by itself.
    ///
    /// ```
    /// use carafe::http::Request;
    /// use carafe::{After, App, Body, get, routes};
    /// use tower_service::Service as _;
    ///
    /// #[get("/")]
    /// fn index(after: After) -> &'static str {
    ///     after.spawn(async { println!("After the answer") });
    ///     "Hello World!"
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut service = App::new().routes(routes![index]).into_service()?;
    /// let after = After::new();
    /// let answer = service.call(Request::get("/").extension(after.clone()).body(Body::empty())?).await?;
    /// println!("{}", answer.status()); // sent, on a real server
    /// after.run().await;
    /// # Ok::<_, carafe::Error>(())
    /// # })?;
    /// # Ok::<_, carafe::Error>(())
    /// ```
    pub async fn run(&self) {
        self.0.run().await;
    }
}

impl Default for After {
    fn default() -> After {
        After(carafe_lambda::After::new(&carafe_lambda::Context::default()))
    }
}

/// The output of work after the answer: `()`, or a `Result` whose error is logged.
///
/// ```
/// use carafe::{After, App, Result, get, routes};
///
/// async fn count() -> Result {
///     Ok(())
/// }
///
/// #[get("/")]
/// fn index(after: After) -> &'static str {
///     after.spawn(count()); // a `Result`, whose error is logged
///     after.spawn(async { println!("answered") }); // `()`
///     "Hello"
/// }
///
/// assert_eq!(App::new().routes(routes![index]).test().get("/").send().text(), "Hello");
/// ```
#[diagnostic::on_unimplemented(
    message = "work after the answer cannot return `{Self}`",
    label = "neither `()` nor a `Result`",
    note = "end the future with `;`, or return a `Result` whose error can become a `carafe::Error`"
)]
pub trait WorkOutput {
    #[doc(hidden)]
    fn into_result(self) -> Result<()>;
}

impl WorkOutput for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl<T, E: Into<Error>> WorkOutput for std::result::Result<T, E> {
    fn into_result(self) -> Result<()> {
        self.map(drop).map_err(Into::into)
    }
}

impl FromRequest<'_> for After {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.get().unwrap_or_else(|| After(request.noted().after())))
    }
}
