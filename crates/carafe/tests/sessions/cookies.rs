//! Signed and encrypted cookies.

use std::time::{Duration, SystemTime};

use carafe::testing::Client;
use carafe::{App, Cookie, EncryptedCookies, Result, SignedCookies, get, post, routes};
use serde_json::json;

use super::outside::{SECRET, opened, sealed, second, signed};

#[post("/set?<name>&<value>&<age>")]
fn set(name: &str, value: &str, age: Option<u64>, signed: SignedCookies, sealed: EncryptedCookies) -> Result {
    let cookie = |kind: &str| {
        let cookie = Cookie::new(format!("{name}{kind}"), value);
        age.map_or(cookie.clone(), |age| cookie.max_age(Duration::from_secs(age)))
    };
    signed.set(cookie("-s"))?;
    sealed.set(cookie("-e"))
}

#[get("/get?<name>")]
fn get_both(name: &str, signed: SignedCookies, sealed: EncryptedCookies) -> String {
    format!("{:?} {:?}", signed.get(&format!("{name}-s")), sealed.get(&format!("{name}-e")))
}

#[post("/delete")]
fn delete(signed: SignedCookies, sealed: EncryptedCookies) -> Result {
    signed.delete("a-s")?;
    sealed.delete("a-e")
}

#[post("/elsewhere")]
fn elsewhere(signed: SignedCookies) -> Result<String> {
    let outcome = signed.set(Cookie::new("a", "1").path("/x"));
    signed.set(Cookie::new("__Secure-b", "1").domain("example.com").path("/x"))?;
    Ok(outcome.unwrap_err().to_string())
}

#[post("/past")]
fn past(signed: SignedCookies) -> Result {
    signed.set(Cookie::new("a", "1").expires(SystemTime::UNIX_EPOCH + Duration::from_secs(86_400)))
}

#[post("/signed")]
fn only_signed(signed: SignedCookies) -> Result {
    signed.set(("a", "1"))
}

#[post("/sealed")]
fn only_sealed(sealed: EncryptedCookies) -> Result {
    sealed.set(("a", "1"))
}

#[test]
fn each_kind_asks_for_a_secret_and_keeps_other_sites_out() {
    for (path, routes) in [("/signed", routes![only_signed]), ("/sealed", routes![only_sealed])] {
        let app = App::new().secret_from("CARAFE_TEST_SECRET").routes(routes);
        let client = app.test();
        assert_eq!(client.post(path).send().status(), 204, "{path}");
        let foreign = client.post(path).header("sec-fetch-site", "cross-site").send();
        assert_eq!(foreign.status(), 403, "{path}");
    }
    for routes in [routes![only_signed], routes![only_sealed]] {
        let problems = App::new().routes(routes).check().unwrap_err().to_string();
        assert!(problems.contains("secret"), "{problems}");
    }
}

fn client() -> Client {
    App::new()
        .secret_from("CARAFE_TEST_SECRET")
        .routes(routes![set, get_both, delete, elsewhere, past])
        .test()
}

#[test]
fn any_text_comes_back() {
    for text in ["", "dark", "größe, \"x\"; y", "1.2.3", "%41%", "a\nb"] {
        let client = client();
        let reply = client.post("/set?name=a").query("value", text).send();
        assert_eq!(reply.status(), 204, "{text}");
        let both = format!("{:?} {:?}", Some(text), Some(text));
        assert_eq!(client.get("/get?name=a").send().text(), both);
        // Of another name they are nothing.
        let stolen = client
            .get("/get?name=b")
            .cookie("__Host-b-s", &client.cookie("__Host-a-s").unwrap())
            .cookie("__Host-b-e", &client.cookie("__Host-a-e").unwrap());
        assert_eq!(stolen.send().text(), "None None");
    }
}

#[test]
fn they_are_for_this_host_only() {
    let reply = client().post("/set?name=a&value=1&age=60").send();
    for kind in ["__Host-a-s", "__Host-a-e"] {
        let value = reply.cookie(kind).unwrap();
        let line = format!("{kind}={value}; Path=/; Max-Age=60; SameSite=Lax; HttpOnly; Secure");
        assert!(reply.headers().get_all("set-cookie").iter().any(|own| *own == line), "{line}");
    }
    let http = client().plain_http();
    http.post("/set?name=a&value=1").send();
    assert!(http.cookie("a-s").is_some() && http.cookie("a-e").is_some());
    assert_eq!(http.get("/get?name=a").send().text(), "Some(\"1\") Some(\"1\")");
    // With the name of the other scheme they are nothing.
    let (s, e) = (http.cookie("a-s").unwrap(), http.cookie("a-e").unwrap());
    for prefix in ["", "__Host-"] {
        let call = client()
            .get("/get?name=a")
            .cookie(&format!("{prefix}a-s"), &s)
            .cookie(&format!("{prefix}a-e"), &e)
            .send();
        assert_eq!(call.text(), "None None");
    }
    let reply = client().post("/elsewhere").send();
    assert!(
        reply.text().contains("`__Host-a` cannot be set: with `__Host-` it has the path `/`"),
        "{}",
        reply.text()
    );
    assert!(reply.header("set-cookie").unwrap().contains("; Path=/x; Domain=example.com;"));
    let reply = client().post("/delete").send();
    let lines: Vec<_> =
        reply.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    for name in ["__Host-a-s", "__Host-a-e"] {
        let gone = format!(
            "{name}=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax; HttpOnly; Secure"
        );
        assert!(lines.contains(&gone.as_str()), "{lines:?}");
    }
}

#[test]
fn they_end_when_the_cookie_does() {
    let client = client();
    let reply = client.post("/set?name=a&value=1&age=60").send();
    let sealed_value = reply.cookie("__Host-a-e").unwrap();
    let content = opened(SECRET, "carafe encrypted cookie 1", "__Host-a-e", sealed_value);
    assert_eq!(content["data"], "1");
    assert!((second(50)..=second(60)).contains(&content["expires"].as_u64().unwrap()), "{content}");
    let expires: u64 = reply.cookie("__Host-a-s").unwrap().split('.').nth(2).unwrap().parse().unwrap();
    assert!((second(50)..=second(60)).contains(&expires), "{expires}");
    let reply = client.post("/past").send();
    assert!(reply.cookie("__Host-a").unwrap().ends_with(".86400.1"));
    for (expires, read) in [(second(60), true), (second(0), false), (second(-60), false), (0, true)] {
        let json = json!({"expires": (expires > 0).then_some(expires), "data": "1"});
        let call = client
            .get("/get?name=a")
            .cookie("__Host-a-s", &signed(SECRET, "carafe signed cookie 1", "__Host-a-s", expires, "1"))
            .cookie("__Host-a-e", &sealed(SECRET, "carafe encrypted cookie 1", "__Host-a-e", &json));
        let expected = if read { "Some(\"1\") Some(\"1\")" } else { "None None" };
        assert_eq!(call.send().text(), expected, "{expires}");
    }
}

#[test]
fn one_that_is_too_long_is_an_error_where_it_is_set() {
    let client = client();
    assert_eq!(client.post("/set?name=a").query("value", "x".repeat(2_900)).send().status(), 204);
    let reply = client.post("/set?name=a").query("value", "x".repeat(3_050)).send();
    // The signed one fits, and is sent whatever the answer.
    assert_eq!((reply.status().as_u16(), reply.cookie("__Host-a-e")), (500, None));
    assert!(reply.cookie("__Host-a-s").is_some());
}
