//! The request, as templates see it: what they need to know of the page's address and its client.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Object, Value, from_args};
use minijinja::{ErrorKind, State};

use crate::request::Request;

/// The variable `request` of all templates: that of the page which is being made.
pub(super) struct Asked {
    /// Returns the request of the page.
    pub(super) request: fn() -> Option<Rc<Request>>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked")
    }
}

impl Object for Asked {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let request = (self.request)()?;
        Some(match key.as_str()? {
            "method" => Value::from(request.method().as_str()),
            "path" => Value::from(request.path()),
            "raw_query" => Value::from(&*request.raw_query()),
            "host" => Value::from(request.host()),
            "is_https" => Value::from(request.is_https()),
            "route" => Value::from(request.route()),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, minijinja::Error> {
        let Some(request) = (self.request)() else { return Ok(Value::UNDEFINED) };
        let read: fn(&Request, &str) -> Option<String> = match method {
            "header" => |request, name| request.header(name).map(str::to_owned),
            "query" => |request, name| request.query(name).map(str::to_owned),
            "param" => |request, name| request.param(name).map(str::to_owned),
            _ => {
                let known = "header(name), query(name) and param(name)";
                let message = format!("`request` has no method {method:?}; it has {known}");
                return Err(minijinja::Error::new(ErrorKind::UnknownMethod, message));
            }
        };
        let (name,): (&str,) = from_args(args)?;
        // What is not there is `none`, which a page may ask for.
        Ok(Value::from(read(&request, name)))
    }
}
