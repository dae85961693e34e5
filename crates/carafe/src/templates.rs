//! Pages from templates, with the feature `templates`.

mod asked;
mod functions;
mod given;
mod lists;
mod page;
mod url;

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use crate::app::App;
use crate::context::States;
use crate::error::{Error, Result, words};
use crate::files::media_type::{self, Syntax};
use crate::folder::Folder;
use crate::link::InTemplate;
use crate::request::Request;
use crate::response::{Responder, Response, typed, without_scripts};
use asked::Asked;
use functions::Functions;
use given::Given;
use lists::{Global, Lists};
use page::{Page, lists, page};

/// A page made from a template that [`App::template`](crate::App::template) was given: Jinja's language, as MiniJinja
/// has it.
///
/// The end of its name says what it makes, in any letter case, and so how values are written: in what may run scripts
/// they are escaped, so that text from a request stays text. That is HTML and XML of all kinds (`.html`, `.htm`,
/// `.xhtml`, `.xml`, `.svg`), with what they include; in JavaScript and JSON (`.js`, `.mjs`, `.json`) a value is a
/// literal, quotes and all. In other text a value is written as it is, and no script in it runs: it goes out with
/// `Content-Security-Policy: script-src 'none'`, whatever type is put beside it.
///
/// A variable that a template prints and nobody gave it is an error, whose cause in the log has template, line and name;
/// `{% if name %}` may ask for it. Every template has
///
/// - `url("show", id=7)`, a link to the route of `fn show`, or `"posts::show"` for that of `posts.rs`: values by the names of the
///   pattern or in its order, others become the query;
/// - `asset("app.css")`, as [`Request::asset`](crate::Request::asset), where the app has [`App::files`](crate::App::files);
/// - `request` with `method`, `path`, `raw_query`, `host`, `is_https`, `route`, `header(name)`, `query(name)` and `param(name)`.
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
    pub fn template(self, name: &str, source: &str) -> App {
        self.change_templates(|templates| templates.add(name, source).err().into_iter().collect())
    }

    /// Gives [`Template`] all templates of a folder, deployed with the program or built into it by `embed!`, under their paths below
    /// it. A build with debug assertions reads a folder that is there anew for each page.
    ///
    /// ```
    /// use carafe::{App, Folder, Template, get, routes};
    ///
    /// #[get("/")]
    /// fn index() -> Template {
    ///     Template::new("pages/index.html", ())
    /// }
    ///
    /// let app = App::new().templates(Folder::new("tests/templates")).routes(routes![index]); // or embed!("templates", gzip = off)
    /// assert!(app.test().get("/").send().text().contains("<title>Index</title>"));
    /// ```
    pub fn templates(mut self, folder: Folder) -> App {
        self.problems.extend(folder.problem());
        self.change_templates(|templates| templates.add_folder(folder))
    }

    /// Gives all templates a function of one text. The outer function looks at the request of each page, the inner one is called by
    /// the template; its error is that of the page.
    ///
    /// ```
    /// use carafe::{App, Request, Result, Template, get, routes};
    ///
    /// #[get("/")]
    /// fn index() -> Template {
    ///     Template::new("index.txt", ())
    /// }
    ///
    /// let app = App::new()
    ///     .template_function("t", |request: &Request| {
    ///         let german = request.header("accept-language").is_some_and(|languages| languages.starts_with("de"));
    ///         move |text: &str| -> Result<String> { Ok(if german { "Hallo".to_owned() } else { text.to_owned() }) }
    ///     })
    ///     .template("index.txt", "{{ t('Hello') }}")
    ///     .routes(routes![index]);
    /// assert_eq!(app.test().get("/").header("accept-language", "de").send().text(), "Hallo");
    /// ```
    pub fn template_function<F, T>(
        mut self,
        name: &'static str,
        function: impl Fn(&Request) -> F + Send + Sync + 'static,
    ) -> App
    where
        F: Fn(&str) -> Result<T> + 'static,
        T: Serialize,
    {
        self.states.change(|given: &mut Given| {
            given.forget(name);
            given.functions.push(functions::prepare(name, function));
        });
        self.tell_templates();
        self
    }

    /// Gives all templates a list, under a name that stands for it wherever they do not use the name otherwise. The inner
    /// function makes it, at most once for a page, and only if the page uses it.
    ///
    /// ```
    /// use carafe::{App, Request, Template, get, routes};
    ///
    /// #[get("/")]
    /// fn index() -> Template {
    ///     Template::new("index.txt", ())
    /// }
    ///
    /// let app = App::new()
    ///     .template_list("languages", |request: &Request| {
    ///         let header = request.header("accept-language").unwrap_or_default().to_owned();
    ///         move || header.split(',').map(str::to_owned).collect::<Vec<_>>()
    ///     })
    ///     .template("index.txt", "{% for language in languages %}<{{ language }}>{% endfor %}")
    ///     .routes(routes![index]);
    /// assert_eq!(app.test().get("/").header("accept-language", "de,en").send().text(), "<de><en>");
    /// ```
    pub fn template_list<L, T>(
        mut self,
        name: &'static str,
        list: impl Fn(&Request) -> L + Send + Sync + 'static,
    ) -> App
    where
        L: Fn() -> Vec<T> + 'static,
        T: Serialize,
    {
        self.states.change(|given: &mut Given| {
            given.forget(name);
            given.lists.push(lists::prepare(name, list));
        });
        self.tell_templates();
        self
    }

    /// Changes the templates, and notes what is wrong with them.
    fn change_templates(mut self, change: impl FnOnce(&mut Templates) -> Vec<String>) -> App {
        if self.states.get::<Given>().is_none_or(|given| given.tell.is_none()) {
            self.states.change(|given: &mut Given| given.tell = Some(tell));
            self.tell_templates();
        }
        let mut problems = Vec::new();
        self.states.change(|templates: &mut Templates| problems = change(templates));
        self.problems.extend(problems);
        self
    }

    /// Tells the templates what they are given, if the app has any.
    fn tell_templates(&mut self) {
        if let Some(given) = self.states.get::<Given>()
            && let Some(tell) = given.tell
        {
            tell(&mut self.states, &given);
        }
    }
}

/// Tells the templates the names of what they are given.
fn tell(states: &mut States, given: &Given) {
    states.change(|templates: &mut Templates| {
        for &(name, _) in &given.functions {
            let call = move |argument: &str| {
                page(|page| page.functions.clone()).unwrap_or_default().call(name, argument)
            };
            templates.environment.add_function(name, call);
        }
        for &(name, _) in &given.lists {
            templates.environment.add_global(name, Value::from_object(Global { name, lists }));
        }
    });
}

impl Responder for Template {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let templates = request.state::<Templates>().unwrap_or_default();
        let page = templates.render(&self.name, self.values, request)?;
        let kind = media_type::of_template(&self.name);
        Ok(match media_type::syntax(kind) {
            Syntax::Markup | Syntax::Script => typed(kind, page),
            Syntax::Text => without_scripts(kind, page),
        })
    }
}

/// The templates of an app.
#[derive(Clone)]
pub(crate) struct Templates {
    environment: Environment<'static>,
    /// Folders whose files may change while the program runs.
    changing: Vec<Folder>,
}

impl Default for Templates {
    /// Makes an environment that escapes; the environment's own default does not.
    fn default() -> Templates {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| escape_of(syntax_of(name)));
        environment.set_formatter(format);
        // A page with a hole in it is a mistake that nobody sees.
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        // So an error knows the name of the variable. It knows values, too, which only `{:#}` would write.
        environment.set_debug(true);
        environment.add_function("url", |name: &str, values: Rest<Value>, named: Kwargs| {
            let request = page(|page| Rc::clone(&page.request));
            request.map_or(Ok(Value::UNDEFINED), |request| url::link(&request, name, &values, &named))
        });
        let request = || page(|page| Rc::clone(&page.request));
        environment.add_global("request", Value::from_object(Asked { request }));
        // A layout shows the messages of `Flash` in every app. Until that is attached there are none.
        environment.add_global("flash", Value::from(Vec::<Value>::new()));
        Templates { environment, changing: Vec::new() }
    }
}

/// Returns what a template of this name makes.
fn syntax_of(name: &str) -> Syntax {
    media_type::syntax(media_type::of_template(name))
}

fn escape_of(syntax: Syntax) -> AutoEscape {
    match syntax {
        Syntax::Markup => AutoEscape::Html,
        Syntax::Script => AutoEscape::Json,
        Syntax::Text => AutoEscape::None,
    }
}

/// Prints a value: a link with the mount of its route, anything else as the page has it.
fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> std::result::Result<(), minijinja::Error> {
    let path = if let Some(url::Path(path)) = value.downcast_object_ref() {
        Ok(path.clone())
    } else if let Some(InTemplate(link)) = value.downcast_object_ref() {
        let below =
            |page: &Page| link.below(page.app.routes.mount_of(link, &page.here)).map_err(str::to_owned);
        page(below).unwrap_or_else(|| Ok(link.to_string()))
    } else {
        return escaped(out, state, value);
    };
    let path = path.map_err(|reason| minijinja::Error::new(ErrorKind::InvalidOperation, reason))?;
    // Escaping would only turn its slashes into `&#x2f;`.
    let is_safe = matches!(escape_in(state), AutoEscape::Html) && !path.contains(['<', '>', '&', '"', '\'']);
    let path = if is_safe { Value::from_safe_string(path) } else { Value::from(path) };
    escaped(out, state, &path)
}

/// Writes a value as the text around it has it.
fn escaped(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> std::result::Result<(), minijinja::Error> {
    let filter = match escape_in(state) {
        // MiniJinja's own escaping of JSON leaves `</script>` as it is.
        AutoEscape::Json if !value.is_safe() => "tojson",
        AutoEscape::Html if *state.auto_escape() == AutoEscape::None => "escape",
        _ => return minijinja::escape_formatter(out, state, value),
    };
    let value = state.apply_filter(filter, std::slice::from_ref(value))?;
    minijinja::escape_formatter(out, state, &value)
}

/// Returns how values are escaped at this place: as the template says, but as the page does in a piece of plain text
/// that the page includes. What such a piece prints becomes part of the page, whatever the piece is called.
fn escape_in(state: &State<'_, '_>) -> AutoEscape {
    let own = state.auto_escape();
    if *own == AutoEscape::None && syntax_of(state.name()) == Syntax::Text {
        return escape_of(page(|page| page.syntax).unwrap_or(Syntax::Text));
    }
    own.clone()
}

impl Templates {
    /// Adds a template, or says what is wrong with it.
    pub(crate) fn add(&mut self, name: &str, source: &str) -> Result<(), String> {
        let problem = |error: minijinja::Error| format!("template `{name}`: {error}");
        self.environment.add_template_owned(name.to_owned(), source.to_owned()).map_err(problem)
    }

    /// Adds all templates of a folder, and returns what is wrong with them.
    fn add_folder(&mut self, folder: Folder) -> Vec<String> {
        let (names, changes) = folder.file_names();
        let problems = names.iter().filter_map(|name| self.add_file(&folder, name).err()).collect();
        if changes {
            self.changing.push(folder);
        }
        problems
    }

    fn add_file(&mut self, folder: &Folder, name: &str) -> Result<(), String> {
        let file = folder.file(name);
        let source = file.as_ref().and_then(|file| std::str::from_utf8(file.bytes()?).ok());
        let source = source.ok_or_else(|| format!("template `{name}` is not UTF-8 text that can be read"))?;
        self.add(name, source)
    }

    fn render(&self, name: &str, values: Value, request: &Request) -> Result<String> {
        let given = request.state::<Given>().unwrap_or_default();
        let page = Page {
            app: Arc::clone(request.app()),
            here: request.mount(),
            syntax: syntax_of(name),
            lists: Lists::of(&given.lists, request),
            functions: Functions::of(&given.functions, request),
            request: Rc::new(request.copy()),
        };
        let _restore = page.begin();
        if self.changing.is_empty() {
            return self.page(name, values);
        }
        let mut now = self.clone();
        let problems: Vec<String> =
            std::mem::take(&mut now.changing).into_iter().flat_map(|folder| now.add_folder(folder)).collect();
        if let [first, ..] = problems.as_slice() {
            return Err(Error::from_source(first.as_str().into()));
        }
        now.page(name, values)
    }

    fn page(&self, name: &str, values: Value) -> Result<String> {
        let page = || self.environment.get_template(name)?.render(values);
        page().map_err(|error| Error::from_source(format!("template `{name}`: {}", words(&error)).into()))
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.environment.templates().map(|(name, _)| name)).finish()
    }
}
