//! The client: an app, a jar of cookies, and the settings of the load balancer in front.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use carafe_lambda::{Context, Failure};
use serde_json::Value;

use super::balancer::Balancer;
use super::jar::Jar;
use super::reply::Reply;
use super::sent::Sent;
use crate::app::{App, Purpose};
use crate::blocking::block_on;
use crate::build::{Assembled, assemble};

/// The most redirects that are followed.
const MOST_REDIRECTS: usize = 10;

/// Sends requests to an app in a test: what [`App::test`] makes.
///
/// It keeps cookies as a browser does, and waits for work [after the answer](crate::After), so that a test sees what that
/// has done. The load balancer in front of it speaks HTTPS and has multi-value headers off, as
/// a target group has unless told otherwise.
///
/// ```
/// use carafe::{App, Cookies, Redirect, Result, get, post, routes};
///
/// #[post("/sign-in")]
/// fn sign_in(name: String, cookies: Cookies) -> Result<Redirect> {
///     cookies.set(("name", name))?;
///     Ok(Redirect::to(index::url()))
/// }
///
/// #[get("/")]
/// fn index(cookies: Cookies) -> String {
///     format!("Hello {}!", cookies.get("name").unwrap_or("you"))
/// }
///
/// let client = App::new().routes(routes![sign_in, index]).test();
/// assert_eq!(client.get("/").send().text(), "Hello you!");
/// let reply = client.post("/sign-in").form(&[("name", "Ann")]).follow_redirects().send();
/// assert_eq!(reply.text(), "Hello Ann!");
/// assert_eq!(client.cookie("name").as_deref(), Some("Ann"));
/// ```
#[derive(Debug)]
pub struct Client {
    app: Assembled,
    options: carafe_lambda::Options,
    jar: Mutex<Jar>,
    balancer: Balancer,
    https: bool,
}

impl App {
    /// Makes a client for tests: see [`testing`](crate::testing).
    ///
    /// # Panics
    ///
    /// When the app does not fit together, with the problems that [`App::check`] finds.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that cannot be run has to fail, and to say why")]
    pub fn test(&self) -> Client {
        match assemble(self, Purpose::Test) {
            Ok(app) => Client {
                options: app.settings.options.log_requests(false),
                app,
                jar: Mutex::default(),
                balancer: Balancer::new(),
                https: true,
            },
            Err(problems) => panic!("the app does not fit together:\n{problems}"),
        }
    }
}

impl Client {
    /// Turns multi-value headers on, as a target group's attribute does: of several values of a header or query
    /// parameter all arrive instead of the last.
    ///
    /// ```
    /// use carafe::{App, get, routes};
    ///
    /// #[get("/")]
    /// fn tags(tag: Vec<String>) -> String {
    ///     tag.join(" ")
    /// }
    ///
    /// let app = App::new().routes(routes![tags]);
    /// assert_eq!(app.test().get("/?tag=a&tag=b").send().text(), "b");
    /// assert_eq!(app.test().multi_value_headers().get("/?tag=a&tag=b").send().text(), "a b");
    /// ```
    #[must_use]
    pub fn multi_value_headers(self) -> Client {
        Client { balancer: self.balancer.multi_value_headers(), ..self }
    }

    /// Speaks plain HTTP to the load balancer instead of HTTPS.
    ///
    /// ```
    /// use carafe::{App, Request, get, routes};
    ///
    /// #[get("/")]
    /// fn scheme(request: &Request) -> Option<String> {
    ///     request.scheme().map(str::to_owned)
    /// }
    ///
    /// let app = App::new().routes(routes![scheme]);
    /// assert_eq!(app.test().get("/").send().text(), "https");
    /// assert_eq!(app.test().plain_http().get("/").send().text(), "http");
    /// ```
    #[must_use]
    pub fn plain_http(self) -> Client {
        Client { balancer: self.balancer.plain_http(), https: false, ..self }
    }

    /// Returns the value of a cookie that the client keeps, as the app reads it. Of several with the name it is the one
    /// for the most specific path, which the app gets first.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name)
    }

    /// Forgets all cookies, as a browser that was closed and cleaned.
    pub fn forget_cookies(&self) {
        *self.jar() = Jar::default();
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a recorded event, of any source that is understood, with the document that its sender would get; another event
    /// with what the function of [`App::on_event`] returns.
    ///
    /// ```
    /// # use carafe::{App, get, routes};
    /// # #[get("/")] fn index() -> &'static str { "Hello World!" }
    /// let answer = App::new().routes(routes![index]).test().event(&serde_json::json!({
    ///     "requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/", "queryStringParameters": {},
    ///     "headers": {"host": "example.com"}, "body": "", "isBase64Encoded": false,
    /// }));
    /// assert_eq!(answer["statusCode"], 200);
    /// assert_eq!(answer["body"], "Hello World!");
    /// ```
    ///
    /// # Panics
    ///
    /// When the event is not an HTTP request and the app has no function for it, and when that function fails.
    #[must_use]
    pub fn event(&self, event: &Value) -> Value {
        serde_json::from_slice(&self.answer(event.to_string().into())).unwrap_or_default()
    }

    /// Returns the answer document of an event.
    #[expect(clippy::panic, reason = "a test that cannot be run has to fail, and to say why")]
    fn answer(&self, event: Bytes) -> Bytes {
        let failed = |failure: Failure| format!("{}: {}", failure.kind, failure.message);
        let work = async {
            let context = Context::new("test");
            let outcome = carafe_lambda::respond(&self.app, event, context, &self.options).await;
            if let Some(after) = outcome.after {
                after.run().await;
            }
            outcome.answer
        };
        match block_on(work).and_then(|answer| answer.map_err(failed)) {
            Ok(document) => document,
            Err(problem) => panic!("no answer: {problem}"),
        }
    }

    /// Sends a request, and further ones where it is redirected and follows.
    pub(super) fn send(&self, mut request: Sent, follow: bool) -> Reply {
        let mut reply = self.send_once(&request);
        let mut redirects = 0;
        while follow && redirects < MOST_REDIRECTS {
            let Some(next) = request.redirected(&reply) else { break };
            request = next;
            reply = self.send_once(&request);
            redirects += 1;
        }
        reply
    }

    fn send_once(&self, request: &Sent) -> Reply {
        let cookies = self.jar().header(request.path(), self.https, request.cookies());
        let message = match request.to_http(cookies) {
            Ok(message) => message,
            Err(reason) => return Reply::refused(http::StatusCode::BAD_REQUEST, &reason),
        };
        let exchanged = self.balancer.exchange(&message, request.client(), |event| self.answer(event));
        let reply = exchanged.unwrap_or_else(|(status, reason)| Reply::refused(status, &reason));
        self.jar().keep(reply.headers(), self.https);
        reply
    }
}
