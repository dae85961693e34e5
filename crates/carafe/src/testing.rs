//! Requests to an app in its own tests: no socket, no runtime, but all of the wire.
//!
//! Each request becomes the event that a load balancer would send, and each answer is read back from the JSON that
//! it would get. So what fails behind a load balancer fails here.
//!
//! ```
//! use carafe::{App, get, post, routes};
//!
//! #[get("/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello {name}!")
//! }
//!
//! #[post("/posts")]
//! fn create(title: String) -> (carafe::StatusCode, String) {
//!     (carafe::StatusCode::CREATED, title)
//! }
//!
//! let app = App::new().routes(routes![hello, create]);
//! assert_eq!(app.get("/hello/Ann").send().text(), "Hello Ann!");
//! let reply = app.post("/posts").form(&[("title", "Hi")]).send();
//! assert_eq!((reply.status().as_u16(), reply.text()), (201, "Hi"));
//! ```

mod call;
mod event;
mod reply;

pub use call::Call;
pub use reply::Reply;

use bytes::Bytes;
use carafe_lambda::{Context, Failure};
use serde_json::Value;

use crate::app::App;
use crate::executor::block_on;

impl App {
    /// A GET request to send to the app in a test: path and query as they stand in a URL.
    pub fn get(&self, target: &str) -> Call<'_> {
        self.request("GET", target)
    }

    /// The same with POST.
    pub fn post(&self, target: &str) -> Call<'_> {
        self.request("POST", target)
    }

    /// The same with PUT.
    pub fn put(&self, target: &str) -> Call<'_> {
        self.request("PUT", target)
    }

    /// The same with PATCH.
    pub fn patch(&self, target: &str) -> Call<'_> {
        self.request("PATCH", target)
    }

    /// The same with DELETE.
    pub fn delete(&self, target: &str) -> Call<'_> {
        self.request("DELETE", target)
    }

    /// The same with HEAD.
    pub fn head(&self, target: &str) -> Call<'_> {
        self.request("HEAD", target)
    }

    /// The same with OPTIONS.
    pub fn options(&self, target: &str) -> Call<'_> {
        self.request("OPTIONS", target)
    }

    /// The same with any method.
    pub fn request(&self, method: &str, target: &str) -> Call<'_> {
        Call::new(self, method, target)
    }

    /// Answers a whole event, of any source that is understood, with the document that its sender would get.
    ///
    /// ```
    /// # use carafe::{App, get, routes};
    /// # #[get("/")] fn index() -> &'static str { "Hello World!" }
    /// let answer = App::new().routes(routes![index]).event(&serde_json::json!({
    ///     "requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/", "queryStringParameters": {},
    ///     "headers": {"host": "example.com"}, "body": "", "isBase64Encoded": false,
    /// }));
    /// assert_eq!(answer["statusCode"], 200);
    /// assert_eq!(answer["body"], "Hello World!");
    /// ```
    ///
    /// # Panics
    ///
    /// When the app does not fit together, or the event is not an HTTP request.
    #[must_use]
    pub fn event(&self, event: &Value) -> Value {
        self.document(event.to_string().into())
    }

    /// The answer document of an event.
    #[expect(clippy::panic, reason = "a test that cannot be run has to fail, and to say why")]
    pub(crate) fn document(&self, event: Bytes) -> Value {
        if let Err(error) = self.check() {
            panic!("the app does not fit together:\n{error}");
        }
        match self.respond(event) {
            Ok(document) => serde_json::from_slice(&document).unwrap_or_default(),
            Err(problem) => panic!("no answer: {problem}"),
        }
    }

    fn respond(&self, event: Bytes) -> Result<Bytes, String> {
        let context = Context::new("test");
        let options = self.options.log_requests(false);
        let failed = |failure: Failure| format!("{}: {}", failure.kind, failure.message);
        block_on(carafe_lambda::respond(self, event, context, &options))?.map_err(failed)
    }
}
