//! A page for those who are logged in: a session, a guard that sends all others to the login page, and messages.

use carafe::{App, Flash, LoggedIn, LoginRequired, Redirect, Result, Session, Template, get, post, routes};

#[get("/")]
fn home(name: LoggedIn<String>) -> Template {
    Template::new("home.html", std::collections::BTreeMap::from([("name", name.0)]))
}

#[get("/login")]
fn form() -> Template {
    Template::new("login.html", ())
}

#[post("/login?<next>")]
fn login(
    name: String,
    password: String,
    next: Option<String>,
    session: Session<String>,
    flash: Flash,
    request: &carafe::Request,
) -> Result<Redirect> {
    if (name.as_str(), password.as_str()) != ("ann", "open sesame") {
        flash.error("That is not the password")?;
        return Ok(Redirect::to(format!("{}?{}", request.url_for(&form::url())?, request.raw_query())));
    }
    flash.success(format!("Welcome back, {name}"))?;
    session.set(name)?;
    Ok(Redirect::to_local(next, home::url()))
}

#[post("/logout")]
fn logout(session: Session<String>) -> Result<Redirect> {
    session.clear()?;
    Ok(Redirect::to(form::url()))
}

fn main() -> Result {
    let app = App::new()
        .secret_from("APP_SECRET")
        .template("login.html", include_str!("login.html"))
        .template("home.html", include_str!("home.html"))
        .routes(routes![home, form, login, logout].around(LoginRequired::<String>::at(form::url())));
    carafe::run(app)
}
