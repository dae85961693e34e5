//! Texts that the app signs for purposes of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carafe::testing::Client;
use carafe::{App, Request, Result, Signer, get, routes};

use crate::outside::{SECRET, derived, signature};

#[get("/sign?<purpose>&<text>")]
fn sign(purpose: String, text: String, signer: Signer) -> Result<String> {
    signer.sign(&purpose, &text)
}

#[get("/check?<purpose>&<text>&<signature>")]
fn check(purpose: String, text: String, signature: String, request: &Request) -> Result<String> {
    Ok(Signer::of(request)?.is_signed(&purpose, &text, &signature)?.to_string())
}

fn app() -> App {
    App::new().routes(routes![sign, check])
}

fn client() -> Client {
    app().secret_from("APP_SECRET").test()
}

fn path(to: &str, parameters: &[(&str, &str)]) -> String {
    format!("{to}?{}", serde_urlencoded::to_string(parameters).unwrap())
}

fn signed(client: &Client, purpose: &str, text: &str) -> String {
    let reply = client.get(&path("/sign", &[("purpose", purpose), ("text", text)])).send();
    assert_eq!(reply.status(), 200, "{}", reply.text());
    reply.text().to_owned()
}

fn is_signed(client: &Client, purpose: &str, text: &str, signature: &str) -> bool {
    let parameters = [("purpose", purpose), ("text", text), ("signature", signature)];
    let reply = client.get(&path("/check", &parameters)).send();
    assert_eq!(reply.status(), 200, "{}", reply.text());
    reply.text() == "true"
}

#[test]
fn a_signature_is_for_one_text_and_purpose() {
    let client = client();
    let own = signed(&client, "größe 1", "ann@example.com");
    assert!(own.len() == 43 && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert!(is_signed(&client, "größe 1", "ann@example.com", &own));
    for (purpose, text) in [
        ("größe 1", "bob@example.com"),
        ("größe 1", ""),
        ("größe 2", "ann@example.com"),
        ("größe ", "1ann@example.com"),
        ("größe 1a", "nn@example.com"),
        ("", "ann@example.com"),
    ] {
        assert!(!is_signed(&client, purpose, text, &own), "{purpose} {text}");
    }
}

#[test]
fn any_other_signature_is_none() {
    let client = client();
    let own = signed(&client, "p", "t");
    let mut others =
        vec![String::new(), format!("{own}A"), format!("{own}="), format!(" {own}"), "ä".repeat(20)];
    others.extend((0..own.len()).map(|end| own[..end].to_owned()));
    for place in 0..own.len() {
        let mut changed = own.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        others.push(String::from_utf8(changed).unwrap());
    }
    // The last letter has two bits that say nothing; another spelling of the same bytes is none either.
    let last = own.bytes().last().unwrap();
    others.extend(
        (b'A'..=b'z').filter(|byte| *byte != last).map(|byte| format!("{}{}", &own[..42], char::from(byte))),
    );
    for other in others {
        assert!(!is_signed(&client, "p", "t", &other), "{other}");
    }
}

#[test]
fn of_several_secrets_the_first_signs_and_all_check() {
    let secret = |byte: u8| STANDARD.encode([byte; 32]);
    let (old, new) = (secret(1), secret(2));
    let (before, after) = (app().secret(&old).test(), app().secret(&new).test());
    let during = app().secret(&format!("{new},{old}")).test();
    let (first, second) = (signed(&before, "p", "t"), signed(&during, "p", "t"));
    assert!(is_signed(&during, "p", "t", &first) && is_signed(&during, "p", "t", &second));
    assert!(is_signed(&after, "p", "t", &second) && !is_signed(&after, "p", "t", &first));
    assert!(!is_signed(&before, "p", "t", &second));
}

#[test]
fn the_form_is_the_documented_one() {
    let client = client();
    for (purpose, text) in [("unsubscribe 1", "ann@example.com"), ("", ""), ("größe", "a\0b\n")] {
        assert_eq!(signed(&client, purpose, text), signature(SECRET, purpose, text), "{purpose:?} {text:?}");
    }
}

#[test]
fn no_purpose_has_the_key_of_a_cookie() {
    let client = client();
    for purpose in [
        "carafe session 1",
        "carafe session id 1",
        "carafe encrypted cookie 1",
        "carafe signed cookie 1",
        "carafe flash 1",
    ] {
        let with_its_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &derived(SECRET, purpose));
        let tag = ring::hmac::sign(&with_its_key, b"t");
        let of_a_cookie = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(tag);
        // Whatever is left out in front: the key of a purpose begins with words that no other purpose begins with.
        let words: Vec<String> = (0..purpose.len()).map(|from| purpose[from..].to_owned()).collect();
        for asked in words {
            assert!(!is_signed(&client, &asked, "t", &of_a_cookie), "{asked}");
        }
    }
}

#[test]
fn without_a_secret_the_app_does_not_start() {
    let problems = App::new().routes(routes![sign]).check().unwrap_err().to_string();
    assert!(problems.starts_with("`fn sign`"), "{problems}");
    assert!(
        problems.ends_with("needs the app to have a secret: add `.secret_from(\"APP_SECRET\")`"),
        "{problems}"
    );
    // Nobody noticed before: the request is answered, not taken for signed.
    let reply = App::new().routes(routes![check]).test().get("/check?purpose=p&text=t&signature=").send();
    assert_eq!(reply.status(), 500);
}

#[test]
fn it_brings_nothing_else_with_it() {
    use carafe::post;

    #[post("/hook")]
    fn hook(signer: Signer) -> Result<String> {
        signer.sign("p", "t")
    }

    let client = App::new().secret_from("APP_SECRET").routes(routes![hook]).test();
    let reply = client.post("/hook").header("origin", "https://elsewhere.example").send();
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!((reply.header("set-cookie"), reply.header("cache-control")), (None, None));
}
