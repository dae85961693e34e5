//! `carafe::run`: the run loop on Lambda, the command line elsewhere.

mod command;
mod into_app;
mod on_lambda;
#[cfg(all(feature = "local", any(debug_assertions, feature = "local-release")))]
mod serve;
#[cfg(not(all(feature = "local", any(debug_assertions, feature = "local-release"))))]
#[path = "run/no_serve.rs"]
mod serve;

pub use into_app::IntoApp;
#[cfg(feature = "lambda_http")]
pub(crate) use on_lambda::assembled;

use crate::error::Result;

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
        return on_lambda::run(app);
    }
    elsewhere(app)
}

/// Runs the command line.
pub(crate) fn elsewhere<M>(app: impl IntoApp<M>) -> Result {
    command::run(std::env::args_os().skip(1).collect(), app)
}
