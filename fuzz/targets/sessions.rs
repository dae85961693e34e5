//! Cookies that a client has changed: the first byte says which of the app's own, the next two at which byte, and what
//! follows is put there. Nothing that differs from what the app wrote is read, under no name, and never a panic.
#![no_main]

use std::sync::LazyLock;

use carafe::testing::Client;
use carafe::{App, EncryptedCookies, Flash, Session, SignedCookies, get, post, routes};
use libfuzzer_sys::fuzz_target;

#[post("/")]
fn write(session: Session<String>, flash: Flash, signed: SignedCookies, sealed: EncryptedCookies) -> carafe::Result {
    session.set("Ann".to_owned())?;
    flash.info("Hello")?;
    signed.set(("signed", "s"))?;
    sealed.set(("sealed", "e"))
}

#[get("/")]
fn read(session: Session<String>, flash: Flash, signed: SignedCookies, sealed: EncryptedCookies) -> String {
    format!("{:?} {} {:?} {:?}", session.get(), flash.take().len(), signed.get("signed"), sealed.get("sealed"))
}

const NAMES: [&str; 4] = ["__Host-session", "__Host-flash", "__Host-signed", "__Host-sealed"];

static CLIENT: LazyLock<Client> =
    LazyLock::new(|| App::new().secret_from("APP_SECRET").routes(routes![write, read]).test());

/// What the app wrote, each with its name.
static OURS: LazyLock<[String; 4]> = LazyLock::new(|| {
    CLIENT.forget_cookies();
    CLIENT.post("/").send();
    let ours = NAMES.map(|name| CLIENT.cookie(name).expect("the app has set it"));
    CLIENT.forget_cookies();
    ours
});

fuzz_target!(|input: (u8, u8, u16, &str)| {
    let (from, to, place, put) = input;
    let original = &OURS[usize::from(from) % 4];
    let name = NAMES[usize::from(to) % 4];
    let place = usize::from(place) % (original.len() + 1);
    let end = (place + put.len()).min(original.len());
    let changed = format!("{}{put}{}", &original[..place], &original[end..]);
    let reply = CLIENT.get("/").header("cookie", &format!("{name}={changed}")).send();
    CLIENT.forget_cookies();
    if reply.refusal().is_some() {
        return;
    }
    assert_eq!(reply.status(), 200);
    // Blanks and quotes around a value, a further cookie behind it and percent-encoding do not change what it is.
    let plain = changed.chars().all(|char| char.is_ascii_alphanumeric() || "-_.".contains(char));
    if plain && (changed != *original || from % 4 != to % 4) {
        assert_eq!(reply.text(), "None 0 None None", "{name}={changed}");
    }
});
