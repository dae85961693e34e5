//! Messages for the next page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::answer::{is_whole, keep_private};
use super::envelope::{now, sign, verify};
use super::names;
use super::secret::{self, Keys, keys};
use crate::{
    App, Cookie, Cookies, Error, Feature, FromRequest, Next, Request, Requirements, Response, Result,
};

/// How long messages wait for the next page.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// The most bytes of the cookie's name and value.
const MOST_BYTES: usize = 4096;

/// Messages for the page that the browser shows next: "Saved", after the redirect that a form is answered with. They are
/// in a signed cookie, and gone when they have been read, or after five minutes.
///
/// Templates have them as `flash`, a list of `kind` and `text`, without an argument of the handler; there they are read when
/// the template uses them. Messages that are added and read while one request is answered never become a cookie.
///
/// ```
/// use carafe::{App, Flash, Redirect, Result, get, post, routes};
///
/// #[post("/posts")]
/// fn create(flash: Flash) -> Result<Redirect> {
///     flash.success("Post created")?;
///     Ok(Redirect::to(index::url()))
/// }
///
/// #[get("/")]
/// fn index(flash: Flash) -> String {
///     flash.take().into_iter().map(|message| format!("{}: {}", message.kind, message.text)).collect()
/// }
///
/// let client = App::new().secret_from("APP_SECRET").routes(routes![create, index]).test();
/// assert_eq!(client.post("/posts").follow_redirects().send().text(), "success: Post created");
/// assert_eq!(client.get("/").send().text(), "");
/// ```
#[derive(Clone)]
pub struct Flash(Arc<Inner>);

/// A message of [`Flash`].
///
/// ```
/// use carafe::FlashMessage;
///
/// fn line(message: &FlashMessage) -> String {
///     format!("{}: {}", message.kind, message.text)
/// }
///
/// let saved = FlashMessage { kind: "success".to_owned(), text: "Saved".to_owned() };
/// assert_eq!(line(&saved), "success: Saved");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashMessage {
    /// What it is: `success`, `info`, `warning`, `error`, or a word of the app's own.
    pub kind: String,
    /// What it says.
    pub text: String,
}

struct Inner {
    cookies: Cookies,
    keys: Arc<Keys>,
    name: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The messages that are to be read: those that came, and those that were added. `None` before anybody asked.
    messages: Option<Vec<FlashMessage>>,
    /// True once a message was added or read.
    is_changed: bool,
    /// The cookie of the answer is decided.
    is_sent: bool,
}

impl Flash {
    /// Adds a message that something went well.
    ///
    /// # Errors
    ///
    /// All messages together have no room in a cookie: about 3,000 bytes of JSON.
    pub fn success(&self, text: impl Into<String>) -> Result {
        self.add("success", text)
    }

    /// Adds a message.
    ///
    /// # Errors
    ///
    /// As with [`Flash::success`].
    pub fn info(&self, text: impl Into<String>) -> Result {
        self.add("info", text)
    }

    /// Adds a warning.
    ///
    /// # Errors
    ///
    /// As with [`Flash::success`].
    pub fn warning(&self, text: impl Into<String>) -> Result {
        self.add("warning", text)
    }

    /// Adds a message that something went wrong.
    ///
    /// # Errors
    ///
    /// As with [`Flash::success`].
    pub fn error(&self, text: impl Into<String>) -> Result {
        self.add("error", text)
    }

    /// Adds a message of another kind.
    ///
    /// # Errors
    ///
    /// As with [`Flash::success`].
    pub fn add(&self, kind: impl Into<String>, text: impl Into<String>) -> Result {
        let mut state = self.lock();
        if state.is_sent {
            return Err(Error::from(std::io::Error::other("a flash message was added after they were sent")));
        }
        let mut messages = self.messages(&mut state).clone();
        messages.push(FlashMessage { kind: kind.into(), text: text.into() });
        let length = self.0.name.len() + self.value(&messages)?.len();
        if length > MOST_BYTES {
            let reason = format!("flash messages have {length} bytes as a cookie, and may have {MOST_BYTES}");
            return Err(Error::from(std::io::Error::other(reason)));
        }
        (state.messages, state.is_changed) = (Some(messages), true);
        Ok(())
    }

    /// Returns the messages, those that were just added, too. They are read now.
    #[must_use = "the messages are gone now"]
    pub fn take(&self) -> Vec<FlashMessage> {
        let mut state = self.lock();
        let messages = std::mem::take(self.messages(&mut state));
        if !messages.is_empty() {
            state.is_changed = true;
        }
        messages
    }

    /// Returns the messages as they are, reading those that came.
    fn messages<'s>(&self, state: &'s mut State) -> &'s mut Vec<FlashMessage> {
        state.messages.get_or_insert_with(|| self.came().unwrap_or_default())
    }

    fn came(&self) -> Option<Vec<FlashMessage>> {
        let Inner { cookies, keys, name, .. } = &*self.0;
        let value = cookies.get(name)?;
        let text = keys.all().find_map(|keys| verify(&keys.flash, name, value, now()))?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }

    /// Returns the cookie's value for messages.
    fn value(&self, messages: &[FlashMessage]) -> Result<String> {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(messages)?);
        let expires = now().saturating_add(LIFETIME.as_secs());
        Ok(sign(&self.0.keys.first()?.flash, &self.0.name, Some(expires), &text))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the messages of a request, shared by all that look at them.
    fn of(request: &Request) -> Result<Flash> {
        if let Some(flash) = request.get::<Flash>() {
            return Ok(flash);
        }
        let flash = Flash(Arc::new(Inner {
            cookies: request.cookies().clone(),
            keys: keys(request)?,
            name: names::of_flash(request),
            state: Mutex::default(),
        }));
        request.insert(flash.clone());
        Ok(flash)
    }
}

/// Delivers messages: with the answer to be read later, and to templates.
#[derive(Default)]
struct Delivery;

impl Feature for Delivery {
    fn attach(self, app: App) -> App {
        in_templates(app.around(delivered))
    }
}

async fn delivered(request: &Request, next: Next<'_>) -> Result<Response> {
    let mut response = next.run(request).await;
    if is_whole(&response) && send(request)? {
        keep_private(&mut response);
    }
    Ok(response)
}

/// Sends what is to be read later, and returns whether the answer has messages, or a cookie of them.
fn send(request: &Request) -> Result<bool> {
    let Some(flash) = request.get::<Flash>() else { return Ok(false) };
    let mut state = flash.lock();
    state.is_sent = true;
    let name = &*flash.0.name;
    match state.messages.as_deref() {
        Some([]) if state.is_changed && flash.0.cookies.get(name).is_some() => {
            flash.0.cookies.delete(name)?;
        }
        Some(messages @ [_, ..]) if state.is_changed => {
            let cookie = Cookie::new(name, flash.value(messages)?).max_age(LIFETIME);
            flash.0.cookies.set(cookie)?;
        }
        _ => {}
    }
    Ok(state.is_changed)
}

/// Gives templates the messages.
#[cfg(feature = "templates")]
fn in_templates(app: App) -> App {
    app.template_list("flash", |request: &Request| {
        let flash = Flash::of(request).ok();
        move || flash.as_ref().map(Flash::take).unwrap_or_default()
    })
}

#[cfg(not(feature = "templates"))]
fn in_templates(app: App) -> App {
    app
}

impl FromRequest<'_> for Flash {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Flash::of(request)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.extractor::<Cookies>();
        secret::require(requirements);
        requirements.attach::<Delivery>();
    }
}

/// Keeps the messages to itself: they may be about somebody.
impl std::fmt::Debug for Flash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flash")
    }
}
