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

    /// Answers PATCH. What is neither in the path nor an extractor is a form field.
    patch

    /// Answers DELETE. What is neither in the path nor an extractor is a query parameter.
    delete

    /// Answers HEAD, where what GET answers without its body is not enough.
    head

    /// Answers OPTIONS, where the list of allowed methods is not enough.
    options

    /// Answers every method that has no route of its own for the same path.
    ///
    /// What is neither in the path nor an extractor is a form field when the request is a POST, PUT or PATCH, and a
    /// query parameter when it is not.
    any

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
