//! A request of a test, before it is sent.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::client::Client;
use super::multipart::Multipart;
use super::reply::Reply;
use super::sent::{LOCALHOST, Sent};
use crate::cookies::encoded;

/// A request of a test, before it is sent.
///
/// ```
/// use carafe::{App, post, routes};
///
/// #[post("/posts")]
/// fn create(title: String) -> String {
///     format!("{title} is made")
/// }
///
/// let client = App::new().routes(routes![create]).test();
/// let call = client.post("/posts").header("accept", "text/plain").form(&[("title", "Hi")]);
/// assert_eq!(call.send().text(), "Hi is made");
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is sent"]
pub struct Call<'a> {
    client: &'a Client,
    sent: Sent,
    multipart: Option<Multipart>,
    follow: bool,
}

impl<'a> Call<'a> {
    fn new(client: &'a Client, method: &str, target: &str) -> Call<'a> {
        let sent = Sent {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("host".to_owned(), LOCALHOST.to_owned())],
            cookies: Vec::new(),
            body: Bytes::new(),
            client: Ipv4Addr::LOCALHOST.into(),
        };
        Call { client, sent, multipart: None, follow: false }
    }

    /// Adds a query parameter; name and value are encoded.
    pub fn query(mut self, name: &str, value: impl std::fmt::Display) -> Call<'a> {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let separator = if self.sent.target.contains('?') { '&' } else { '?' };
        let pair = format!("{separator}{}={}", encoded(name), encoded(&value.to_string()));
        self.sent.target.push_str(&pair);
        self
    }

    /// Sets a header, in place of one of that name.
    pub fn header(mut self, name: &str, value: &str) -> Call<'a> {
        let name = name.to_ascii_lowercase();
        self.sent.headers.retain(|(own, _)| *own != name);
        self.sent.headers.push((name, value.to_owned()));
        self
    }

    /// Sends a name and a password, for [basic authentication](https://www.rfc-editor.org/rfc/rfc7617), as `curl -u` does. The name ends
    /// at its first colon.
    pub fn basic(self, name: &str, password: &str) -> Call<'a> {
        let credentials = STANDARD.encode(format!("{name}:{password}"));
        self.header("authorization", &format!("Basic {credentials}"))
    }

    /// Adds a cookie to this request alone, in place of one that the client keeps. The value is what the app is to read:
    /// it is percent-encoded as [`Cookies::set`](crate::Cookies::set) does it. The header `cookie` sends one as it stands.
    pub fn cookie(mut self, name: &str, value: &str) -> Call<'a> {
        self.sent.cookies.push((name.to_owned(), encoded(value).into_owned()));
        self
    }

    /// Sets the client's address, as the load balancer sees it; 127.0.0.1 unless set.
    pub fn client_ip(mut self, address: IpAddr) -> Call<'a> {
        self.sent.client = address;
        self
    }

    /// Sets the body. The content type is for [`Call::header`] to say.
    pub fn body(mut self, body: impl Into<Bytes>) -> Call<'a> {
        self.sent.body = body.into();
        self
    }

    /// Sets an urlencoded body: pairs, a map or a struct.
    ///
    /// # Panics
    ///
    /// When the value is not a flat list of pairs.
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
    pub fn field(mut self, name: &str, value: &str) -> Call<'a> {
        self.multipart.get_or_insert_default().field(name, value.as_bytes());
        self
    }

    /// Adds a file to a multipart form.
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Call<'a> {
        self.multipart.get_or_insert_default().file(name, file_name, content_type, content);
        self
    }

    /// Follows redirects to the app itself, ten at most, as a browser does: after 303 with GET.
    pub fn follow_redirects(mut self) -> Call<'a> {
        self.follow = true;
        self
    }

    /// Sends the request and returns the answer.
    pub fn send(mut self) -> Reply {
        if let Some(multipart) = self.multipart.take() {
            self = self.header("content-type", &Multipart::content_type()).body(multipart.into_body());
        }
        self.client.send(self.sent, self.follow)
    }
}

impl Client {
    /// Prepares a GET request: path and query as they stand in a URL.
    pub fn get(&self, target: &str) -> Call<'_> {
        self.request("GET", target)
    }

    /// Prepares a POST request.
    pub fn post(&self, target: &str) -> Call<'_> {
        self.request("POST", target)
    }

    /// Prepares a PUT request.
    pub fn put(&self, target: &str) -> Call<'_> {
        self.request("PUT", target)
    }

    /// Prepares a PATCH request.
    pub fn patch(&self, target: &str) -> Call<'_> {
        self.request("PATCH", target)
    }

    /// Prepares a DELETE request.
    pub fn delete(&self, target: &str) -> Call<'_> {
        self.request("DELETE", target)
    }

    /// Prepares a HEAD request.
    pub fn head(&self, target: &str) -> Call<'_> {
        self.request("HEAD", target)
    }

    /// Prepares an OPTIONS request.
    pub fn options(&self, target: &str) -> Call<'_> {
        self.request("OPTIONS", target)
    }

    /// Prepares a request with any method.
    pub fn request(&self, method: &str, target: &str) -> Call<'_> {
        Call::new(self, method, target)
    }
}
