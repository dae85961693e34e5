//! The attributes of carafe: `#[get]` and its family, `#[catch]`, `routes![]` and `catchers![]`.
//!
//! Use them from the `carafe` crate, which also has everything they write into a program.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attr;
mod catch;
mod cfg;
#[cfg(feature = "embed")]
mod embed;
mod errors;
mod expand;
mod glue;
mod pattern;
mod routes;
mod signature;
mod url;

use proc_macro::TokenStream;

/// Defines an attribute for one method.
macro_rules! method {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(input: TokenStream, item: TokenStream) -> TokenStream {
            expand::route(stringify!($name), input.into(), &item.into()).into()
        }
    )*};
}

method! {
    /// Answers GET, and HEAD where no other route does.
    ///
    /// The path's `<name>` parameters are arguments of the function. What else the function takes is an extractor
    /// or, on GET, a query parameter.
    ///
    /// ```
    /// use carafe::{get, routes};
    ///
    /// #[get("/posts/<id>")]
    /// fn post(id: u32, page: Option<u32>) -> String {
    ///     format!("post {id}, page {}", page.unwrap_or(1))
    /// }
    ///
    /// let app = carafe::App::new().routes(routes![post]);
    /// assert_eq!(post::url(7), "/posts/7");
    /// ```
    get

    /// Answers POST. What is neither in the path nor an extractor is a form field.
    ///
    /// ```
    /// use carafe::{post, routes};
    ///
    /// #[post("/posts")]
    /// fn create(title: String, tag: Vec<String>) -> String {
    ///     format!("{title} with {} tags", tag.len())
    /// }
    ///
    /// let app = carafe::App::new().routes(routes![create]);
    /// ```
    post

    /// Answers PUT. What is neither in the path nor an extractor is a form field.
    put
    ///
    /// ```
    /// use carafe::{App, put, routes};
    ///
    /// #[put("/posts/<id>")]
    /// fn replace(id: u32, title: String) -> String {
    ///     format!("{id} is {title}")
    /// }
    ///
    /// let client = App::new().routes(routes![replace]).test();
    /// assert_eq!(client.put("/posts/7").form(&[("title", "Hi")]).send().text(), "7 is Hi");
    /// ```

    /// Answers PATCH. What is neither in the path nor an extractor is a form field.
    patch
    ///
    /// ```
    /// use carafe::{App, patch, routes};
    ///
    /// #[patch("/posts/<id>")]
    /// fn change(id: u32, title: Option<String>) -> String {
    ///     title.map_or(format!("{id} as it was"), |title| format!("{id} is {title}"))
    /// }
    ///
    /// let client = App::new().routes(routes![change]).test();
    /// assert_eq!(client.patch("/posts/7").send().text(), "7 as it was");
    /// ```

    /// Answers DELETE. What is neither in the path nor an extractor is a query parameter.
    delete
    ///
    /// ```
    /// use carafe::{App, StatusCode, delete, routes};
    ///
    /// #[delete("/posts/<id>")]
    /// fn remove(id: u32) -> StatusCode {
    ///     if id == 7 { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
    /// }
    ///
    /// let client = App::new().routes(routes![remove]).test();
    /// assert_eq!(client.delete("/posts/7").send().status(), 204);
    /// ```

    /// Answers HEAD, where what GET answers without its body is not enough.
    head
    ///
    /// ```
    /// use carafe::http::header::CONTENT_LENGTH;
    /// use carafe::{App, Headers, head, routes};
    ///
    /// #[head("/export.csv")]
    /// fn size() -> (Headers, &'static str) {
    ///     // Without making the file.
    ///     (Headers::from_iter([(CONTENT_LENGTH, 1_000_000.into())]), "")
    /// }
    ///
    /// let client = App::new().routes(routes![size]).test();
    /// assert_eq!(client.head("/export.csv").send().status(), 200);
    /// ```

    /// Answers OPTIONS, where the list of allowed methods is not enough.
    options
    ///
    /// ```
    /// use carafe::{App, options, routes};
    ///
    /// #[options("/posts")]
    /// fn about() -> &'static str {
    ///     "GET lists posts, POST makes one"
    /// }
    ///
    /// let client = App::new().routes(routes![about]).test();
    /// assert_eq!(client.request("OPTIONS", "/posts").send().text(), "GET lists posts, POST makes one");
    /// ```

    /// Answers every method that has no route of its own for the same path.
    ///
    /// What is neither in the path nor an extractor is a form field when the request is a POST, PUT or PATCH, and a
    /// query parameter when it is not.
    any
    ///
    /// ```
    /// use carafe::{App, Request, any, routes};
    ///
    /// #[any("/echo")]
    /// fn echo(request: &Request) -> String {
    ///     request.method().to_string()
    /// }
    ///
    /// let client = App::new().routes(routes![echo]).test();
    /// assert_eq!(client.put("/echo").send().text(), "PUT");
    /// ```

    /// Answers the listed methods.
    ///
    /// ```
    /// use carafe::{route, routes};
    ///
    /// #[route(GET, POST, "/search")]
    /// fn search(q: String) -> String {
    ///     format!("looking for {q}")
    /// }
    ///
    /// let app = carafe::App::new().routes(routes![search]);
    /// ```
    route
}

/// Answers for an error status, `#[catch(404)]`, or for all that have no catcher, `#[catch(default)]`.
///
/// The function may take `&Error`, `StatusCode`, `&Request` and extractors, and returns whatever handlers return;
/// the answer carries the status of the error unless the function names one.
///
/// ```
/// use carafe::{App, Request, catch, catchers};
///
/// #[catch(404)]
/// fn not_found(request: &Request) -> String {
///     format!("Nothing at {}", request.raw_path())
/// }
///
/// let app = App::new().catch(catchers![not_found]);
/// ```
#[proc_macro_attribute]
pub fn catch(input: TokenStream, item: TokenStream) -> TokenStream {
    catch::catch(input.into(), &item.into()).into()
}

/// Expands `carafe::routes!`, which puts the path of carafe in front.
#[doc(hidden)]
#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    routes::routes(input.into()).into()
}

/// Expands `carafe::catchers!`, which puts the path of carafe in front.
#[doc(hidden)]
#[proc_macro]
pub fn catchers(input: TokenStream) -> TokenStream {
    routes::catchers(input.into()).into()
}

/// Expands `carafe::embed!`, which puts the path of carafe in front.
#[doc(hidden)]
#[cfg(feature = "embed")]
#[proc_macro]
pub fn embed(input: TokenStream) -> TokenStream {
    embed::embed(input.into()).into()
}
