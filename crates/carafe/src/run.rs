//! `carafe::run`: the run loop on Lambda, the command line elsewhere.

mod command;
#[cfg(all(feature = "local", any(debug_assertions, feature = "local-release")))]
mod serve;
#[cfg(not(all(feature = "local", any(debug_assertions, feature = "local-release"))))]
#[path = "run/no_serve.rs"]
mod serve;

use std::fmt;
use std::future::Future;

use crate::app::App;
use crate::error::{Error, Result};

/// An app, or an async function that makes one: it can open a client or read configuration first.
///
/// `M` only tells the two apart.
pub trait IntoApp<M>: Sized {
    /// The app.
    ///
    /// # Errors
    ///
    /// Whatever its making failed with.
    fn into_app(self) -> impl Future<Output = Result<App>>;
}

/// Marks an app that is there.
#[derive(Debug)]
pub struct Ready;

/// Marks a function that makes an app.
#[derive(Debug)]
pub struct Made;

impl IntoApp<Ready> for App {
    async fn into_app(self) -> Result<App> {
        Ok(self)
    }
}

impl<F, Fut, E> IntoApp<(Made, E)> for F
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<App, E>>,
    E: Into<Error>,
{
    async fn into_app(self) -> Result<App> {
        self().await.map_err(Into::into)
    }
}

/// Runs an app: what `main` is for.
///
/// On Lambda it answers invocations. Elsewhere it is the command line of the program: `serve` (without arguments),
/// `invoke FILE`, `routes`, `--help`.
///
/// ```no_run
/// use carafe::{App, get, routes};
///
/// #[get("/")]
/// fn index() -> &'static str {
///     "Hello World!"
/// }
///
/// fn main() -> carafe::Result {
///     carafe::run(App::new().routes(routes![index]))
/// }
/// ```
///
/// With something to prepare:
///
/// ```no_run
/// use carafe::App;
///
/// struct Settings(String);
///
/// async fn app() -> carafe::Result<App> {
///     let settings = std::fs::read_to_string("settings.txt")?;
///     Ok(App::new().state(Settings(settings)))
/// }
///
/// fn main() -> carafe::Result {
///     carafe::run(app)
/// }
/// ```
///
/// # Errors
///
/// The app cannot be made or does not fit together, Lambda's environment is not as it should be, or the command line
/// is not understood. A `main` that returns it exits with 1; on Lambda it has been reported as an init error.
pub fn run<M>(app: impl IntoApp<M>) -> Result {
    if carafe_lambda::on_lambda() {
        return on_lambda(app);
    }
    command::run(std::env::args_os().skip(1).collect(), app)
}

/// An error in words, as the wire wants it.
struct Words(Error);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Set where the local load balancer is in front: it writes the line of a request, so the function does not.
const LOCAL: &str = "CARAFE_LOCAL";

fn on_lambda<M>(app: impl IntoApp<M>) -> Result {
    carafe_lambda::run(async {
        let app = app.into_app().await.map_err(Words)?;
        app.check().map_err(Words)?;
        let mut options = app.options;
        if std::env::var_os(LOCAL).is_some() {
            options = options.log_requests(false);
        }
        Ok::<_, Words>((app, options))
    })
    .map_err(|error| Error::in_words(error.to_string()))
}
