//! A whole folder of files: served with the program, or built into it.

mod assets;
mod embedded;
mod names;
mod source;

use crate::http::HeaderValue;
use crate::http::header::CACHE_CONTROL;
use crate::{App, File, Redirect, Request, Responder as _, Response, Result, StatusCode};
use assets::Assets;
pub use embedded::EmbeddedFile;
pub use source::Folder;

impl App {
    /// Serves the files of a folder under a prefix, to GET and HEAD: as [`File`] does, and `index.html` for a path that ends with
    /// a slash; a folder's path without the slash is sent to it.
    ///
    /// Names that begin with a dot are not served, but `.well-known` is (RFC 8615); nor is anything outside the folder, where links
    /// may lead. A file has one address: `%2F` is no slash in it. What is not there is a 404, and a folder that is not there is a
    /// problem of [`App::check`].
    ///
    /// A browser asks each time whether its copy is still right, and gets a 304. It need not ask under the name that
    /// [`Request::asset`] returns, which has a hash of the bytes in it: that answer is right for good.
    ///
    /// ```
    /// # #[cfg(feature = "embed")] {
    /// use carafe::{App, Html, Request, Result, embed, get, routes};
    ///
    /// #[get("/")]
    /// fn index(request: &Request) -> Result<Html<String>> {
    ///     let style = request.asset("app.css")?; // such as "/static/app.3f9a1c2b7d84e6a0.css"
    ///     Ok(Html(format!("<link rel=stylesheet href={style}>")))
    /// }
    ///
    /// let app = App::new().files("/static", embed!("tests/static")).routes(routes![index]);
    /// assert!(app.test().get("/").send().text().contains("href=/static/app."));
    /// # }
    /// ```
    #[track_caller]
    pub fn files(self, prefix: &str, folder: Folder) -> App {
        let prefix = prefix.trim_end_matches('/');
        if prefix.contains('<') || !(prefix.is_empty() || prefix.starts_with('/')) {
            let problem = "a prefix begins with a slash, and has no parameters";
            return self.problem(format!("cannot serve files under `{prefix}`: {problem}"));
        }
        let problem =
            folder.problem().map(|problem| format!("cannot serve files under `{prefix}/`: {problem}"));
        let has_index = folder.file(names::INDEX).is_some();
        let mut app = self.remember(prefix, &folder);
        if !prefix.is_empty() {
            app = app.route("GET", prefix, serve(folder.clone(), |_| Asked::Itself));
        }
        // At the root of an app there may be a route of its own.
        if has_index || !prefix.is_empty() {
            app = app.route("GET", &format!("{prefix}/"), serve(folder.clone(), |_| Asked::Name("")));
        }
        let app = app.route("GET", &format!("{prefix}/<name:path>"), serve(folder, named));
        problem.into_iter().fold(app, App::problem)
    }

    /// Keeps the folder for [`Request::asset`], and gives templates that function.
    fn remember(self, prefix: &str, folder: &Folder) -> App {
        let app = self.change_state(|assets: &mut Assets| assets.add(prefix, folder.clone()));
        #[cfg(feature = "templates")]
        let app = app.template_function("asset", |request: &Request| {
            let assets = request.state::<Assets>().unwrap_or_default();
            move |name: &str| assets.url(name)
        });
        app
    }
}

impl Request {
    /// Returns the path of a file of [`App::files`] by a name with a hash of its bytes in it, `/static/app.3f9a1c2b7d84e6a0.css`
    /// for `app.css`: a browser keeps what it gets there for a year, and a new content has a new name. In templates it is
    /// `{{ asset("app.css") }}`.
    ///
    /// A page that is older than the file still gets it: a hash of other bytes leads to what is there now, which then is not kept.
    ///
    /// # Errors
    ///
    /// No folder of the app has the file.
    pub fn asset(&self, name: &str) -> Result<String> {
        self.state::<Assets>().unwrap_or_default().url(name)
    }
}

/// What a request asks for.
enum Asked<'r> {
    /// The folder's own path, without a slash.
    Itself,
    /// What is below it.
    Name(&'r str),
}

fn named(request: &Request) -> Asked<'_> {
    Asked::Name(request.param("name").unwrap_or_default())
}

/// Makes the handler of a route, for what the function says that it is asked for.
fn serve(
    folder: Folder,
    asked: fn(&Request) -> Asked<'_>,
) -> impl Fn(&Request) -> Result<Response> + Send + Sync + 'static {
    move |request: &Request| answer(&folder, request, &asked(request))
}

/// The answer may be kept, and has to be asked for each time.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");
/// The answer is right for good.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

fn answer(folder: &Folder, request: &Request, asked: &Asked<'_>) -> Result<Response> {
    let found = match *asked {
        // An encoded slash would be a second address of a file.
        _ if names::has_encoded_slash(request.raw_path()) => None,
        Asked::Itself => folder.file(names::INDEX).map(|_| Found::Directory),
        Asked::Name(name) => find(folder, name),
    };
    match found {
        Some(Found::File(file, cache)) => {
            let mut response = file.respond_to(request)?;
            response.headers_mut().insert(CACHE_CONTROL, cache);
            Ok(response)
        }
        Some(Found::Directory) => with_slash(request),
        None => StatusCode::NOT_FOUND.respond_to(request),
    }
}

/// What is found below a folder.
enum Found {
    /// A file, and how long it may be kept.
    File(File, HeaderValue),
    /// A folder with an index, named without the slash at its end.
    Directory,
}

fn find(folder: &Folder, name: &str) -> Option<Found> {
    let index = |directory: &str| folder.file(&format!("{directory}{}", names::INDEX));
    if name.is_empty() || name.ends_with('/') {
        return index(name).map(|file| Found::File(file, ASK));
    }
    if let Some(file) = folder.file(name) {
        return Some(Found::File(file, ASK));
    }
    if let Some((plain, hash)) = names::without_hash(name)
        && let Some(file) = folder.file(&plain)
    {
        let is_right = file.etag().is_some_and(|etag| etag.starts_with(hash));
        return Some(Found::File(file, if is_right { KEEP } else { ASK }));
    }
    index(&format!("{name}/")).map(|_| Found::Directory)
}

/// Sends the client to the path with a slash at its end, where links of the page lead to files beside it.
fn with_slash(request: &Request) -> Result<Response> {
    let query = request.raw_query();
    let mark = if query.is_empty() { "" } else { "?" };
    Redirect::temporary(format!("{}/{mark}{query}", request.path())).respond_to(request)
}
