//! Admin pages for the posts of a site, and a JSON API beside them. Tests call this library without a server.

mod api;
mod listing;
mod login;
mod pictures;
mod posts;
mod settings;
pub mod store;
mod users;
mod validation;

use carafe::{App, LoginRequired, Redirect, Result, SecurityHeaders, embed, get, routes};

pub use settings::Settings;
use store::Store;
use users::{Account, Users};

#[get("/")]
fn home() -> Redirect {
    Redirect::to(posts::list::url())
}

/// Reads the settings, opens the store, and puts the app together. The demonstration is for `cargo run` only.
#[expect(clippy::print_stderr, reason = "it is for the log")]
pub async fn start() -> Result<App> {
    let settings: Settings = carafe::settings()?;
    let is_set = |name| std::env::var_os(name).is_some();
    if is_set("AWS_LAMBDA_RUNTIME_API") && settings.admin_password_hash.reveal() == settings::DEMO {
        let why = "anybody can log in: set `ADMIN_PASSWORD_HASH`";
        is_set("CARAFE_LOCAL").then(|| eprintln!("{why}")).ok_or(why)?;
    }
    app(settings, Store::open().await?)
}

/// Puts the app together.
pub fn app(settings: Settings, store: Store) -> Result<App> {
    let users = Users::new(settings.admin_name, settings.admin_password_hash.reveal())?;
    let pages = posts::routes().around(LoginRequired::<Account>::at(login::form::url()));
    Ok(App::new()
        .secret_from("APP_SECRET")
        .after(SecurityHeaders::new())
        .files("/static", embed!("static"))
        .templates(embed!("templates", gzip = off))
        .state(store)
        .state(users.clone())
        .routes(routes![home, pictures::show])
        .routes(login::routes())
        .mount("/admin", pages)
        .mount("/api", api::routes(users, &settings.api_origins)))
}
