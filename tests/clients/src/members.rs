//! The login example with sessions in a store: what a browser is sent to, to see that a logout ends every copy. And a text
//! that is kept in a signed and in an encrypted cookie, and another that is only signed.

use carafe::{
    App, EncryptedCookies, Flash, Html, LoggedIn, LoginRequired, MemoryStore, Plain, Redirect, Result,
    Session, SignedCookies, Signer, get, post, routes,
};

fn page(flash: &Flash, rest: &str) -> Html<String> {
    // Messages and names here are this program's own.
    let messages =
        flash.take().into_iter().map(|message| format!("<p class={}>{}</p>", message.kind, message.text));
    Html(format!("<!DOCTYPE html>{}{rest}", messages.collect::<String>()))
}

#[get("/")]
fn home(_name: LoggedIn<String>, flash: Flash) -> Html<String> {
    let rest = "<p>Only ann can see this.</p><form method=post action=/logout id=logout><button>Log out</button></form>";
    page(&flash, rest)
}

#[get("/login")]
fn form(flash: Flash) -> Html<String> {
    let fields = "<input name=name><input name=password type=password><button>Log in</button>";
    page(&flash, &format!("<form method=post id=login>{fields}</form>"))
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
        return Ok(Redirect::to(format!("/login?{}", request.raw_query())));
    }
    flash.success("Welcome back, ann")?;
    session.set(name)?;
    Ok(Redirect::to_local(next, home::url()))
}

#[post("/logout")]
fn logout(session: Session<String>) -> Result<Redirect> {
    session.clear()?;
    Ok(Redirect::to(form::url()))
}

#[post("/kept")]
fn keep(text: String, signed: SignedCookies, encrypted: EncryptedCookies) -> Result {
    signed.set(("signed", &*text))?;
    encrypted.set(("encrypted", text))
}

#[get("/kept")]
fn kept(signed: SignedCookies, encrypted: EncryptedCookies) -> Plain<String> {
    Plain(format!("{:?} {:?}", signed.get("signed"), encrypted.get("encrypted")))
}

#[get("/signature?<purpose>&<text>&<signature>")]
fn signature(purpose: String, text: String, signature: String, signer: Signer) -> Result<String> {
    Ok(format!("{} {}", signer.sign(&purpose, &text)?, signer.is_signed(&purpose, &text, &signature)?))
}

fn main() -> Result {
    let app = App::new()
        .secret_from("APP_SECRET")
        .session_store(MemoryStore::default())
        .routes(routes![keep, kept, signature])
        .routes(routes![home, form, login, logout].around(LoginRequired::<String>::at(form::url())));
    carafe::run(app)
}
