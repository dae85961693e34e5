//! Pages for the one who knows the password. They are behind a login; without it one is sent to the form.

use carafe::{
    App, Feature, Flash, LoggedIn, LoginRequired, Redirect, Request, Result, Session, State,
    Template, Variable, embed, get, post, routes,
};
use serde::{Deserialize, Serialize};

/// The pages, their templates and their style sheet.
pub struct Admin;

impl Feature for Admin {
    fn attach(self, app: App) -> App {
        let password = Variable {
            name: "ADMIN_PASSWORD".to_owned(),
            help: "the password of the pages below /admin; under `cargo run` it is `admin`",
            read: |text| match text {
                "" => Err("is empty".to_owned()),
                text => Ok(Password(text.to_owned())),
            },
            locally: || Ok("admin".to_owned()),
            in_tests: "open sesame",
        };
        app.secret_from("ADMIN_SECRET")
            .variable(password)
            .files("/static", embed!("static"))
            .templates(embed!("templates", gzip = off))
            .routes(routes![form, login, logout])
            .mount(
                "/admin",
                routes![home].around(LoginRequired::<Account>::at(form::url())),
            )
    }
}

/// The password as it is, since `ADMIN_PASSWORD` has it so: to start with, for the one who deploys. For more people keep a hash of each
/// password in its place, by a crate such as `argon2`.
pub struct Password(String);

impl Password {
    /// Compares in a time that does not tell how much was right.
    pub fn is(&self, other: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), other.as_bytes());
        own.len() == other.len()
            && own
                .iter()
                .zip(other)
                .fold(0, |found, (a, b)| found | (a ^ b))
                == 0
    }
}

/// What the session keeps.
#[derive(Serialize, Deserialize)]
struct Account {
    since: std::time::SystemTime,
}

#[derive(Serialize)]
struct Home {
    minutes: u64,
}

#[get("/")]
fn home(account: LoggedIn<Account>) -> Template {
    let minutes = account
        .since
        .elapsed()
        .map_or(0, |time| time.as_secs() / 60);
    Template::new("home.html", Home { minutes })
}

#[get("/login")]
fn form() -> Template {
    Template::new("login.html", ())
}

#[post("/login?<next>")]
fn login(
    password: &str,
    next: Option<String>,
    expected: State<Password>,
    session: Session<Account>,
    flash: Flash,
    request: &Request,
) -> Result<Redirect> {
    if !expected.is(password) {
        flash.error("That is not the password")?;
        let page = request.url_for(&form::url())?;
        return Ok(Redirect::to(format!("{page}?{}", request.raw_query())));
    }
    session.set(Account {
        since: std::time::SystemTime::now(),
    })?;
    Ok(Redirect::to_local(next, home::url()))
}

#[post("/logout")]
fn logout(session: Session<Account>) -> Result<Redirect> {
    session.clear()?;
    Ok(Redirect::to(form::url()))
}

#[cfg(test)]
mod tests {
    use crate::tests::client;

    #[test]
    fn nobody_gets_in_without_the_password() {
        let client = client();
        let reply = client.get("/admin").header("accept", "text/html").send();
        assert_eq!(reply.header("location"), Some("/login?next=%2Fadmin"));
        let page = client
            .post("/login")
            .form(&[("password", "guess")])
            .follow_redirects()
            .send();
        assert!(
            page.text().contains("That is not the password"),
            "{}",
            page.text()
        );
        assert_eq!(client.get("/admin").send().status(), 401);
    }

    #[test]
    fn the_password_opens_the_page() {
        let client = client();
        let filled_in = [("password", "open sesame")];
        let page = client
            .post("/login?next=%2Fadmin")
            .form(&filled_in)
            .follow_redirects()
            .send();
        assert!(page.text().contains("Log out"), "{}", page.text());
        client.post("/logout").send();
        assert_eq!(client.get("/admin").send().status(), 401);
    }

    #[test]
    fn pages_name_their_style_sheet_for_good() {
        let client = client();
        let page = client.get("/login").send();
        let link = page
            .text()
            .split("href=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let style = link.unwrap_or_default().replace("&#x2f;", "/");
        let reply = client.get(&style).send();
        assert_eq!(
            reply.header("content-type"),
            Some("text/css; charset=UTF-8"),
            "{style}"
        );
    }
}
