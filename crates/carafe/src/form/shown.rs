//! The page that answers an error in place of a catcher's: a refused form, shown again.

use super::filled::{FilledForm, Texts};
use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::{Responder, Response};

/// The page, until the error is answered.
pub(crate) struct Page(Box<Respond>);

type Respond = dyn FnOnce(&Request) -> Result<Response> + Send + Sync;

impl Page {
    /// Takes the page that an error was given.
    pub(crate) fn of(error: &mut Error) -> Option<Page> {
        error.detach()
    }

    pub(crate) fn respond_to(self, request: &Request) -> Result<Response> {
        (self.0)(request)
    }
}

impl Error {
    /// Returns the form that was refused, with what was typed and what is wrong. Of an error that is not about a form there is
    /// the message alone.
    #[must_use]
    pub fn form(&self) -> FilledForm {
        FilledForm::of_error(self)
    }

    /// Answers with a page that shows the refused form again, instead of a catcher's or the default one. It carries the status of
    /// the error.
    ///
    /// ```
    /// use carafe::{App, FilledForm, Form, Result, get, post, routes};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Post { title: String, stars: u8 }
    ///
    /// #[get("/posts/new")]
    /// fn new() -> String {
    ///     page(FilledForm::default())
    /// }
    ///
    /// #[post("/posts")]
    /// fn create(post: Result<Form<Post>>) -> Result<String> {
    ///     let Form(post) = post.map_err(|refused| refused.show(page))?;
    ///     Ok(format!("{} {}", post.title, post.stars))
    /// }
    ///
    /// // A page is better made with a template, which escapes what was typed.
    /// fn page(form: FilledForm) -> String {
    ///     format!("Stars: {} {}", form.text("stars"), form.fault("stars"))
    /// }
    ///
    /// let client = App::new().routes(routes![new, create]).test();
    /// let reply = client.post("/posts").form(&[("title", "Hi"), ("stars", "many")]).send();
    /// assert_eq!(reply.status(), 400);
    /// assert_eq!(reply.text(), "Stars: many expected a whole number from 0 to 255, got `many`");
    /// ```
    pub fn show<P>(self, page: impl FnOnce(FilledForm) -> P) -> Error
    where
        P: Responder + Send + Sync + 'static,
    {
        let page = page(self.form());
        self.attach(Page(Box::new(move |request| page.respond_to(request))))
    }
}

/// Adds to the refusal of a form what was typed.
#[cold]
pub(super) fn with_texts(error: Error, request: &Request) -> Error {
    error.attach(Texts::of(request))
}
