//! Protection against cross-site request forgery: a page of another origin cannot send in a browser's name.
//!
//! There are no tokens. Browsers say where a request comes from, in `Sec-Fetch-Site` and, where the address is plain HTTP, in
//! `Origin`. Other clients send neither header and hold no user's cookies.

mod cookies;

use std::fmt;

use http::Method;

use crate::web_origin::{WebOrigin, problem};
use crate::{App, Cors, Error, Feature, Middleware, Next, Request, Response, Result, Route, abort};

/// The feature that refuses what pages of other origins send: requests other than GET, HEAD and OPTIONS.
///
/// An app has it as soon as one of its routes takes [`Cookies`](crate::Cookies) or another argument that reads what browsers
/// add by themselves. [`App::csrf`] decides for itself.
///
/// An extractor of one's own that reads such things has the app protected, too:
///
/// ```
/// use carafe::{App, Csrf, FromRequest, Request, Requirements, Result, abort, post, routes};
///
/// struct User(String);
///
/// impl FromRequest<'_> for User {
///     async fn from_request(request: &Request) -> Result<Self> {
///         let user = request.cookies().get("user").ok_or_else(|| abort(401, "Who are you?"))?;
///         Ok(User(user.to_owned()))
///     }
///
///     fn requires(requirements: &mut Requirements<'_>) {
///         requirements.attach::<Csrf>();
///     }
/// }
///
/// #[post("/pay")]
/// fn pay(user: User) -> String {
///     format!("{} has paid", user.0)
/// }
///
/// let client = App::new().routes(routes![pay]).test();
/// let pay = |site| client.post("/pay").header("cookie", "user=ann").header("sec-fetch-site", site).send();
/// assert_eq!(pay("same-origin").text(), "ann has paid");
/// assert_eq!(pay("cross-site").status(), 403);
/// ```
#[derive(Debug)]
pub struct Csrf {
    on: bool,
}

impl Default for Csrf {
    fn default() -> Csrf {
        Csrf { on: true }
    }
}

/// What the app says of it.
#[derive(Clone, Default)]
struct Settings {
    on: Option<bool>,
    trusted: Vec<WebOrigin>,
}

impl App {
    /// Switches protection against cross-site request forgery on or off. Without it the app is protected as soon as a route
    /// takes [`Cookies`](crate::Cookies), or something else that browsers add by themselves.
    ///
    /// A request other than GET, HEAD and OPTIONS that a page of another site, host or port has sent is then a 403. What is
    /// no browser is allowed. `csrf = off` in a route's attribute, or [`CsrfOff`](crate::CsrfOff) around the handler of
    /// [`App::route`], lets every page send to it: for callbacks posted by a browser, and for logins whose answer is posted by
    /// the other site's page.
    ///
    /// Middleware that the app was given before stands outside of it. Where a route's arguments have switched it on, it is
    /// outermost.
    ///
    /// ```
    /// use carafe::{App, post, routes};
    ///
    /// #[post("/notes")]
    /// fn add() -> String {
    ///     "added".to_owned()
    /// }
    ///
    /// #[post("/login", csrf = off)]
    /// fn login(token: String) -> String {
    ///     format!("welcome, {token}")
    /// }
    ///
    /// let client = App::new().csrf(true).routes(routes![add, login]).test();
    /// let from = |target, site| client.post(target).header("sec-fetch-site", site).form(&[("token", "ann")]).send();
    /// assert_eq!(from("/notes", "same-origin").text(), "added");
    /// assert_eq!(from("/notes", "cross-site").status(), 403);
    /// assert_eq!(from("/login", "cross-site").text(), "welcome, ann");
    /// assert_eq!(client.post("/notes").send().text(), "added"); // not a browser
    /// ```
    pub fn csrf(self, on: bool) -> App {
        self.attach(Csrf { on })
    }

    /// Lets pages of another origin send whatever they like: scheme, host and port, as in
    /// `https://app.example.com`.
    ///
    /// ```
    /// use carafe::{App, post, routes};
    ///
    /// #[post("/notes")]
    /// fn add() -> String {
    ///     "added".to_owned()
    /// }
    ///
    /// let app = App::new().csrf(true).trust_origin("https://app.example.com").routes(routes![add]);
    /// let reply = app.test().post("/notes").header("origin", "https://app.example.com").send();
    /// assert_eq!(reply.text(), "added");
    /// ```
    pub fn trust_origin(self, origin: &str) -> App {
        match WebOrigin::parse(origin) {
            Some(origin) => self.change_state(|settings: &mut Settings| settings.trusted.push(origin)),
            None => self.problem(problem("trust_origin", origin)),
        }
    }
}

impl Feature for Csrf {
    fn attach(self, app: App) -> App {
        let mut before = None;
        let app = app.change_state(|settings: &mut Settings| before = settings.on.replace(self.on));
        match before {
            None if self.on => app.around(Check).note_routes(note),
            Some(before) if before != self.on => {
                app.problem("`csrf(true)` and `csrf(false)`: an app has one of them")
            }
            _ => app,
        }
    }
}

/// Tells what the table of routes says.
fn note(route: &Route) -> Option<&'static str> {
    match Method::from_bytes(route.method().as_bytes()) {
        Ok(method) if is_safe(&method) => None,
        _ if route.csrf_is_off() => Some("csrf off"),
        _ => Some("csrf"),
    }
}

/// Returns whether a method changes nothing, so that it does no harm from wherever it comes.
fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

struct Check;

impl Middleware for Check {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        if !is_safe(request.method())
            && let Err(foreign) = is_own(request)
            && !next.route().is_some_and(Route::csrf_is_off)
            && !is_trusted(request, &next)
        {
            return Err(foreign.refusal(&next));
        }
        Ok(next.run(request).await)
    }
}

/// A request that another site's page has sent, as the browser tells it.
struct Foreign<'r> {
    site: Option<&'r str>,
    origin: Option<&'r str>,
    host: Option<&'r str>,
}

/// Returns whether a request comes from a page of the app itself, or from no page.
fn is_own(request: &Request) -> Result<(), Foreign<'_>> {
    let (site, origin, host) = (request.header("sec-fetch-site"), request.header("origin"), request.host());
    let is_own = match (site, origin) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        // No browser, or one older than 2020 that asks its own origin.
        (None, None) => true,
        // Browsers tell the site only to addresses that cannot be forged: HTTPS, and localhost. Scheme and port of the
        // client's side may be hidden by what stands in front of the load balancer, so the scheme is left out.
        (None, Some(origin)) => {
            WebOrigin::parse(origin).zip(host).is_some_and(|(origin, host)| origin.is_at(host))
        }
    };
    if is_own { Ok(()) } else { Err(Foreign { site, origin, host }) }
}

/// Returns whether the app trusts the page that has sent a request, or shares the route with it.
fn is_trusted(request: &Request, next: &Next<'_>) -> bool {
    let origin = request.header("origin").unwrap_or_default();
    if let Some(cors) = next.all::<Cors>().last()
        && next.route().is_some()
        && cors.allows(origin)
        && (!cors.is_any() || !has_credentials(request) && !is_form(request))
    {
        return true;
    }
    let Some(origin) = WebOrigin::parse(origin) else { return false };
    request.state::<Settings>().is_some_and(|settings| settings.trusted.contains(&origin))
}

/// Returns whether a page may have sent a request as a form, to which the browser goes: the answer's cookies then count,
/// although the request had none. Scripts say another mode; where browsers say none, only what forms cannot send is told
/// from them (HTML standard §4.10.21.8).
fn is_form(request: &Request) -> bool {
    if let Some(mode) = request.header("sec-fetch-mode") {
        return mode == "navigate";
    }
    let kind = request.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(&*kind, "" | "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain")
}

/// Returns whether a request has what a browser, or the load balancer for it, may have added by itself.
fn has_credentials(request: &Request) -> bool {
    request.headers().any(|(name, _)| {
        matches!(name, "cookie" | "authorization")
            || name.starts_with("x-amzn-oidc-")
            || name.starts_with("x-amzn-mtls-")
    })
}

impl Foreign<'_> {
    /// Returns whether a page has sent this to the port that it is from, under another name of this machine.
    fn has_other_name(&self) -> bool {
        let page = self.origin.and_then(|origin| origin.strip_prefix("http://"));
        let ports = page.and_then(port_here).zip(self.host.and_then(port_here));
        page != self.host && ports.is_some_and(|(page, own)| page == own)
    }

    /// Makes the 403. What to do about it is only the developer's to know.
    fn refusal(&self, next: &Next<'_>) -> Error {
        let origin = self.origin.and_then(WebOrigin::parse);
        let trust = origin.map(|origin| format!("`App::trust_origin` for {origin}"));
        let off = next.route().map(|route| {
            let setting = if route.is_made_at_run_time() {
                "`CsrfOff(…)` around the handler"
            } else {
                "`csrf = off` in the attribute"
            };
            format!("{setting} of `{}`", route.origin())
        });
        let ways: Vec<String> = trust.into_iter().chain(off).collect();
        let advice = if self.has_other_name() {
            "; `localhost` and `127.0.0.1` are two origins: open the app under one of them".to_owned()
        } else if ways.is_empty() {
            String::new()
        } else {
            format!("; if it may, say {}", ways.join(" or "))
        };
        abort(403, "This was sent from a page of another origin")
            .with_source(format!("a page of another origin has sent this ({self}){advice}"))
    }
}

/// Returns what follows the name of this machine in an address.
fn port_here(address: &str) -> Option<&str> {
    ["localhost", "127.0.0.1", "[::1]"].iter().find_map(|name| address.strip_prefix(name))
}

/// Writes what the browser has told.
impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, value) in [("sec-fetch-site", self.site), ("origin", self.origin), ("host", self.host)] {
            if let Some(value) = value {
                write!(f, "{separator}{name}: {value}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}
