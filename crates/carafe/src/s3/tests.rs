//! Signatures as botocore 1.44.8 makes them, what the environment says, and the end of an upload.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::BucketError;
use super::timestamp::Timestamp;
use super::uploaded::Token;
use super::{Bucket, BucketCredentials, Uploaded, authority};
use crate::{App, Redirect, Request, Result, get, routes};

/// What `tests/clients/s3.py vectors 17 40` prints.
const VECTORS: &str = include_str!("../../tests/s3/vectors.json");

#[derive(Deserialize)]
struct Vector {
    id: String,
    secret: String,
    token: Option<String>,
    region: String,
    bucket: String,
    endpoint: Option<String>,
    key: String,
    seconds: u64,
    disposition: Option<String>,
    at_most: usize,
    types: Vec<String>,
    back: String,
    now: u64,
    link: String,
    url: String,
    signature: String,
}

impl Vector {
    fn bucket(&self) -> Bucket {
        let credentials =
            BucketCredentials { token: self.token.clone(), ..BucketCredentials::new(&self.id, &self.secret) };
        let bucket = Bucket::new(&self.bucket).region(&self.region).credentials(credentials);
        self.endpoint.iter().fold(bucket, Bucket::endpoint)
    }
}

/// Returns the address, and the parameters in order: botocore has another one.
fn taken_apart(url: &str) -> (&str, Vec<&str>) {
    let (address, query) = url.split_once('?').unwrap();
    let mut query: Vec<&str> = query.split('&').collect();
    query.sort_unstable();
    (address, query)
}

#[test]
fn signatures_are_those_of_botocore() {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors.len(), 40);
    for vector in vectors {
        let (bucket, now) = (vector.bucket(), Timestamp::of(vector.now));
        let at = bucket.resolved_in(|_| None).unwrap();
        let mut link = bucket.link(&vector.key);
        (link.seconds, link.disposition) = (vector.seconds, vector.disposition);
        assert_eq!(taken_apart(&link.signed(&at, now).unwrap()), taken_apart(&vector.link));
        let mut upload = bucket.upload("").at_most(vector.at_most).types(vector.types);
        upload.seconds = vector.seconds;
        let form = upload.signed(&at, now, &vector.key, vector.back).unwrap();
        let fields: BTreeMap<&str, &str> = form.fields().collect();
        assert_eq!(
            (form.url(), fields.get("x-amz-signature").copied()),
            (&*vector.url, Some(&*vector.signature))
        );
    }
}

fn resolved(bucket: &Bucket, variables: &[(&str, &str)]) -> Result<String, BucketError> {
    let variable =
        |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, text)| (*text).to_owned());
    let at = bucket.resolved_in(variable)?;
    let token = at.credentials.token.unwrap_or_default();
    Ok(format!(
        "{} {}://{}{} {} {} {token}",
        at.region, at.scheme, at.host, at.folder, at.credentials.id, at.credentials.secret
    ))
}

#[test]
fn what_is_not_set_comes_from_the_environment() {
    let bucket = Bucket::new("acme");
    let keys = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "key")];
    let with = |more: &[(&'static str, &'static str)]| [&keys[..], more].concat();
    for (more, expected) in [
        (&[("AWS_REGION", "eu-west-1")][..], "eu-west-1 https://acme.s3.eu-west-1.amazonaws.com id key "),
        (&[("AWS_DEFAULT_REGION", "a"), ("AWS_REGION", "")], "a https://acme.s3.a.amazonaws.com id key "),
        (&[("AWS_DEFAULT_REGION", "a"), ("AWS_REGION", "b")], "b https://acme.s3.b.amazonaws.com id key "),
        (&[("AWS_REGION", "cn-north-1")], "cn-north-1 https://acme.s3.cn-north-1.amazonaws.com.cn id key "),
        (&[("AWS_REGION", "a"), ("AWS_SESSION_TOKEN", "t")], "a https://acme.s3.a.amazonaws.com id key t"),
        (&[("AWS_REGION", "a"), ("AWS_ENDPOINT_URL", "http://X:1/")], "a http://x:1/acme id key "),
        (
            &[
                ("AWS_REGION", "a"),
                ("AWS_ENDPOINT_URL", "http://x"),
                ("AWS_ENDPOINT_URL_S3", "https://y:443"),
            ],
            "a https://y/acme id key ",
        ),
    ] {
        assert_eq!(resolved(&bucket, &with(more)).unwrap(), expected);
    }
    let own =
        bucket.clone().region("r").credentials(BucketCredentials::new("i", "s")).endpoint("http://[::1]:80");
    assert_eq!(
        resolved(&own, &with(&[("AWS_REGION", "a"), ("AWS_ENDPOINT_URL", "http://x")])).unwrap(),
        "r http://[::1]/acme i s "
    );
    assert_eq!(
        resolved(&Bucket::new("a.b.c").region("r"), &keys).unwrap(),
        "r https://s3.r.amazonaws.com/a.b.c id key "
    );
    let region = ("AWS_REGION", "a");
    for (variables, reason) in [
        (&[][..], "the region of the bucket `acme` is not known: set `AWS_REGION`, or call `Bucket::region`"),
        (&[region], "there are no credentials: `AWS_ACCESS_KEY_ID` is not set."),
        (&[region, ("AWS_ACCESS_KEY_ID", "")], "there are no credentials: `AWS_ACCESS_KEY_ID` is not set."),
        (
            &[region, ("AWS_ACCESS_KEY_ID", "id")],
            "`AWS_SECRET_ACCESS_KEY` is not set beside `AWS_ACCESS_KEY_ID`",
        ),
        (
            &[region, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://10.0.0.1/")],
            "where `AWS_CONTAINER_CREDENTIALS_FULL_URI` says: its host has to be an address of this machine",
        ),
        // The path of ECS goes first, and stays there.
        (
            &[
                region,
                ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@10.0.0.1/"),
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/"),
            ],
            "where `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` says: its host has to be an address of this machine",
        ),
        // A file that names the token is not passed over.
        (
            &[
                region,
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/no/such/file"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token"),
            ],
            "cannot read `/no/such/file`, which `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` names: ",
        ),
        (
            &[
                region,
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/dev/zero"),
            ],
            "it is over 16384 bytes",
        ),
    ] {
        let error = resolved(&bucket, variables).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_host_is_written_as_browsers_do() {
    for (scheme, text, written) in [
        ("https", "app.example.com", "app.example.com"),
        ("https", "APP.example.com:443", "app.example.com"),
        ("https", "example.com:0443", "example.com"),
        ("https", "example.com:80", "example.com:80"),
        ("http", "example.com:80", "example.com"),
        ("http", "localhost:3000", "localhost:3000"),
        ("http", "a_b.internal", "a_b.internal"),
        ("http", "[::1]:3000", "[::1]:3000"),
        ("http", "[::1]", "[::1]"),
    ] {
        assert_eq!(authority(scheme, text).as_deref(), Some(written), "{scheme} {text}");
    }
    let wrong = ["", ":80", "a:", "a:x", "a:70000", "a:+80", "a:1:2", "[::1", "::1", "[::1]x", "[]x:1"];
    let foreign = [
        "a/",
        "a/b",
        "a?b",
        "a#b",
        "a b",
        "a ",
        "user@a",
        "b:1@a:443",
        "*.com",
        "a%20b",
        "a'b",
        "a,b",
        "bü.com",
        "a\n",
    ];
    for text in wrong.into_iter().chain(foreign) {
        assert_eq!(authority("https", text), None, "{text:?}");
    }
}

/// Sends the client where S3 would, at the end of an upload that was offered until this second.
#[get("/offered?<until>", crate = crate)]
fn offered(request: &Request, until: u64) -> Result<Redirect> {
    let token = Token { bucket: "acme", key: "tmp/1", at_most: 5, expires: Timestamp::of(until) };
    let token = token.sign(request, "/added")?;
    Ok(Redirect::to(format!("/added?upload={token}&bucket=acme&key=tmp/1&etag=%22x%22")))
}

#[get("/added", crate = crate)]
fn added(photo: Uploaded) -> String {
    format!("{photo:?}")
}

#[test]
fn an_upload_can_come_too_late() {
    let client = App::new().secret_from("APP_SECRET").routes(routes![offered, added]).test();
    let back = |until: u64| client.get(&format!("/offered?until={until}")).follow_redirects().send();
    let now = Timestamp::now().seconds();
    let reply = back(now + 600);
    assert_eq!(reply.text(), r#"Uploaded { bucket: "acme", key: "tmp/1", etag: Some("x"), at_most: 5 }"#);
    let reply = back(now - 1);
    assert_eq!(reply.status(), 403);
    assert!(reply.text().contains("the upload came too late: upload the file again"), "{}", reply.text());
}
