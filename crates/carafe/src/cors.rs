//! Cross-origin resource sharing: which pages of other sites may call, and read the answers (Fetch standard §3.2).

use std::time::Duration;

use crate::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName,
    HeaderValue,
};
use crate::http::{HeaderMap, Method};
use crate::vary::add_vary;
use crate::web_origin::{WebOrigin, problem};
use crate::{Body, Middleware, Next, Request, Requirements, Response, Result, StatusCode};

/// Lets pages of other origins call: middleware for an app or a group.
///
/// ```
/// use carafe::{App, Cors, get, routes};
///
/// #[get("/prices")]
/// fn prices() -> Vec<u32> {
///     vec![3, 5]
/// }
///
/// let client = App::new().routes(routes![prices].around(Cors::origins(["https://shop.example.com"]))).test();
/// let reply = client.get("/prices").header("origin", "https://shop.example.com").send();
/// assert_eq!(reply.header("access-control-allow-origin"), Some("https://shop.example.com"));
/// let reply = client.get("/prices").header("origin", "https://other.example.com").send();
/// assert_eq!(reply.header("access-control-allow-origin"), None);
/// ```
///
/// It answers pre-flights itself, before guards that stand inside of it, because they carry no credentials: with the methods that
/// the app has at the path, and all headers that are asked for. Errors have its headers, too. If several apply,
/// the innermost wins.
///
/// An origin that it names may also send what [`App::csrf`](crate::App::csrf) would refuse, on these routes. With
/// [`Cors::any`] that is so for requests without cookies and `authorization` only.
#[derive(Clone, Debug)]
pub struct Cors {
    /// `None` is any.
    origins: Option<Vec<WebOrigin>>,
    credentials: bool,
    exposed: Vec<HeaderName>,
    max_age: Duration,
    problem: Option<String>,
}

/// Chromium keeps the answer to a pre-flight for two hours at most, and each is an invocation.
const TWO_HOURS: Duration = Duration::from_secs(7200);

impl Cors {
    /// Lets pages of these origins call: scheme, host and port, as in `https://app.example.com` or `http://localhost:5173`.
    pub fn origins<'o>(origins: impl IntoIterator<Item = &'o str>) -> Cors {
        let mut cors = Cors::any();
        let mut all = Vec::new();
        for text in origins {
            match WebOrigin::parse(text) {
                Some(origin) => all.push(origin),
                None => cors.problem = Some(problem("Cors::origins", text)),
            }
        }
        cors.origins = Some(all);
        cors
    }

    /// Lets the pages of all sites call, without cookies: for what is public anyway.
    pub fn any() -> Cors {
        Cors { origins: None, credentials: false, exposed: Vec::new(), max_age: TWO_HOURS, problem: None }
    }

    /// Lets pages call with cookies and passwords, where they ask for that (`credentials: "include"`). Browsers send a cookie
    /// from another site only if it has `SameSite=None`. Origins have to be named.
    #[must_use]
    pub fn credentials(mut self) -> Cors {
        self.credentials = true;
        self
    }

    /// Lets pages read further headers of the answer, beside the usual ones such as `content-type`.
    ///
    /// ```
    /// use carafe::Cors;
    /// use carafe::http::header::LOCATION;
    ///
    /// let cors = Cors::any().expose([LOCATION]);
    /// ```
    #[must_use]
    pub fn expose(mut self, headers: impl IntoIterator<Item = HeaderName>) -> Cors {
        self.exposed.extend(headers);
        self
    }

    /// Sets how long a browser may do without a further pre-flight; two hours unless set, which is the most that Chromium takes.
    #[must_use]
    pub fn max_age(mut self, time: Duration) -> Cors {
        self.max_age = time;
        self
    }

    /// Returns whether pages of an origin may call.
    ///
    /// ```
    /// use carafe::Cors;
    ///
    /// let cors = Cors::origins(["https://shop.example.com"]);
    /// assert!(cors.allows("https://shop.example.com") && !cors.allows("https://other.example.com"));
    /// assert!(Cors::any().allows("https://other.example.com"));
    /// ```
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        let Some(origins) = &self.origins else { return true };
        WebOrigin::parse(origin).is_some_and(|origin| origins.contains(&origin))
    }

    /// Returns whether the pages of all sites may call.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.origins.is_none()
    }

    /// Returns what `access-control-allow-origin` says to the page that has sent a request. `*` is said to everyone: a cache may
    /// give the answer to a request without an origin to a page that needs it (Fetch standard §3.2.5).
    fn allowed(&self, origin: Option<&str>) -> Option<HeaderValue> {
        if self.is_any() {
            return Some(HeaderValue::from_static("*"));
        }
        let origin = origin?;
        if self.allows(origin) { HeaderValue::from_str(origin).ok() } else { None }
    }

    /// Says who may read an answer, and returns whether the page may that asks.
    fn allow(&self, origin: Option<&str>, headers: &mut HeaderMap) -> bool {
        if !self.is_any() {
            // A cache may not give one origin's answer to another, and not that of a request without one to either.
            add_vary(headers, "origin");
        }
        let Some(allowed) = self.allowed(origin) else { return false };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        true
    }

    /// Adds what every answer has that is not one to a pre-flight.
    fn tell(&self, origin: Option<&str>, headers: &mut HeaderMap) {
        if self.allow(origin, headers)
            && let Some(list) = list(self.exposed.iter().map(HeaderName::as_str))
        {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, list);
        }
    }

    /// Answers a pre-flight, if the app has something at the path.
    fn preflight(&self, request: &Request, wanted: &str, origin: &str) -> Option<Response> {
        let methods = request.allowed_methods();
        // The one that was asked for, where it is there: groups of the same path may say something else of the others.
        let told = match methods.iter().find(|method| *method == wanted) {
            Some(method) => list([method.as_str()]),
            None => list(methods.iter().map(String::as_str)),
        };
        let told = told?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        let is_allowed = self.allow(Some(origin), headers);
        add_vary(headers, "access-control-request-method");
        add_vary(headers, "access-control-request-headers");
        if is_allowed {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, told);
            headers.insert(ACCESS_CONTROL_MAX_AGE, self.max_age.as_secs().into());
            let asked = request.headers().filter(|(name, _)| *name == "access-control-request-headers");
            let names = asked.flat_map(|(_, value)| value.split(',')).map(str::trim);
            let names = names.filter(|name| name.parse::<HeaderName>().is_ok());
            if let Some(list) = list(names) {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, list);
            }
        }
        Some(response)
    }
}

/// Puts a list together; `None` of an empty one.
fn list<'l>(items: impl IntoIterator<Item = &'l str>) -> Option<HeaderValue> {
    let items: Vec<&str> = items.into_iter().collect();
    HeaderValue::try_from(items.join(", ")).ok().filter(|list| !list.is_empty())
}

/// Returns the origin of the page that has sent a request; `None` without one, and of several.
fn origin(request: &Request) -> Option<&str> {
    let mut all = request.headers().filter(|(name, _)| *name == "origin");
    let (_, first) = all.next()?;
    if all.next().is_none() { Some(first) } else { None }
}

/// Says that an answer has been marked.
#[derive(Clone)]
struct Told;

impl Middleware for Cors {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        // Of several, the outermost adds the headers, so that a guard between them has them on its answers, too. The innermost
        // says what is in them.
        let mut all = next.all::<Cors>();
        if !all.next().is_some_and(|outermost| std::ptr::eq(outermost, self)) {
            return Ok(next.run(request).await);
        }
        let decides = all.last().unwrap_or(self);
        let origin = origin(request);
        let has_own_answer = next.route().is_some_and(|route| route.method() == "OPTIONS");
        if request.method() == Method::OPTIONS
            && !has_own_answer
            && let Some(origin) = origin
            && let Some(wanted) = request.header("access-control-request-method")
            && let Some(response) = decides.preflight(request, wanted, origin)
        {
            return Ok(response);
        }
        let mut response = next.run(request).await;
        decides.tell(origin, response.headers_mut());
        Ok(response)
    }

    fn mark(&self, request: &Request, response: &mut Response) {
        // Of several, the innermost comes first, and says what is in the headers.
        if request.get::<Told>().is_none() {
            request.insert(Told);
            self.tell(origin(request), response.headers_mut());
        }
    }

    fn requires(&self, requirements: &mut Requirements<'_>) {
        if let Some(problem) = &self.problem {
            requirements.problem(problem.clone());
        }
        if self.credentials && self.is_any() {
            requirements.problem(
                "`Cors::any().credentials()`: no browser takes that; name the origins, with `Cors::origins`",
            );
        }
    }
}
