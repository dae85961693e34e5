//! The app: routes, state, catchers, middleware, layers, switches. It is data; `build` makes it answer.

mod feature;
mod on_lambda;
mod purpose;
mod settings;
#[cfg(feature = "sessions")]
mod variable;

use std::any::TypeId;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use carafe_router::Pattern;
use http::Method;
use tower_layer::Layer;

pub use feature::Feature;
pub(crate) use purpose::Purpose;
pub(crate) use settings::Settings;
#[cfg(feature = "sessions")]
pub use variable::Variable;
#[cfg(feature = "sessions")]
pub(crate) use variable::Wanted;

use crate::body::Body;
use crate::catcher::Catchers;
use crate::context::States;
use crate::events::OnEvent;
use crate::middleware::{AfterHook, BeforeHook, Level, Middleware, after, before};
use crate::mount::Mount;
use crate::oversize::Oversize;
use crate::route::{Endpoint, Origin, Route};
use crate::routes::Routes;
use crate::snapshots::Hooks;
use crate::tower::{Service, Wrap, wrap};

/// An app: routes and everything around them.
///
/// ```
/// use carafe::{App, get, routes};
///
/// #[get("/hello/<name>")]
/// fn hello(name: &str) -> String {
///     format!("Hello {name}!")
/// }
///
/// let client = App::new().routes(routes![hello]).test();
/// assert_eq!(client.get("/hello/Ann").send().text(), "Hello Ann!");
/// ```
#[derive(Clone, Default)]
#[must_use = "an app does nothing until `carafe::run` gets it"]
pub struct App {
    pub(crate) routes: Vec<Listed>,
    /// Middleware and catchers of the app itself.
    pub(crate) level: Level,
    pub(crate) states: States,
    #[cfg(feature = "sessions")]
    variables: Vec<Wanted>,
    pub(crate) features: Vec<TypeId>,
    pub(crate) layers: Vec<Wrap>,
    /// The function for events that are no HTTP requests.
    pub(crate) on_event: Option<OnEvent>,
    /// The hooks around a snapshot.
    pub(crate) hooks: Option<Arc<dyn Hooks>>,
    pub(crate) notes: Vec<RouteNote>,
    pub(crate) settings: Settings,
    pub(crate) oversize: Option<Oversize>,
    /// Problems from putting it together, reported when it is assembled.
    pub(crate) problems: Vec<String>,
}

/// Returns what the table of routes is to say of a route.
pub(crate) type RouteNote = fn(&Route) -> Option<&'static str>;

/// Routes in the order in which an app was given them.
#[derive(Clone)]
pub(crate) enum Listed {
    List { mount: Option<Mount>, routes: Routes },
    Made(Arc<Route>),
}

impl App {
    /// Makes an app without routes.
    pub fn new() -> App {
        App::default()
    }

    /// Adds the routes of a list.
    pub fn routes(mut self, routes: Routes) -> App {
        self.routes.push(Listed::List { mount: None, routes });
        self
    }

    /// Adds the routes of a list under a prefix: `/posts/<id>` under `/v1` answers `/v1/posts/<id>`, and `/` answers
    /// `/v1`. Under `/v1/` it is the same, but `/` answers `/v1/`.
    ///
    /// ```
    /// # use carafe::{App, get, routes};
    /// #[get("/posts/<id>")]
    /// fn show(id: u32) -> String {
    ///     format!("Post {id}")
    /// }
    ///
    /// let client = App::new().mount("/v1", routes![show]).mount("/v2", routes![show]).test();
    /// assert_eq!(client.get("/v2/posts/7").send().text(), "Post 7");
    /// ```
    pub fn mount(mut self, prefix: &str, routes: Routes) -> App {
        self.routes.push(Listed::List { mount: Some(Mount::new(prefix)), routes });
        self
    }

    /// Adds a route at run time: any pattern, and a function or closure from the request to a response, at once or
    /// later.
    ///
    /// A pattern with a mistake is an error when the app is assembled.
    ///
    /// ```
    /// use carafe::{App, Request, Result};
    ///
    /// async fn length(request: &Request) -> Result<String> {
    ///     Ok(format!("{} bytes", request.body().len()))
    /// }
    ///
    /// let client = App::new()
    ///     .route("POST", "/length", length)
    ///     .route("GET", "/hello/<name>", |request: &Request| {
    ///         format!("Hello {}!", request.param("name").unwrap_or("you"))
    ///     })
    ///     .test();
    /// assert_eq!(client.post("/length").body("abc").send().text(), "3 bytes");
    /// assert_eq!(client.get("/hello/Ann").send().text(), "Hello Ann!");
    /// ```
    #[track_caller]
    pub fn route<M>(mut self, method: &str, pattern: &str, handler: impl Endpoint<M>) -> App {
        let place = Location::caller();
        let method = method.to_ascii_uppercase();
        if Method::from_bytes(method.as_bytes()).is_err() {
            self.problems.push(format!("{place}: `{method}` is not an HTTP method"));
            return self;
        }
        match Pattern::parse(pattern) {
            Ok(parsed) => {
                if handler.csrf_is_off() && matches!(&*method, "GET" | "HEAD" | "OPTIONS") {
                    self.problems.push(format!(
                        "{place}: `CsrfOff` does nothing for `{method}`, which every page may send: take it away"
                    ));
                }
                let origin = Origin::new("closure", place.file(), place.line());
                let route = Route::made(method, parsed, origin, handler);
                self.routes.push(Listed::Made(Arc::new(route)));
            }
            Err(errors) => {
                let told = errors.iter().map(|error| format!("{place}: pattern `{pattern}`: {error}"));
                self.problems.extend(told);
            }
        }
        self
    }

    /// Gives every handler a value to take as [`State<T>`](crate::State); one for each type.
    pub fn state<T: Send + Sync + 'static>(self, value: T) -> App {
        self.state_arc(Arc::new(value))
    }

    /// Gives every handler a value that is shared already, or a trait object to take as `State<dyn Trait>`.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use carafe::{App, State, get, routes};
    ///
    /// trait Store: Send + Sync {
    ///     fn title(&self) -> String;
    /// }
    ///
    /// struct Memory;
    ///
    /// impl Store for Memory {
    ///     fn title(&self) -> String {
    ///         "In memory".to_owned()
    ///     }
    /// }
    ///
    /// #[get("/")]
    /// fn index(store: State<dyn Store>) -> String {
    ///     store.title()
    /// }
    ///
    /// let client = App::new().state_arc::<dyn Store>(Arc::new(Memory)).routes(routes![index]).test();
    /// assert_eq!(client.get("/").send().text(), "In memory");
    /// ```
    pub fn state_arc<T: ?Sized + Send + Sync + 'static>(mut self, value: Arc<T>) -> App {
        self.states.put(value);
        self
    }

    /// Changes a value of [`App::state`], or the default of its type where there is none: for
    /// settings collected over several calls.
    ///
    /// ```
    /// use carafe::{App, State, get, routes};
    ///
    /// #[derive(Clone, Default)]
    /// struct Languages(Vec<&'static str>);
    ///
    /// #[get("/")]
    /// fn index(languages: State<Languages>) -> Vec<&'static str> {
    ///     languages.0.clone()
    /// }
    ///
    /// fn language(app: App, name: &'static str) -> App {
    ///     app.change_state(|languages: &mut Languages| languages.0.push(name))
    /// }
    ///
    /// let app = language(language(App::new(), "en"), "de").routes(routes![index]);
    /// assert_eq!(app.test().get("/").send().text(), r#"["en","de"]"#);
    /// ```
    pub fn change_state<T: Clone + Default + Send + Sync + 'static>(
        mut self,
        change: impl FnOnce(&mut T),
    ) -> App {
        self.states.change(change);
        self
    }

    /// Adds functions that answer for errors.
    ///
    /// ```
    /// use carafe::{App, Request, catch, catchers};
    ///
    /// #[catch(404)]
    /// fn lost(request: &Request) -> String {
    ///     format!("Nothing at {}", request.path())
    /// }
    ///
    /// let reply = App::new().catch(catchers![lost]).test().get("/x").send();
    /// assert_eq!((reply.status().as_u16(), reply.text()), (404, "Nothing at /x"));
    /// ```
    pub fn catch(mut self, catchers: Catchers) -> App {
        self.level.catchers.extend(catchers.iter());
        self
    }

    /// Puts a middleware around everything the app answers, 404 and 405 too: an async function, or a type with
    /// [`Middleware`]. The first one is outermost, among those of [`App::before`], too.
    ///
    /// ```
    /// use carafe::{App, Next, Request, Response};
    ///
    /// async fn no_frames(request: &Request, next: Next<'_>) -> Response {
    ///     let mut response = next.run(request).await;
    ///     response.headers_mut().insert("x-frame-options", carafe::http::HeaderValue::from_static("DENY"));
    ///     response
    /// }
    ///
    /// let client = App::new().around(no_frames).test();
    /// assert_eq!(client.get("/lost").send().header("x-frame-options"), Some("DENY"));
    /// ```
    pub fn around(mut self, middleware: impl Middleware) -> App {
        self.level.middleware.add(middleware);
        self
    }

    /// Runs a function before every handler, sync or async. `()` or `None` continues; a response or an error is the
    /// answer. The route is known: [`Request::route`](crate::Request::route).
    ///
    /// ```
    /// use carafe::{App, Request, Result, abort, get, routes};
    ///
    /// # #[get("/")] fn index() -> &'static str { "Hello" }
    /// let client = App::new()
    ///     .routes(routes![index])
    ///     .before(|request: &Request| -> Result {
    ///         match request.header("x-api-key") {
    ///             Some("secret") => Ok(()),
    ///             _ => Err(abort(401, "A key, please")),
    ///         }
    ///     })
    ///     .test();
    /// assert_eq!(client.get("/").send().status(), 401);
    /// assert_eq!(client.get("/").header("x-api-key", "secret").send().text(), "Hello");
    /// ```
    pub fn before<M: 'static>(mut self, hook: impl BeforeHook<M>) -> App {
        self.level.middleware.add(before(hook));
        self
    }

    /// Runs a function on every answer, sync or async: on errors, and on what middleware answers early. Of several the last
    /// one runs first.
    ///
    /// ```
    /// use carafe::http::HeaderValue;
    /// use carafe::{App, Request, Response};
    ///
    /// let client = App::new()
    ///     .after(|_: &Request, response: &mut Response| {
    ///         response.headers_mut().insert("x-frame-options", HeaderValue::from_static("DENY"));
    ///     })
    ///     .test();
    /// assert_eq!(client.get("/lost").send().header("x-frame-options"), Some("DENY"));
    /// ```
    pub fn after<M: 'static>(mut self, hook: impl AfterHook<M>) -> App {
        self.level.middleware.add_after(after(hook));
        self
    }

    /// Puts a tower layer around everything, whatever body its service makes. The last one is outermost.
    ///
    /// Layers see the request before it is routed, with the path in its canonical spelling.
    pub fn layer<L, B>(mut self, layer: L) -> App
    where
        L: Layer<Service> + Send + Sync + 'static,
        L::Service: tower_service::Service<
                http::Request<Body>,
                Response = http::Response<B>,
                Error: Into<Box<dyn std::error::Error + Send + Sync>>,
                Future: Send,
            > + Clone
            + Send
            + 'static,
        B: http_body::Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>>
            + Send
            + 'static,
    {
        self.layers.push(wrap(layer));
        self
    }

    /// Attaches a feature: routes, state, middleware and checks that belong together.
    pub fn attach<F: Feature>(mut self, feature: F) -> App {
        self.features.push(TypeId::of::<F>());
        feature.attach(self)
    }

    /// Returns the app with a feature in front of all it has.
    fn with_first(&self, feature: impl Feature) -> App {
        let mut app = self.clone().attach(feature);
        app.level.middleware.put_first(&self.level.middleware);
        app
    }

    /// Adds a note to the lines of the table that `serve` and `routes` print: a few words, or `None` for a route that there
    /// is nothing to say of.
    ///
    /// ```
    /// use carafe::{App, Route};
    ///
    /// fn cost(route: &Route) -> Option<&'static str> {
    ///     (route.method() == "POST").then_some("writes to the table")
    /// }
    ///
    /// let app = App::new().note_routes(cost);
    /// ```
    pub fn note_routes(mut self, note: fn(&Route) -> Option<&'static str>) -> App {
        self.notes.push(note);
        self
    }

    /// Adds a problem for [`App::check`] to tell, for a [`Feature`] that finds something wrong with its settings.
    pub fn problem(mut self, problem: impl Into<String>) -> App {
        self.problems.push(problem.into());
        self
    }
}

/// Without variables.
#[cfg(not(feature = "sessions"))]
impl App {
    pub(crate) fn states_for(&self, _: Purpose) -> (States, Vec<String>) {
        (self.states.clone(), Vec::new())
    }

    pub(crate) fn states_to_answer(&self, _: Purpose, checked: States) -> (States, Vec<String>) {
        (checked, Vec::new())
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("routes", &self.routes)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listed::List { mount, routes } => {
                write!(f, "{} {routes:?}", mount.as_ref().map_or("", Mount::prefix))
            }
            Listed::Made(route) => write!(f, "{} {}", route.method(), route.pattern()),
        }
    }
}
