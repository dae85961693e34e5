//! The login page, and the way out.

use carafe::{
    FilledForm, Flash, Form, Redirect, Result, Routes, Secret, Session, State, Template, get, post, routes,
};
use serde::{Deserialize, Serialize};

use crate::posts;
use crate::users::{Account, Users};

#[derive(Deserialize, Serialize)]
struct Login {
    name: String,
    password: Secret<String>,
}

#[derive(Serialize)]
struct Page {
    form: FilledForm,
}

fn page(form: FilledForm) -> Template {
    Template::new("login.html", Page { form })
}

#[get("/login")]
pub(crate) fn form() -> Template {
    page(FilledForm::default())
}

/// The form posts to its own address, so `next` is the page that was asked for.
#[post("/login?<next>")]
fn login(
    Form(login): Form<Login>,
    next: Option<String>,
    users: State<Users>,
    session: Session<Account>,
    flash: Flash,
) -> Result<Redirect> {
    if !users.know(&login.name, login.password.reveal()) {
        let form = FilledForm::of(&login)?.with_fault("password", "The name or the password is wrong");
        return Err(form.refused().show(page));
    }
    flash.success(format!("Welcome, {}", login.name))?;
    session.set(Account { name: login.name })?;
    Ok(Redirect::to_local(next, posts::list::url()))
}

#[post("/logout")]
fn logout(session: Session<Account>, flash: Flash) -> Result<Redirect> {
    session.clear()?;
    flash.info("You are logged out")?;
    Ok(Redirect::to(form::url()))
}

pub(crate) fn routes() -> Routes {
    routes![form, login, logout]
}
