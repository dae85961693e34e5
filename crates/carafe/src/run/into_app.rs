//! Apps, and functions that make one.

use std::future::Future;

use crate::app::App;
use crate::error::{Error, Result};

/// An app, or an async function that makes one: it can open a client or read configuration first.
///
/// ```no_run
/// use carafe::{App, Result, State, get, routes};
///
/// struct Table(String);
///
/// #[get("/")]
/// fn index(table: State<Table>) -> String {
///     table.0.clone()
/// }
///
/// async fn app() -> Result<App> {
///     let name = std::env::var("TABLE")?;
///     Ok(App::new().state(Table(name)).routes(routes![index]))
/// }
///
/// fn main() -> Result {
///     carafe::run(app)
/// }
/// ```
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
