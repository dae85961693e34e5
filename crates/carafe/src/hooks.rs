//! What runs before and after every request.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::Response;

/// What a hook before the route may give back: nothing to go on, an error or a response to answer at once.
pub trait BeforeReply {
    /// `None` goes on.
    ///
    /// # Errors
    ///
    /// The error to answer with.
    fn into_early(self) -> Result<Option<Response>>;
}

impl BeforeReply for () {
    fn into_early(self) -> Result<Option<Response>> {
        Ok(None)
    }
}

impl BeforeReply for Option<Response> {
    fn into_early(self) -> Result<Option<Response>> {
        Ok(self)
    }
}

impl<T: BeforeReply, E: Into<Error>> BeforeReply for Result<T, E> {
    fn into_early(self) -> Result<Option<Response>> {
        self.map_err(Into::into)?.into_early()
    }
}

type Before = Arc<dyn Fn(&Request) -> Result<Option<Response>> + Send + Sync>;
type After = Arc<dyn Fn(&Request, &mut Response) + Send + Sync>;

/// All hooks of an app.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    before: Vec<Before>,
    after: Vec<After>,
}

impl Hooks {
    pub(crate) fn add_before<R: BeforeReply>(
        &mut self,
        hook: impl Fn(&Request) -> R + Send + Sync + 'static,
    ) {
        self.before.push(Arc::new(move |request| hook(request).into_early()));
    }

    pub(crate) fn add_after(&mut self, hook: impl Fn(&Request, &mut Response) + Send + Sync + 'static) {
        self.after.push(Arc::new(hook));
    }

    /// In the order they were added, until one answers.
    pub(crate) fn before(&self, request: &Request) -> Result<Option<Response>> {
        for hook in &self.before {
            if let Some(response) = hook(request)? {
                return Ok(Some(response));
            }
        }
        Ok(None)
    }

    /// The last added first, as layers around the handler.
    pub(crate) fn after(&self, request: &Request, response: &mut Response) {
        for hook in self.after.iter().rev() {
            hook(request, response);
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("before", &self.before.len()).field("after", &self.after.len()).finish()
    }
}
