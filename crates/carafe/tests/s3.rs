//! Uploads past the function, the way back from them, and links.
#![expect(clippy::unwrap_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::collections::BTreeMap;
use std::time::Duration;

use carafe::testing::Client;
use carafe::{
    App, Bucket, BucketCredentials, BucketLink, DirectUpload, MB, Redirect, Request, Result, State, Uploaded,
    get, routes,
};
use serde::Deserialize;

fn bucket() -> Bucket {
    let credentials = BucketCredentials::new("AKIDEXAMPLE", "top secret").session_token("a+token/==");
    Bucket::new("acme").region("eu-west-1").credentials(credentials)
}

#[get("/new")]
fn new(bucket: State<Bucket>) -> DirectUpload {
    bucket.upload("tmp/").at_most(20 * MB).types(["image/png", "image/jpeg"]).then(added::url("größe 1"))
}

#[get("/plain")]
fn plain(bucket: State<Bucket>) -> DirectUpload {
    bucket.upload("tmp/").then("/other?a=1")
}

#[get("/short")]
fn short(bucket: State<Bucket>) -> DirectUpload {
    bucket.upload("tmp/").expires_in(Duration::from_secs(90)).then("/other?a=1")
}

#[get("/albums/<album>/added")]
fn added(album: String, photo: Uploaded) -> String {
    format!("{album} {} {} {} {:?}", photo.bucket(), photo.key(), photo.max_bytes(), photo.etag())
}

#[get("/other")]
fn other(photo: Uploaded, a: u8) -> String {
    format!("{} {a}", photo.key())
}

#[get("/slash")]
fn slash(bucket: State<Bucket>) -> DirectUpload {
    bucket.upload("tmp/").then("/parts/a%2fb")
}

#[get("/parts/<part>")]
fn one_part(part: String, _photo: Uploaded) -> String {
    part
}

#[get("/parts/<_a>/<_b>")]
fn two_parts(_a: String, _b: String, _photo: Uploaded) -> &'static str {
    "two parts"
}

fn app() -> App {
    App::new()
        .secret_from("APP_SECRET")
        .mount("/v1", routes![new, added])
        .routes(routes![plain, short, other, slash, one_part, two_parts])
}

fn client() -> Client {
    app().state(bucket()).test()
}

#[derive(Deserialize)]
struct Form {
    url: String,
    fields: BTreeMap<String, String>,
    max_bytes: usize,
    types: Vec<String>,
}

fn form(client: &Client, path: &str) -> Form {
    let reply = client.get(path).send();
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply.json()
}

/// Returns the path that S3 sends the browser to, with what it adds.
fn back(form: &Form, bucket: &str, key: &str) -> String {
    let url = form.fields.get("success_action_redirect").unwrap();
    let added =
        serde_urlencoded::to_string([("bucket", bucket), ("key", key), ("etag", "\"d41d8\"")]).unwrap();
    let (_, path) =
        url.strip_prefix("http://").or(url.strip_prefix("https://")).unwrap().split_once('/').unwrap();
    format!("/{path}&{added}")
}

fn key(form: &Form) -> &str {
    form.fields.get("key").unwrap()
}

#[test]
fn a_form_says_what_s3_is_to_take() {
    let form = form(&client(), "/v1/new");
    assert_eq!(form.url, "https://acme.s3.eu-west-1.amazonaws.com/");
    assert_eq!((form.max_bytes, form.types.join(",")), (20_000_000, "image/png,image/jpeg".to_owned()));
    let random = key(&form).strip_prefix("tmp/").unwrap();
    assert!(random.len() == 32 && random.bytes().all(|byte| byte.is_ascii_hexdigit()), "{random}");
    let policy = base64(form.fields.get("policy").unwrap());
    let policy: serde_json::Value = serde_json::from_slice(&policy).unwrap();
    let conditions = policy.get("conditions").and_then(|list| list.as_array()).unwrap();
    let has = |condition: serde_json::Value| conditions.contains(&condition);
    assert!(has(serde_json::json!(["content-length-range", 1, 20_000_000])));
    assert!(has(serde_json::json!(["starts-with", "$Content-Type", "image/"])));
    assert!(has(serde_json::json!({"bucket": "acme"})));
    // S3 refuses a form with a field that the policy does not have.
    for (name, value) in form
        .fields
        .iter()
        .filter(|(name, _)| !["policy", "x-amz-signature", "Content-Type"].contains(&&***name))
    {
        assert!(has(serde_json::json!({name: value})), "{name}");
    }
    assert_eq!(conditions.len(), form.fields.len() - 2 + 2);
}

#[test]
fn a_form_may_be_used_for_an_hour_or_as_long_as_is_said() {
    for (path, lifetime) in [("/plain", 3_600), ("/short", 90)] {
        let form = form(&client(), path);
        let policy: serde_json::Value =
            serde_json::from_slice(&base64(form.fields.get("policy").unwrap())).unwrap();
        let seconds = |time: &str| -> i64 {
            let digits: String = time.chars().filter(char::is_ascii_digit).collect();
            let number = |at: usize| digits.get(at..at + 2).unwrap().parse::<i64>().unwrap();
            number(8) * 3_600 + number(10) * 60 + number(12)
        };
        let ends = seconds(policy.get("expiration").and_then(|time| time.as_str()).unwrap());
        let begins = seconds(form.fields.get("x-amz-date").unwrap());
        assert_eq!((ends - begins).rem_euclid(86_400), lifetime, "{path}");
    }
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

#[test]
fn a_page_is_for_browsers() {
    let reply = client().get("/v1/new").header("accept", "text/html").send();
    assert_eq!(reply.header("content-type"), Some("text/html; charset=UTF-8"));
    let page = reply.text();
    for part in [
        r#"action="https://acme.s3.eu-west-1.amazonaws.com/""#,
        r#"enctype="multipart/form-data""#,
        r#"<input type="hidden" name="key" value="tmp/"#,
        r#"<input type="file" name="file" required accept="image/png,image/jpeg">"#,
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        page.find("type=\"file\"") > page.rfind("type=\"hidden\""),
        "S3 ignores what comes behind the file"
    );
    assert!(!page.contains("top secret"));
}

#[test]
fn the_way_back_proves_the_key_and_the_greatest_size() {
    let client = client();
    let form = form(&client, "/v1/new");
    let path = back(&form, "acme", key(&form));
    assert!(path.starts_with("/v1/albums/gr"), "{path}");
    let expected = format!("größe 1 acme {} 20000000 Some(\"d41d8\")", key(&form));
    assert_eq!(client.get(&path).send().text(), expected);
    // Another spelling of the same path.
    assert_eq!(client.get(&path.replacen("/albums/g", "/albums/%67", 1)).send().text(), expected);
    let token = path.split("upload=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let mut parts = token.splitn(3, '.');
    let (expires, signature) = (parts.next().unwrap(), parts.nth(1).unwrap());
    let later = format!("{}.20000000.{signature}", expires.parse::<u64>().unwrap() + 1);
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    for (what, forged) in [
        ("another key", back(&form, "acme", "tmp/other")),
        ("another bucket", back(&form, "acmf", key(&form))),
        ("a line break", back(&form, &format!("acme\n{}", key(&form)), "x")),
        ("another route", path.replacen("gr%C3%B6%C3%9Fe", "grosse", 1)),
        ("a greater size", path.replacen(".20000000.", ".20000001.", 1)),
        ("a later end", path.replacen(&token, &later, 1)),
        ("another signature", path.replacen(signature, &format!("{flipped}{}", signature.split_at(1).1), 1)),
        ("half a signature", path.replacen(signature, signature.split_at(20).0, 1)),
        ("no signature", path.replacen(signature, "", 1)),
        ("no token", path.replacen(&token, "", 1)),
        ("no numbers", path.replacen(&token, "x.y.z", 1)),
    ] {
        assert_ne!(forged, path, "{what}");
        let reply = client.get(&forged).send();
        assert_eq!(reply.status(), 403, "{what}: {}", reply.text());
        assert!(reply.text().contains("this app has not offered such an upload"), "{what}");
    }
    // A form for one route does not open another.
    let elsewhere = path.replacen(path.split('?').next().unwrap(), "/other", 1) + "&a=1";
    assert_eq!(client.get(&elsewhere).send().status(), 403);
    for missing in ["bucket=", "key=", "upload="] {
        let reply = client.get(&path.replacen(missing, "x=", 1)).send();
        assert_eq!(reply.status(), 400, "{missing}");
        assert!(reply.text().contains(missing.trim_end_matches('=')), "{}", reply.text());
    }
}

#[test]
fn a_slash_inside_of_a_segment_is_no_other_route() {
    let client = client();
    let form = form(&client, "/slash");
    let path = back(&form, "acme", key(&form));
    assert_eq!(client.get(&path).send().text(), "a/b");
    assert_eq!(client.get(&path.replacen("%2f", "%2F", 1)).send().text(), "a/b");
    assert_eq!(client.get(&path.replacen("%2f", "/", 1)).send().status(), 403);
}

#[test]
fn a_path_with_a_query_keeps_it() {
    let client = client();
    let form = form(&client, "/plain");
    assert_eq!(form.max_bytes, 10_000_000);
    assert!(!form.fields.contains_key("Content-Type"));
    assert_eq!(client.get(&back(&form, "acme", key(&form))).send().text(), format!("{} 1", key(&form)));
}

#[test]
fn the_way_back_is_the_host_that_the_client_used() {
    let back = |client: Client, host: &str| {
        let reply = client.get("/plain").header("host", host).send();
        reply.json::<Form>().fields.remove("success_action_redirect").unwrap()
    };
    let url = back(client(), "app.example.com");
    assert!(url.starts_with("https://app.example.com/other?a=1&upload="), "{url}");
    let url = back(client().plain_http(), "app.example.com");
    assert!(url.starts_with("http://app.example.com/other?a=1&upload="), "{url}");
    let url = back(client(), "APP.example.com");
    assert!(url.starts_with("https://app.example.com/other?"), "{url}");
    for host in ["evil.com/x", "a b", "user@host"] {
        let reply = client().get("/plain").header("host", host).send();
        assert_eq!(reply.status(), 400, "{host}: {}", reply.text());
    }
}

#[test]
fn an_app_without_a_secret_does_not_start() {
    let problems = App::new().routes(routes![other]).check().unwrap_err().to_string();
    assert!(problems.contains("secret_from"), "{problems}");
}

#[get("/link")]
fn link(bucket: State<Bucket>, key: String, seconds: u64) -> BucketLink {
    bucket.link(key).expires_in(Duration::from_secs(seconds)).download_as("Bericht \"7\" größe.pdf")
}

#[get("/text")]
fn text(bucket: State<Bucket>) -> Result<Redirect> {
    Ok(Redirect::to(bucket.link("a").url()?))
}

#[get("/upload")]
fn upload(
    request: &Request,
    bucket: State<Bucket>,
    kinds: Option<String>,
    most: usize,
    then: String,
) -> Result<String> {
    let form = bucket
        .upload("tmp/")
        .at_most(most)
        .types(kinds.iter().flat_map(|kinds| kinds.split(',')))
        .then(then)
        .form(request)?;
    Ok(form.url().to_owned())
}

#[test]
fn a_link_is_a_redirect() {
    let client = App::new().state(bucket()).routes(routes![link, text]).test();
    let reply = client.get("/link?key=gr%C3%B6%C3%9Fe/a%20b%2B&seconds=300").send();
    assert_eq!((reply.status().as_u16(), reply.header("cache-control")), (303, Some("no-store")));
    let url = reply.header("location").unwrap();
    for part in [
        "https://acme.s3.eu-west-1.amazonaws.com/gr%C3%B6%C3%9Fe/a%20b%2B?X-Amz-Algorithm=AWS4-HMAC-SHA256&",
        "&X-Amz-Expires=300&",
        "&X-Amz-Security-Token=a%2Btoken%2F%3D%3D&",
        "&response-content-disposition=attachment%3B%20filename%3D%22Bericht%20_7_%20gr__e.pdf%22%3B%20filename%2A%3DUTF-8%27%27Bericht%2520%25227%2522%2520gr%25C3%25B6%25C3%259Fe.pdf&",
    ] {
        assert!(url.contains(part), "{part}: {url}");
    }
    let url = client.get("/text").send().header("location").unwrap().to_owned();
    assert!(url.contains("/a?X-Amz-Algorithm=") && url.contains("&X-Amz-Expires=300&"), "{url}");
}

#[test]
fn what_cannot_be_signed_is_a_500_that_the_log_explains() {
    let app = |bucket: Bucket| {
        let reason = |request: &Request, response: &mut carafe::Response| {
            use carafe::ResponseExt as _;
            let error = response.error().and_then(|error| error.source()).map(ToString::to_string);
            assert!(request.path().starts_with('/'));
            let text =
                percent_encoding::utf8_percent_encode(&error.unwrap_or_default(), percent_encoding::CONTROLS)
                    .to_string();
            response.headers_mut().insert("x-reason", text.parse().unwrap());
        };
        App::new().secret_from("APP_SECRET").state(bucket).routes(routes![link, upload]).after(reason).test()
    };
    let long = "k".repeat(1_025);
    for (bucket, path, reason) in [
        (Bucket::new("A").region("x"), "/link?key=a&seconds=300", "`A` is not the name of a bucket"),
        (bucket().region("eu west"), "/link?key=a&seconds=300", "`eu west` is not the name of a region"),
        (bucket().endpoint("ftp://x"), "/link?key=a&seconds=300", "`ftp://x` is not an endpoint"),
        (bucket().endpoint("http://x/y"), "/link?key=a&seconds=300", "`http://x/y` is not an endpoint"),
        (bucket(), "/link?key=&seconds=300", "the key is empty"),
        (bucket(), "/link?key=a/../b&seconds=300", "the key `a/../b` has a part"),
        (bucket(), "/link?key=a%0Ab&seconds=300", "has a control character"),
        (bucket(), &format!("/link?key={long}&seconds=300"), "has 1025 bytes"),
        (bucket(), "/link?key=a&seconds=0", "`expires_in` takes 1 second to 7 days"),
        (bucket(), "/link?key=a&seconds=604801", "`expires_in` takes 1 second to 7 days"),
        (bucket(), "/upload?most=0&then=/", "`at_most` takes 1 byte to 5 GiB"),
        (bucket(), "/upload?most=5368709121&then=/", "`at_most` takes 1 byte to 5 GiB"),
        (bucket(), "/upload?most=1&then=/%23new", "`/#new` has a `#`"),
        (bucket(), "/upload?most=1&then=https://x/", "`https://x/` is not a path of this app"),
        (bucket(), "/upload?most=1&then=/&kinds=image/png,text/csv", "`image/png`, `text/csv` have nothing"),
    ] {
        let reply = app(bucket).get(path).send();
        assert_eq!(reply.status(), 500, "{path}");
        assert!(!reply.text().contains("bucket"), "{path}");
        assert!(reply.header("x-reason").unwrap().contains(reason), "{path}: {:?}", reply.header("x-reason"));
    }
    for path in ["/link?key=a&seconds=604800", "/upload?most=5368709120&then=/"] {
        assert!(app(bucket()).get(path).send().status().as_u16() < 400, "{path}");
    }
}

#[test]
fn credentials_are_never_printed() {
    let printed = format!("{:?} {:?} {:?}", bucket(), bucket().link("a"), bucket().upload("tmp/").then("/"));
    let own =
        format!("{:?}", BucketCredentials::new("AKIDEXAMPLE", "top secret").session_token("a+token/=="));
    for hidden in ["AKIDEXAMPLE", "top secret", "a+token"] {
        assert!(!printed.contains(hidden) && !own.contains(hidden), "{printed} {own}");
    }
}
