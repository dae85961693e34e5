//! Functions that templates have without a handler's doing.

use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::error::{Error, Result, words};
use crate::request::Request;

/// Calls a function for the request it was prepared for.
type Call = Box<dyn Fn(&str) -> Result<Value>>;

/// The name of a function, and what prepares it for a request.
pub(super) type Prepare = (&'static str, Arc<dyn Fn(&Request) -> Call + Send + Sync>);

/// Turns a function into one of any type.
pub(super) fn prepare<F, T>(
    name: &'static str,
    function: impl Fn(&Request) -> F + Send + Sync + 'static,
) -> Prepare
where
    F: Fn(&str) -> Result<T> + 'static,
    T: Serialize,
{
    let prepare = move |request: &Request| -> Call {
        let function = function(request);
        Box::new(move |argument| function(argument).map(|value| Value::from(Serde(value))))
    };
    (name, Arc::new(prepare))
}

/// The functions of a page.
#[derive(Clone, Default)]
pub(super) struct Functions(Rc<[(&'static str, Call)]>);

impl Functions {
    pub(super) fn of(all: &[Prepare], request: &Request) -> Functions {
        Functions(all.iter().map(|(name, prepare)| (*name, prepare(request))).collect())
    }

    /// Calls the function of this name.
    pub(super) fn call(&self, name: &str, argument: &str) -> Result<Value, minijinja::Error> {
        match self.0.iter().find(|(own, _)| *own == name) {
            Some((_, call)) => call(argument).map_err(|error| failed(&error)),
            None => Ok(Value::UNDEFINED),
        }
    }
}

/// Makes an error of carafe one of the page, with all of its causes.
fn failed(error: &Error) -> minijinja::Error {
    let reason = error.source().map_or_else(|| error.message().to_owned(), words);
    minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, reason)
}
