//! HTTP basic authentication (RFC 7617): a name and a password with every request.

mod constant_time;
mod guard;

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::http::HeaderValue;
use crate::http::header::WWW_AUTHENTICATE;
use crate::{App, Csrf, Error, FromRequest, OptionalFromRequest, Request, Requirements, Result, abort};
use constant_time::same;
pub use guard::BasicGuard;

/// The name and the password that a browser asked its user for, or that a program sends.
///
/// As an argument it is what was sent and proves nothing: [`Basic::check`] it, or put a guard around the routes, which are
/// [`Basic::users`] and [`Basic::guard`]. Without a name and a password, or where they cannot be read, the answer is a 401
/// that makes browsers ask. An app that takes it is protected against [forms of other sites](App::csrf), because browsers
/// send the password along with those, too.
///
/// ```
/// use carafe::{App, Basic, Result, get, routes};
///
/// #[get("/report")]
/// fn report(login: Basic) -> Result<String> {
///     login.check("ann", "open sesame")?;
///     Ok(format!("All is well, {}", login.user()))
/// }
///
/// let client = App::new().realm("Staff").routes(routes![report]).test();
/// let refused = client.get("/report").send();
/// assert_eq!(refused.status(), 401);
/// assert_eq!(refused.header("www-authenticate"), Some(r#"Basic realm="Staff", charset="UTF-8""#));
/// let reply = client.get("/report").basic("ann", "open sesame").send();
/// assert_eq!(reply.text(), "All is well, ann");
/// ```
///
/// `Option<Basic>` is `None` where no name and password came.
#[derive(Clone)]
pub struct Basic {
    user: String,
    password: String,
    challenge: Challenge,
}

impl Basic {
    /// Returns the name, which may be any text without a colon.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Returns the password, to be compared with a hash, by a crate such as `argon2`. What is there as text is compared by
    /// [`Basic::check`], which takes as long for a good guess as for a bad one.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Refuses all but this name and password. The time it takes depends on what was sent, not on how much of it is right.
    ///
    /// # Errors
    ///
    /// The 401 of [`Basic::refused`].
    pub fn check(&self, user: &str, password: &str) -> Result {
        if self.is(user, password) { Ok(()) } else { Err(self.refused()) }
    }

    fn is(&self, user: &str, password: &str) -> bool {
        // Both are compared, whatever the first says.
        same(&self.user, user) & same(&self.password, password)
    }

    /// Makes the 401 that lets a browser ask again.
    pub fn refused(&self) -> Error {
        self.challenge.to_error("The name or the password is wrong")
    }
}

/// Shows the name and not the password.
impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").field("user", &self.user).finish_non_exhaustive()
    }
}

impl App {
    /// Names what a name and password of [`Basic`] are for: browsers send the same to all that has one name, and some show
    /// it. `Restricted` unless set; a guard may have [one of its own](BasicGuard::realm).
    pub fn realm(self, name: &str) -> App {
        match Challenge::new(name) {
            Some(challenge) => self.state(challenge),
            None => self.problem(problem_of_realm(name)),
        }
    }
}

fn problem_of_realm(name: &str) -> String {
    format!("`realm({name:?})`: the name of a realm is printable ASCII, because it is sent in a header")
}

/// The value of `www-authenticate`.
#[derive(Clone)]
struct Challenge(HeaderValue);

impl Challenge {
    fn new(realm: &str) -> Option<Challenge> {
        let is_sent = |char: char| char == ' ' || char.is_ascii_graphic();
        let quoted = realm.replace('\\', "\\\\").replace('"', "\\\"");
        // With the charset browsers send UTF-8 (RFC 7617 §2.1).
        let value = HeaderValue::try_from(format!("Basic realm=\"{quoted}\", charset=\"UTF-8\"")).ok();
        value.filter(|_| realm.chars().all(is_sent)).map(Challenge)
    }

    /// Returns that of the guard around a route, else of the app.
    fn of(request: &Request) -> Challenge {
        let of_app = || request.state::<Challenge>().map(|challenge| (*challenge).clone());
        request.get().or_else(of_app).unwrap_or_default()
    }

    fn to_error(&self, message: &'static str) -> Error {
        abort(401, message).with_header(WWW_AUTHENTICATE, self.0.clone())
    }
}

impl Default for Challenge {
    fn default() -> Challenge {
        Challenge(HeaderValue::from_static("Basic realm=\"Restricted\", charset=\"UTF-8\""))
    }
}

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns the credentials of a header's value: `None` where it is of another kind, and of this kind but unreadable a `None`
/// inside.
fn read(header: &str) -> Option<Option<(String, String)>> {
    let (scheme, credentials) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64.decode(credentials.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = decoded.and_then(|text| {
        let (user, password) = text.split_once(':')?;
        (!text.contains(char::is_control)).then(|| (user.to_owned(), password.to_owned()))
    });
    Some(pair)
}

impl FromRequest<'_> for Basic {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        let missing = || Challenge::of(request).to_error("This takes a name and a password");
        Basic::from_request_optional(request).await?.ok_or_else(missing)
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.attach::<Csrf>();
    }
}

impl OptionalFromRequest<'_> for Basic {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        let Some(sent) = request.header("authorization").and_then(read) else { return Ok(None) };
        let challenge = Challenge::of(request);
        match sent {
            Some((user, password)) => Ok(Some(Basic { user, password, challenge })),
            None => Err(challenge.to_error("The name and the password cannot be read")),
        }
    }
}
