//! Signatures of texts with the app's secret, for any purpose.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::secret::{self, Keys, keys};
use crate::{FromRequest, Request, Requirements, Result};

/// Signs texts with the app's secret, for links in e-mails and whatever else goes out and comes back: who has the text and the
/// signature can change neither.
///
/// Each purpose has a key of its own, so that a signature for one is none for another, and none of carafe's cookies either. A
/// purpose is any text that names one thing in the app, such as `unsubscribe 1`, with a new number where the text that is signed
/// gets another form. Purposes that begin with `carafe` are for features of carafe. The text is all that is signed: one that is
/// to hold for a while, or for one account, says so itself.
///
/// ```
/// use carafe::{App, Result, Signer, abort, get, routes};
///
/// #[get("/letter")]
/// fn letter(signer: Signer) -> Result<String> {
///     let email = "ann@example.com";
///     let signature = signer.sign("unsubscribe 1", email)?;
///     Ok(format!("{}?signature={signature}", unsubscribe::url(email)))
/// }
///
/// #[get("/unsubscribe/<email>?<signature>")]
/// fn unsubscribe(email: &str, signature: &str, signer: Signer) -> Result<String> {
///     if !signer.is_signed("unsubscribe 1", email, signature)? {
///         return Err(abort(403, "This link is not ours"));
///     }
///     Ok(format!("No more letters to {email}"))
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![letter, unsubscribe]).test();
/// let link = client.get("/letter").send().text().to_owned();
/// assert_eq!(client.get(&link).send().text(), "No more letters to ann@example.com");
/// assert_eq!(client.get(&link.replace("ann", "bob")).send().status(), 403);
/// ```
#[derive(Clone, Debug)]
pub struct Signer(Arc<Keys>);

impl Signer {
    /// Returns the app's signer where it cannot be an argument, as in a [`Responder`](crate::Responder).
    ///
    /// ```
    /// use carafe::{Redirect, Request, Responder, Response, Result, Signer};
    ///
    /// struct Download(String);
    ///
    /// impl Responder for Download {
    ///     fn respond_to(self, request: &Request) -> Result<Response> {
    ///         let signature = Signer::of(request)?.sign("download 1", &self.0)?;
    ///         Redirect::to(format!("/files/{}?signature={signature}", self.0)).respond_to(request)
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The app has no secret.
    pub fn of(request: &Request) -> Result<Signer> {
        keys(request).map(Signer)
    }

    /// Signs a text for a purpose, with the first of the app's secrets: 43 letters, digits, `-` and `_`.
    ///
    /// # Errors
    ///
    /// The cryptography failed, which is not to be expected.
    pub fn sign(&self, purpose: &str, text: &str) -> Result<String> {
        let key = self.0.first()?.signing(purpose)?;
        Ok(URL_SAFE_NO_PAD.encode(hmac::sign(&key, text.as_bytes())))
    }

    /// Returns whether [`Signer::sign`] made this signature of the text for the purpose, under any of the app's secrets. How long
    /// it takes does not tell how much of the signature is right.
    ///
    /// # Errors
    ///
    /// The cryptography failed, which is not to be expected. A signature in any form is none.
    pub fn is_signed(&self, purpose: &str, text: &str, signature: &str) -> Result<bool> {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Ok(false) };
        for keys in self.0.all() {
            if hmac::verify(&keys.signing(purpose)?, text.as_bytes(), &signature).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl FromRequest<'_> for Signer {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Signer::of(request)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        secret::require(requirements);
    }
}
