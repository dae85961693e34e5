//! Pages from templates, with the feature `templates`.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind, Output, State};
use serde::Serialize;

use crate::app::App;
use crate::context::AppContext;
use crate::error::{Error, Result};
use crate::files::media_type;
use crate::link::InTemplate;
use crate::request::Request;
use crate::response::{Responder, Response, typed};

/// A page made from a template that [`App::template`](crate::App::template) was given: Jinja's language, as MiniJinja
/// has it. The end of its name says what it makes; in `.html` and `.xml` templates values are escaped, so that text from
/// a request stays text.
///
/// ```
/// use carafe::{App, Template, get, routes};
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Hello<'n> { name: &'n str }
///
/// #[get("/hello/<name>")]
/// fn hello(name: &str) -> Template {
///     Template::new("hello.html", Hello { name })
/// }
///
/// let app = App::new()
///     .template("hello.html", "<h1>Hello {{ name }}!</h1>") // or include_str!("hello.html")
///     .routes(routes![hello]);
/// assert_eq!(app.test().get("/hello/%3CAnn%3E").send().text(), "<h1>Hello &lt;Ann&gt;!</h1>");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a template answers nothing until it is returned"]
pub struct Template {
    name: String,
    values: Value,
}

impl Template {
    /// Makes a page of a template and these values: a struct or a map.
    pub fn new(name: impl Into<String>, values: impl Serialize) -> Template {
        Template { name: name.into(), values: Value::from(Serde(values)) }
    }
}

impl App {
    /// Gives [`Template`] a template: a name whose end says what it makes, and Jinja source. One that does not parse is an
    /// error when the app is assembled.
    pub fn template(mut self, name: &str, source: &str) -> App {
        let mut problem = None;
        self.states.change(|templates: &mut Templates| problem = templates.add(name, source).err());
        self.problems.extend(problem);
        self
    }
}

impl Responder for Template {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let templates = request.state::<Templates>().unwrap_or_default();
        let page = templates.render(&self.name, self.values, request)?;
        Ok(typed(media_type::of_template(&self.name), page))
    }
}

/// The templates of an app.
#[derive(Clone)]
pub(crate) struct Templates(Environment<'static>);

impl Default for Templates {
    /// Makes an environment that escapes; the environment's own default does not.
    fn default() -> Templates {
        let mut environment = Environment::new();
        environment.set_formatter(format);
        Templates(environment)
    }
}

/// Prints a value: a link with the mount of its route.
fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> std::result::Result<(), minijinja::Error> {
    let Some(InTemplate(link)) = value.downcast_object_ref() else {
        return minijinja::escape_formatter(out, state, value);
    };
    let path = MOUNTS.with_borrow(|mounts| match mounts {
        Some(Mounts { app, here }) => link.below(app.routes.mount_of(link, here)).map_err(str::to_owned),
        None => Ok(link.to_string()),
    });
    let path = path.map_err(|reason| minijinja::Error::new(ErrorKind::InvalidOperation, reason))?;
    // Escaping would only turn its slashes into `&#x2f;`.
    let is_safe = !path.contains(['<', '>', '&', '"', '\'']);
    let path = if is_safe { Value::from_safe_string(path) } else { Value::from(path) };
    minijinja::escape_formatter(out, state, &path)
}

thread_local! {
    /// The mounts that links need while a page is made. A variable of the template's context would not reach into macros.
    static MOUNTS: RefCell<Option<Mounts>> = const { RefCell::new(None) };
}

/// The mounts of the app's routes, and the prefix of the route that answers.
struct Mounts {
    app: Arc<AppContext>,
    here: Arc<str>,
}

/// Puts back what was there before, whatever happens to the page.
struct Restore(Option<Mounts>);

impl Drop for Restore {
    fn drop(&mut self) {
        MOUNTS.set(self.0.take());
    }
}

impl Templates {
    /// Adds a template, or says what is wrong with it.
    pub(crate) fn add(&mut self, name: &str, source: &str) -> Result<(), String> {
        let problem = |error: minijinja::Error| format!("template `{name}`: {error}");
        self.0.add_template_owned(name.to_owned(), source.to_owned()).map_err(problem)
    }

    fn render(&self, name: &str, values: Value, request: &Request) -> Result<String> {
        let mounts = Mounts { app: Arc::clone(request.app()), here: request.mount() };
        let _restore = Restore(MOUNTS.replace(Some(mounts)));
        let render = || self.0.get_template(name)?.render(values);
        render().map_err(|error| Error::from_source(format!("template `{name}`: {error:#}").into()))
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.templates().map(|(name, _)| name)).finish()
    }
}
