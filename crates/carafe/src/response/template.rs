//! Pages from templates, with the feature `templates`.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{IntoResponse, Response, media_type};
use crate::error::Error;

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
/// assert_eq!(app.get("/hello/%3CAnn%3E").send().text(), "<h1>Hello &lt;Ann&gt;!</h1>");
/// ```
#[derive(Clone, Debug)]
pub struct Template {
    name: String,
    values: Value,
}

impl Template {
    /// The page that a template makes of these values: a struct or a map.
    pub fn new(name: impl Into<String>, values: impl Serialize) -> Template {
        Template { name: name.into(), values: Value::from(Serde(values)) }
    }
}

impl IntoResponse for Template {
    /// The app has the template, so the page is made when the answer gets there.
    fn into_response(self) -> Result<Response, Error> {
        let mut response = Response::new(Bytes::new());
        response.extensions_mut().insert(self);
        Ok(response)
    }
}

/// Makes the page of a response that is to be one.
pub(crate) fn rendered(mut response: Response, templates: &Templates) -> Result<Response, Error> {
    let Some(Template { name, values }) = response.extensions_mut().remove() else { return Ok(response) };
    *response.body_mut() = Bytes::from(templates.render(&name, values)?);
    let kind = HeaderValue::from_static(media_type::of_template(&name));
    response.headers_mut().entry(CONTENT_TYPE).or_insert(kind);
    Ok(response)
}

/// The templates of an app.
pub(crate) struct Templates(Environment<'static>);

impl Default for Templates {
    /// Not the environment's own default, which escapes nothing.
    fn default() -> Templates {
        Templates(Environment::new())
    }
}

impl Templates {
    /// Adds one; its mistakes in words.
    pub(crate) fn add(&mut self, name: &str, source: &str) -> Result<(), String> {
        let problem = |error: minijinja::Error| format!("template `{name}`: {error}");
        self.0.add_template_owned(name.to_owned(), source.to_owned()).map_err(problem)
    }

    fn render(&self, name: &str, values: Value) -> Result<String, Error> {
        let render = || self.0.get_template(name)?.render(values);
        render().map_err(|error| Error::from_source(format!("template `{name}`: {error:#}").into()))
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.templates().map(|(name, _)| name)).finish()
    }
}
