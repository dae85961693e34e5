//! A request of a test, before it is sent.

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::json;

use super::event::{body, family};
use super::reply::Reply;
use crate::app::App;

const BOUNDARY: &str = "carafe-test-boundary-7f3a9c";

/// A request of a test, before it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is sent"]
pub struct Call<'a> {
    app: &'a App,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Bytes,
    multipart: Option<Vec<u8>>,
    single_value: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(app: &'a App, method: &str, target: &str) -> Call<'a> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|piece| !piece.is_empty()).map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (name.to_owned(), value.to_owned())
        });
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Call {
            app,
            method: method.to_owned(),
            path: path.to_owned(),
            query: pairs.collect(),
            headers: vec![
                header("host", "localhost"),
                header("x-forwarded-for", "127.0.0.1"),
                header("x-forwarded-port", "443"),
                header("x-forwarded-proto", "https"),
            ],
            body: Bytes::new(),
            multipart: None,
            single_value: false,
        }
    }

    /// Adds a query parameter; name and value are encoded.
    pub fn query(mut self, name: &str, value: impl std::fmt::Display) -> Call<'a> {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        self.query.push((encoded(name), encoded(&value.to_string())));
        self
    }

    /// Sets a header, in place of one of that name.
    pub fn header(mut self, name: &str, value: &str) -> Call<'a> {
        let name = name.to_ascii_lowercase();
        self.headers.retain(|(own, _)| *own != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Adds a cookie.
    pub fn cookie(mut self, name: &str, value: &str) -> Call<'a> {
        let pair = format!("{name}={value}");
        match self.headers.iter_mut().find(|(own, _)| own == "cookie") {
            Some((_, cookies)) => *cookies = format!("{cookies}; {pair}"),
            None => self.headers.push(("cookie".to_owned(), pair)),
        }
        self
    }

    /// Sets the body. The content type is for [`Call::header`] to say.
    pub fn body(mut self, body: impl Into<Bytes>) -> Call<'a> {
        self.body = body.into();
        self
    }

    /// Sets an urlencoded body: pairs, a map or a struct.
    ///
    /// # Panics
    ///
    /// When the value is no flat list of pairs.
    #[expect(clippy::panic, reason = "a test that cannot be run has to fail, and to say why")]
    pub fn form<T: Serialize + ?Sized>(self, form: &T) -> Call<'a> {
        match serde_urlencoded::to_string(form) {
            Ok(text) => self.header("content-type", "application/x-www-form-urlencoded").body(text),
            Err(error) => panic!("this cannot be a form: {error}"),
        }
    }

    /// Sets a JSON body.
    ///
    /// # Panics
    ///
    /// When the value has no JSON text.
    #[expect(clippy::panic, reason = "a test that cannot be run has to fail, and to say why")]
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Call<'a> {
        match serde_json::to_vec(value) {
            Ok(text) => self.header("content-type", "application/json").body(text),
            Err(error) => panic!("this cannot be JSON: {error}"),
        }
    }

    /// Adds a field to a multipart form.
    pub fn field(self, name: &str, value: &str) -> Call<'a> {
        self.part(&format!("name=\"{name}\"\r\n"), value.as_bytes())
    }

    /// Adds a file to a multipart form.
    pub fn file(self, name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Call<'a> {
        let head = format!("name=\"{name}\"; filename=\"{file_name}\"\r\ncontent-type: {content_type}\r\n");
        self.part(&head, content)
    }

    fn part(mut self, head: &str, content: &[u8]) -> Call<'a> {
        let mut parts = self.multipart.take().unwrap_or_default();
        parts.extend_from_slice(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {head}\r\n").as_bytes(),
        );
        parts.extend_from_slice(content);
        parts.extend_from_slice(b"\r\n");
        self.multipart = Some(parts);
        self.header("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"))
    }

    /// Sends it as a target group does whose multi-value headers are off: of several values of a query parameter
    /// only the last arrives. Without this they are on.
    pub fn single_value_headers(mut self) -> Call<'a> {
        self.single_value = true;
        self
    }

    /// Sends it and waits for the answer.
    ///
    /// # Panics
    ///
    /// When the app does not fit together.
    pub fn send(self) -> Reply {
        let mut content = self.body.to_vec();
        if let Some(mut parts) = self.multipart {
            parts.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
            content = parts;
        }
        let (text, encoded) = body(&content);
        let mut headers = self.headers;
        if !content.is_empty() {
            headers.push(("content-length".to_owned(), content.len().to_string()));
        }
        let multi = !self.single_value;
        let mut event = json!({
            "requestContext": {"elb": {"targetGroupArn":
                "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/test/0123456789abcdef"}},
            "httpMethod": self.method,
            "path": self.path,
            "body": text,
            "isBase64Encoded": encoded,
        });
        if let Some(fields) = event.as_object_mut() {
            let name = |single: &str, multi_value: &str| if multi { multi_value } else { single }.to_owned();
            let query = name("queryStringParameters", "multiValueQueryStringParameters");
            fields.insert(query, family(&self.query, multi));
            fields.insert(name("headers", "multiValueHeaders"), family(&headers, multi));
        }
        Reply::read(&self.app.document(event.to_string().into()))
    }
}
