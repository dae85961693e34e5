//! Sessions, flash messages, signed and encrypted cookies, with the feature `sessions`. All are under one secret.
//!
//! [`secret`] derives keys, [`envelope`] makes values with them, [`names`] are those of the cookies; [`cookies`] are those of
//! users, [`signer`] signs other texts; [`state`] is a request's session, which [`session`] shows with its type; [`store`] is where sessions are that are
//! not in the cookie; [`flash`] and [`login`] are what forms and guards need; [`answer`] is what is done to answers.

mod answer;
mod cookies;
mod envelope;
mod flash;
mod login;
mod names;
mod secret;
mod session;
mod signer;
mod state;
mod store;

use std::time::Duration;

pub use cookies::{EncryptedCookies, SignedCookies};
pub use flash::{Flash, FlashMessage};
pub use login::{LoggedIn, LoginRequired};
pub use session::Session;
pub use signer::Signer;
pub use store::{MemoryStore, SessionStore};

use crate::{App, Variable};
use names::Name;
use secret::Keys;
use state::Lifetime;
use store::Shared;

/// 400 days.
const MOST_SECONDS: u64 = 400 * 24 * 60 * 60;

impl App {
    /// Names the variable of the environment that holds the app's secret, for [`Session`], [`Flash`], [`SignedCookies`],
    /// [`EncryptedCookies`] and [`Signer`]: base64 of at least 32 random bytes, as `openssl rand -base64 32` prints it. Of several, separated
    /// by commas, the first writes and all read.
    ///
    /// On Lambda, and in [`App::into_service`], a missing secret or one that is too short is an error at start. `serve` makes
    /// one for all copies of the function if there is none, and says so. [`App::test`] has one of its own.
    pub fn secret_from(self, name: impl Into<String>) -> App {
        let variable = Variable {
            name: name.into(),
            help: secret::HELP,
            read: Keys::read,
            locally: secret::make,
            in_tests: secret::IN_TESTS,
        };
        self.variable(variable)
    }

    /// Gives the app a secret that was read elsewhere, from AWS Secrets Manager perhaps: the same text that
    /// [`App::secret_from`] finds in a variable, over which it wins.
    ///
    /// ```
    /// # use carafe::App;
    /// async fn app() -> carafe::Result<App> {
    ///     let secret = std::fs::read_to_string("/run/secrets/app")?;
    ///     Ok(App::new().secret(&secret))
    /// }
    /// ```
    pub fn secret(self, text: &str) -> App {
        match Keys::read(text) {
            Ok(keys) => self.state(keys),
            Err(clause) => {
                // With a problem it is never assembled; who needs a secret need not complain as well.
                let app = Keys::read(secret::IN_TESTS).into_iter().fold(self, App::state);
                app.problem(format!("what `App::secret` got {clause}: it must be {}", secret::HELP))
            }
        }
    }

    /// Sets how long a session lasts; two weeks unless set. One that is used is prolonged when half of that is over, so it
    /// ends between half of this time and all of it after its last use. 400 days is the most, as browsers keep no cookie
    /// longer.
    pub fn session_lifetime(self, lifetime: Duration) -> App {
        if !(1..=MOST_SECONDS).contains(&lifetime.as_secs()) {
            return self.problem("`App::session_lifetime` has to be between a second and 400 days");
        }
        self.state(Lifetime(lifetime))
    }

    /// Names the session's cookie, for several apps on one host; `session` unless set. Over HTTPS `__Host-` stands in front
    /// of it. The cookie of [`Flash`] is called the same with `-flash` behind it; `flash` unless set.
    pub fn session_name(self, name: &str) -> App {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            return self
                .problem(format!("`App::session_name`: `{name}` is not made of letters, digits and `-_.`"));
        }
        if ["__host-", "__secure-"].iter().any(|prefix| name.to_ascii_lowercase().starts_with(prefix)) {
            return self
                .problem(format!("`App::session_name`: `{name}` has a prefix, which carafe adds by itself"));
        }
        self.state(Name(name.to_owned()))
    }

    /// Keeps sessions in a store, and in the cookie only an id: see [`SessionStore`].
    pub fn session_store(self, store: impl SessionStore) -> App {
        self.state(Shared::new(store))
    }
}
