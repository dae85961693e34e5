//! Basic authentication around routes.

use std::fmt;

use super::{Basic, Challenge, problem_of_realm};
use crate::{Csrf, FromRequest as _, Middleware, Next, Request, Requirements, Response, Result};

/// A guard that lets only requests through whose name and password are right: middleware for an app or a group.
///
/// Made by [`Basic::users`] or [`Basic::guard`]. The handlers inside may take [`Basic`] to know the name.
///
/// ```
/// use carafe::{App, Basic, get, routes};
///
/// #[get("/report")]
/// fn report(login: Basic) -> String {
///     format!("All is well, {}", login.user())
/// }
///
/// let guard = Basic::guard(|login| login.check("ann", "open sesame").is_ok());
/// let client = App::new().around(guard).routes(routes![report]).test();
/// assert_eq!(client.get("/report").send().status(), 401);
/// let reply = client.get("/report").basic("ann", "open sesame").send();
/// assert_eq!(reply.text(), "All is well, ann");
/// ```
pub struct BasicGuard {
    check: Box<dyn Fn(&Basic) -> bool + Send + Sync>,
    realm: Option<Challenge>,
    /// A clause about wrong settings, for [`App::check`](crate::App::check).
    problem: Option<String>,
}

impl Basic {
    /// Makes a guard with names and passwords as they are, such as from the environment. A password that is empty is an error
    /// when the app is assembled.
    ///
    /// ```
    /// use carafe::{App, Basic, get, routes};
    ///
    /// #[get("/report")]
    /// fn report(login: Basic) -> String {
    ///     format!("All is well, {}", login.user())
    /// }
    ///
    /// # let password = "open sesame";
    /// let staff = routes![report].around(Basic::users([("ann", password)]));
    /// let client = App::new().mount("/staff", staff).test();
    /// assert_eq!(client.get("/staff/report").send().status(), 401);
    /// let reply = client.get("/staff/report").basic("ann", "open sesame").send();
    /// assert_eq!(reply.text(), "All is well, ann");
    /// ```
    pub fn users<U: Into<String>, P: Into<String>>(users: impl IntoIterator<Item = (U, P)>) -> BasicGuard {
        let users: Vec<(String, String)> =
            users.into_iter().map(|(user, password)| (user.into(), password.into())).collect();
        let open = users.iter().find(|(user, password)| password.is_empty() || user.contains(':'));
        let problem = open.map(|(user, password)| match password.as_str() {
            "" => format!("`Basic::users`: the password of `{user}` is empty"),
            _ => format!("`Basic::users`: no client can send the name `{user}`, because of its colon"),
        });
        // All of them, whichever it is.
        let check = move |login: &Basic| {
            users.iter().fold(false, |found, (user, password)| found | login.is(user, password))
        };
        BasicGuard { problem, ..Basic::guard(check) }
    }

    /// Makes a guard that asks a function whether a name and a password are right, such as one that compares a hash.
    ///
    /// ```
    /// use carafe::{App, Basic, get, routes};
    ///
    /// /// The hash of a password that nobody has: an unknown name takes as long as a wrong password.
    /// const DUMMY: &str = "$argon2id$…";
    ///
    /// # fn hash_of(user: &str) -> Option<String> { Some("?".to_owned()) }
    /// # fn verify(password: &str, hash: &str) -> bool { false }
    /// fn is_staff(login: &Basic) -> bool {
    ///     let hash = hash_of(login.user());
    ///     let is_right = verify(login.password(), hash.as_deref().unwrap_or(DUMMY));
    ///     is_right && hash.is_some()
    /// }
    ///
    /// #[get("/report")]
    /// fn report() -> &'static str {
    ///     "All is well"
    /// }
    ///
    /// let app = App::new().mount("/staff", routes![report].around(Basic::guard(is_staff).realm("Staff")));
    /// # assert_eq!(app.test().get("/staff/report").basic("a", "b").send().status(), 401);
    /// ```
    pub fn guard(check: impl Fn(&Basic) -> bool + Send + Sync + 'static) -> BasicGuard {
        BasicGuard { check: Box::new(check), realm: None, problem: None }
    }
}

impl BasicGuard {
    /// Names what the names and passwords are for, in place of [`App::realm`](crate::App::realm).
    #[must_use]
    pub fn realm(mut self, name: &str) -> BasicGuard {
        match Challenge::new(name) {
            Some(challenge) => self.realm = Some(challenge),
            None => self.problem = Some(problem_of_realm(name)),
        }
        self
    }
}

impl Middleware for BasicGuard {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        if let Some(challenge) = &self.realm {
            request.insert(challenge.clone());
        }
        let login = Basic::from_request(request).await?;
        if !(self.check)(&login) {
            return Err(login.refused());
        }
        Ok(next.run(request).await)
    }

    fn requires(&self, requirements: &mut Requirements<'_>) {
        requirements.attach::<Csrf>();
        if let Some(problem) = &self.problem {
            requirements.problem(problem.clone());
        }
    }
}

impl fmt::Debug for BasicGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicGuard").finish_non_exhaustive()
    }
}
