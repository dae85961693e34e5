//! The app: routes, state, catchers, hooks, layers, switches.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use carafe_lambda::Failure;
use carafe_router::Pattern;
use http::Method;
use http::header::{CONTENT_LENGTH, HeaderValue};
use tower_layer::Layer;
use tower_service::Service;

use crate::assembly::{Assembled, assemble};
use crate::error::{Error, Result};
use crate::hooks::{BeforeReply, Hooks};
use crate::layers::{self, Inner, Wrap};
use crate::request::Request;
use crate::response::Response;
use crate::route::{Catcher, Catchers, Entry, Handler, Origin, Route, Routes};
use crate::run_time::RunTimeReply;
use crate::shared::Shared;

/// What answers requests: routes and everything around them.
///
/// ```
/// use carafe::{App, get, routes};
///
/// #[get("/hello/<name>")]
/// fn hello(name: &str) -> String {
///     format!("Hello {name}!")
/// }
///
/// let app = App::new().routes(routes![hello]);
/// assert_eq!(app.get("/hello/Ann").send().text(), "Hello Ann!");
/// ```
#[derive(Default)]
pub struct App {
    pub(crate) routes: Vec<Entry>,
    pub(crate) catchers: Vec<Catcher>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) hooks: Hooks,
    pub(crate) layers: Vec<Wrap>,
    pub(crate) tolerate_trailing_slash: bool,
    pub(crate) options: carafe_lambda::Options,
    /// What went wrong while it was put together, told when it is assembled.
    pub(crate) problems: Vec<String>,
    assembled: OnceLock<Result<Assembled, String>>,
}

impl App {
    /// An app without routes.
    #[must_use]
    pub fn new() -> App {
        App::default()
    }

    /// Whatever was assembled no longer counts.
    fn changed(mut self) -> App {
        self.assembled = OnceLock::new();
        self
    }

    fn change_shared(&mut self, change: impl FnOnce(&mut Shared)) {
        match Arc::get_mut(&mut self.shared) {
            Some(shared) => change(shared),
            None => self.problems.push("the app was changed while it answered a request".to_owned()),
        }
    }

    /// Adds the routes of a list.
    #[must_use]
    pub fn routes(self, routes: Routes) -> App {
        let mut app = self.changed();
        app.routes.extend(routes.iter().map(Entry::Written));
        app
    }

    /// Adds the routes of a list under a prefix: `/posts/<id>` under `/v1` answers `/v1/posts/<id>`, and `/` answers
    /// `/v1`.
    ///
    /// ```
    /// # use carafe::{App, get, routes};
    /// #[get("/posts/<id>")]
    /// fn show(id: u32) -> String {
    ///     format!("Post {id}")
    /// }
    ///
    /// let app = App::new().mount("/v1", routes![show]).mount("/v2", routes![show]);
    /// assert_eq!(app.get("/v2/posts/7").send().text(), "Post 7");
    /// ```
    #[must_use]
    pub fn mount(self, prefix: &str, routes: Routes) -> App {
        let mut app = self.changed();
        for route in routes.iter() {
            let what = || format!("cannot mount `{}` under `{prefix}`", route.pattern.as_str());
            match route.pattern.mounted(prefix) {
                // A handler reads what is caught by its place.
                Ok(pattern) if pattern.params().count() != route.pattern.params().count() => {
                    let problem = "a prefix has no parameters; put them into the routes";
                    app.problems.push(format!("{}: {problem}", what()));
                }
                Ok(pattern) => {
                    app.routes.push(Entry::Made(Arc::new(Route { pattern, ..route.clone() })));
                }
                Err(errors) => {
                    app.problems.extend(errors.iter().map(|error| format!("{}: {error}", what())));
                }
            }
        }
        app
    }

    /// Adds a route at run time: any rule, and a closure from the request to what is a response by itself, or to a
    /// future of that.
    ///
    /// A rule that is wrong is an error when the app is assembled.
    ///
    /// ```
    /// use carafe::{App, Request};
    ///
    /// let app = App::new().route("GET", "/hello/<name>", |request: &Request| {
    ///     format!("Hello {}!", request.param("name").unwrap_or("you"))
    /// });
    /// assert_eq!(app.get("/hello/Ann").send().text(), "Hello Ann!");
    ///
    /// // A future takes what it needs out of the request first.
    /// let app = App::new().route("POST", "/length", |request: &Request| {
    ///     let body = request.body().clone();
    ///     async move { format!("{} bytes", body.len()) }
    /// });
    /// assert_eq!(app.post("/length").body("abc").send().text(), "3 bytes");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn route<R: RunTimeReply<M>, M>(
        self,
        method: &str,
        rule: &str,
        handler: impl Fn(&Request) -> R + Send + Sync + 'static,
    ) -> App {
        let place = Location::caller();
        let mut app = self.changed();
        let method = method.to_ascii_uppercase();
        if Method::from_bytes(method.as_bytes()).is_err() {
            app.problems.push(format!("{place}: `{method}` is no HTTP method"));
            return app;
        }
        match Pattern::parse(rule) {
            Ok(pattern) => app.routes.push(Entry::Made(Arc::new(Route {
                method: Cow::Owned(method),
                pattern,
                origin: Origin { name: "closure", file: place.file(), line: place.line() },
                handler: Handler::Dynamic(Arc::new(move |request| handler(request).into_future())),
                accepts: None,
                needs: &[],
            }))),
            Err(errors) => {
                app.problems.extend(errors.iter().map(|error| format!("{place}: rule `{rule}`: {error}")));
            }
        }
        app
    }

    /// Gives every handler a value to take as [`State<T>`](crate::State); one for each type.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(self, value: T) -> App {
        let mut app = self.changed();
        app.change_shared(|shared| shared.put(value));
        app
    }

    /// Gives [`Template`](crate::Template) a template: a name whose end says what it makes, and Jinja source. One that
    /// does not parse is an error when the app is assembled.
    #[cfg(feature = "templates")]
    #[must_use]
    pub fn template(self, name: &str, source: &str) -> App {
        let mut app = self.changed();
        let mut problem = None;
        app.change_shared(|shared| problem = shared.templates.add(name, source).err());
        app.problems.extend(problem);
        app
    }

    /// Adds functions that answer for errors.
    ///
    /// ```
    /// use carafe::{App, Request, catch, catchers};
    ///
    /// #[catch(404)]
    /// fn lost(request: &Request) -> String {
    ///     format!("Nothing at {}", request.raw_path())
    /// }
    ///
    /// let reply = App::new().catch(catchers![lost]).get("/x").send();
    /// assert_eq!((reply.status().as_u16(), reply.text()), (404, "Nothing at /x"));
    /// ```
    #[must_use]
    pub fn catch(self, catchers: Catchers) -> App {
        let mut app = self.changed();
        app.catchers.extend(catchers.iter().copied());
        app
    }

    /// Runs a function before every request, before the route is looked for. It may answer at once with
    /// `Some(response)` or an error.
    ///
    /// ```
    /// use carafe::{App, Request, Result, abort, get, routes};
    ///
    /// # #[get("/")] fn index() -> &'static str { "Hello" }
    /// let app = App::new().routes(routes![index]).before(|request: &Request| -> Result {
    ///     match request.header("x-api-key") {
    ///         Some("secret") => Ok(()),
    ///         _ => Err(abort(401, "A key, please")),
    ///     }
    /// });
    /// assert_eq!(app.get("/").send().status(), 401);
    /// assert_eq!(app.get("/").header("x-api-key", "secret").send().text(), "Hello");
    /// ```
    #[must_use]
    pub fn before<R: BeforeReply>(self, hook: impl Fn(&Request) -> R + Send + Sync + 'static) -> App {
        let mut app = self.changed();
        app.hooks.add_before(hook);
        app
    }

    /// Runs a function on every answer, errors too. The one added last runs first.
    ///
    /// ```
    /// use carafe::{App, Request, Response};
    /// use http::HeaderValue;
    ///
    /// let app = App::new().after(|_: &Request, response: &mut Response| {
    ///     response.headers_mut().insert("x-frame-options", HeaderValue::from_static("DENY"));
    /// });
    /// assert_eq!(app.get("/lost").send().header("x-frame-options"), Some("DENY"));
    /// ```
    #[must_use]
    pub fn after(self, hook: impl Fn(&Request, &mut Response) + Send + Sync + 'static) -> App {
        let mut app = self.changed();
        app.hooks.add_after(hook);
        app
    }

    /// Puts a tower layer around everything, from `http::Request<Bytes>` to `http::Response<Bytes>`. The one added
    /// last is outermost.
    #[must_use]
    pub fn layer<L>(self, layer: L) -> App
    where
        L: Layer<Inner> + Send + Sync + 'static,
        L::Service: Service<http::Request<Bytes>, Response = Response> + Clone + Send + 'static,
        <L::Service as Service<http::Request<Bytes>>>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        <L::Service as Service<http::Request<Bytes>>>::Future: Send,
    {
        let mut app = self.changed();
        app.layers.push(layers::wrap(layer));
        app
    }

    /// Lets `/posts/` find `/posts` and the other way round; off unless set.
    #[must_use]
    pub fn tolerate_trailing_slash(self, tolerate: bool) -> App {
        let mut app = self.changed();
        app.tolerate_trailing_slash = tolerate;
        app
    }

    /// How many proxies of one's own stand in front of the load balancer (a CDN: 1), for
    /// [`ClientIp`](crate::ClientIp); none unless set.
    #[must_use]
    pub fn trusted_proxies(self, proxies: usize) -> App {
        let mut app = self.changed();
        app.change_shared(|shared| shared.trusted_proxies = proxies);
        app
    }

    /// Lets a panic, and an error that only the log may read, fail the Lambda invocation, for those who alarm on
    /// Lambda's error metric. The client then sees the load balancer's 502. Off unless set.
    #[must_use]
    pub fn fail_invocation(mut self, fail: bool) -> App {
        self.options = self.options.fail_on_error(fail);
        self
    }

    /// Whether everything fits together: patterns, collisions, state. [`run`](crate::run) asks by itself.
    ///
    /// # Errors
    ///
    /// All that does not, with the files and lines.
    pub fn check(&self) -> Result {
        self.assembled().map(|_| ())
    }

    pub(crate) fn assembled(&self) -> Result<&Assembled> {
        let assembled = self.assembled.get_or_init(|| assemble(self));
        assembled
            .as_ref()
            .map_err(|problems| Error::new(http::StatusCode::INTERNAL_SERVER_ERROR, problems.clone()))
    }

    /// Answers one request: for anyone who has another server.
    ///
    /// An app that does not fit together answers 500; [`App::check`] says why.
    pub async fn handle(&self, request: http::Request<Bytes>) -> Response {
        let event = carafe_lambda::Event::from_http(request);
        let head = event.method() == Method::HEAD;
        let (mut response, _) = self.answer(event).await;
        if head {
            let len = std::mem::take(response.body_mut()).len();
            response.headers_mut().entry(CONTENT_LENGTH).or_insert(HeaderValue::from(len));
        }
        response
    }

    /// The answer, and why it is not what the handler wanted if nobody handled that.
    pub(crate) async fn answer(&self, event: carafe_lambda::Event) -> (Response, Option<Failure>) {
        let assembled = match self.assembled() {
            Ok(assembled) => assembled,
            Err(error) => {
                let request = Request::new(event, Arc::clone(&self.shared));
                let error = Error::from_source(error.message().to_owned().into());
                return (crate::page::page(&request, &error), error.failure());
            }
        };
        let core = &assembled.core;
        match &assembled.layers {
            Some(layers) => layers.answer(event, core).await,
            None => {
                let mut request = Request::new(event, Arc::clone(&core.shared));
                core.answer(&mut request, None).await
            }
        }
    }
}

impl carafe_lambda::Service for App {
    async fn call(&self, request: carafe_lambda::Event) -> carafe_lambda::Answer {
        let (response, failure) = self.answer(request).await;
        carafe_lambda::Answer::new(response).with_failure(failure)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes: Vec<_> =
            self.routes.iter().map(|entry| (entry.method(), entry.pattern.as_str())).collect();
        f.debug_struct("App")
            .field("routes", &routes)
            .field("catchers", &self.catchers)
            .finish_non_exhaustive()
    }
}
