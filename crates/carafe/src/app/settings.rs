//! The app's switches.

use std::time::Duration;

use super::App;
use crate::oversize::{Oversize, OversizeStore};

/// The values of the switches.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) tolerate_trailing_slash: bool,
    pub(crate) trusted_proxies: usize,
    pub(crate) assume_https: bool,
    pub(crate) problem_details: bool,
    pub(crate) options: carafe_lambda::Options,
}

impl App {
    /// Lets `/posts/` find `/posts` and the other way round; off unless set.
    pub fn tolerate_trailing_slash(mut self, tolerate: bool) -> App {
        self.settings.tolerate_trailing_slash = tolerate;
        self
    }

    /// Sets how many proxies of one's own stand in front of the load balancer (a CDN: 1), for
    /// [`ClientIp`](crate::ClientIp); none unless set.
    pub fn trusted_proxies(mut self, proxies: usize) -> App {
        self.settings.trusted_proxies = proxies;
        self
    }

    /// Takes every request for one that the client made over HTTPS, for a load balancer whose listener speaks HTTP behind
    /// something that ends HTTPS, such as a CDN; off unless set. It decides [`Request::is_https`](crate::Request::is_https),
    /// and with it what cookies look like.
    ///
    /// ```
    /// use carafe::{App, Request, get, routes};
    ///
    /// #[get("/")]
    /// fn index(request: &Request) -> bool {
    ///     request.is_https()
    /// }
    ///
    /// let app = App::new().routes(routes![index]);
    /// assert_eq!(app.test().plain_http().get("/").send().text(), "false");
    /// assert_eq!(app.assume_https(true).test().plain_http().get("/").send().text(), "true");
    /// ```
    pub fn assume_https(mut self, assume: bool) -> App {
        self.settings.assume_https = assume;
        self
    }

    /// Answers errors as problem documents (RFC 9457) where they would be JSON; off unless set.
    ///
    /// ```
    /// use carafe::App;
    ///
    /// let reply = App::new().problem_details(true).test().get("/lost").send();
    /// assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    /// let document: serde_json::Value = reply.json();
    /// assert_eq!((&document["status"], &document["title"]), (&404.into(), &"Not Found".into()));
    /// ```
    pub fn problem_details(mut self, problems: bool) -> App {
        self.settings.problem_details = problems;
        let errors = carafe_lambda::ErrorSettings::default().problem_details(problems);
        self.settings.options = self.settings.options.errors(errors);
        self
    }

    /// Sets how long before Lambda's deadline a 504 is sent in place of the handler's answer, and unfinished work
    /// [`After`](crate::After) the answer is dropped; 250 ms unless set.
    ///
    /// ```
    /// use std::time::Duration;
    /// use carafe::App;
    ///
    /// let app = App::new().deadline_margin(Duration::from_secs(1)); // time to roll back
    /// # drop(app);
    /// ```
    pub fn deadline_margin(mut self, margin: Duration) -> App {
        self.settings.options = self.settings.options.deadline_margin(margin);
        self
    }

    /// Registers the function as an internal extension before its first event, so that Lambda sends SIGTERM before it ends the
    /// process; off unless set. [`run`](crate::run) then returns when the current request is answered, and `main` has a
    /// moment for the rest, 500 ms in all.
    pub fn graceful_shutdown(mut self, register: bool) -> App {
        self.settings.options = self.settings.options.graceful_shutdown(register);
        self
    }

    /// Lets a panic, and an error that only the log may read, fail the Lambda invocation, for those who alarm on
    /// Lambda's error metric. The client then sees the load balancer's 502. An error of 4xx fails nothing: it is the
    /// client's. Off unless set.
    pub fn fail_invocation(mut self, fail: bool) -> App {
        self.settings.options = self.settings.options.fail_on_error(fail);
        self
    }

    /// Stores answers that a load balancer would refuse, because their JSON is longer than 1 MB: an async function puts the bytes
    /// somewhere and returns where, and the client is sent there with a 303. Cookies and the headers of middleware go with it.
    ///
    /// Without it the client gets a 500, and the log says which route it was; where the function fails, the client gets its error, with
    /// the headers of the answer. A piece of an answer (206) is never stored, because the client would ask for a piece of that.
    ///
    /// ```
    /// use carafe::{App, Request, Response, Result, get, routes};
    ///
    /// async fn store(request: &Request, answer: &Response) -> Result<String> {
    ///     let key = request.context().request_id.clone();
    ///     // let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    ///     // let (kind, coding) = (header("content-type"), header("content-encoding")); // of `Gzip`, which compressed it
    ///     // let object = s3.put_object().bucket("answers").key(&key).body(answer.body().bytes().clone().into());
    ///     // object.set_content_type(kind).set_content_encoding(coding).send().await?;
    ///     Ok(format!("https://answers.example.com/{key}"))
    /// }
    ///
    /// #[get("/export")]
    /// fn export() -> Vec<u8> {
    ///     vec![0; 2_000_000]
    /// }
    ///
    /// let reply = App::new().routes(routes![export]).oversize(store).test().get("/export").send();
    /// assert_eq!(reply.status(), 303);
    /// assert!(reply.header("location").unwrap().starts_with("https://answers.example.com/"));
    /// ```
    pub fn oversize(mut self, store: impl for<'r> OversizeStore<'r>) -> App {
        self.oversize = Some(Oversize::new(store));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_run_loop_is_told() {
        let told = |app: App| app.settings.options;
        let options = carafe_lambda::Options::default;
        assert_eq!(told(App::new()), options());
        assert_eq!(told(App::new().graceful_shutdown(true)), options().graceful_shutdown(true));
        assert_ne!(options().graceful_shutdown(true), options());
        assert_eq!(told(App::new().fail_invocation(true)), options().fail_on_error(true));
        let margin = Duration::from_secs(2);
        assert_eq!(told(App::new().deadline_margin(margin)), options().deadline_margin(margin));
        let all = App::new().graceful_shutdown(true).tolerate_trailing_slash(true).fail_invocation(true);
        assert_eq!(told(all), options().graceful_shutdown(true).fail_on_error(true));
    }
}
