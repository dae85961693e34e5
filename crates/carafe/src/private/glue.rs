//! The few functions and names that generated code calls.

use crate::response::typed;
use crate::value::Field;

pub use crate::error::Error;
pub use crate::extract::{FromRequest, Need};
pub use crate::reply::Parts;
pub use crate::reply::fail::Cause;
pub use crate::reply::layer::{Probe, Under};
pub use crate::reply::leaf::nothing;
pub use crate::request::Request;
pub use crate::response::Response;
pub use crate::route::{BoxFuture, CatchHandler, Catcher, Handler, Origin, PathValues, Route};
pub use crate::value::caught::CatchArg;
pub use crate::value::tiers::{Arg, Slot};
pub use crate::value::{ByMethod, InForm, InPath, InQuery};
pub use carafe_router::{Filter, Param, Pattern, Regex, Token};
pub use std::borrow::Cow;
pub use std::boxed::Box;
pub use std::fmt::Display;
pub use std::option::Option::{self, None, Some};
pub use std::primitive::bool;
pub use std::result::Result;
pub use std::string::String;

/// Every trait whose method generated code calls: which one answers is up to the type.
pub mod via {
    pub use crate::reply::fail::{
        ViaAnyJson as _, ViaError as _, ViaLocalError as _, ViaMeantJson as _, ViaNoFailure as _,
        ViaOurs as _, ViaReply as _, ViaText as _, ViaTuple as _, ViaWhole as _,
    };
    pub use crate::reply::layer::{ViaBare as _, ViaLayer as _};
    pub use crate::reply::leaf::{ViaJson as _, ViaNoReply as _, ViaResponse as _};
    pub use crate::value::caught::{ViaFailure as _, ViaFromRequest as _, ViaUncaught as _};
    pub use crate::value::tiers::{
        ViaDeserialize as _, ViaExtractor as _, ViaFromStr as _, ViaFromStrInside as _, ViaNoText as _,
        ViaNothing as _, ViaValue as _,
    };
}

/// The piece of the path at `index`, for the question whether a typed argument fits.
#[must_use]
pub fn piece<'a>(values: &PathValues<'a>, index: usize, name: &'static str) -> Field<'a> {
    Field::one(name, values.get(index))
}

/// The answer of a handler that says literally `-> &'static str`: only the author's own text fits that, so it needs
/// no policy against scripts.
///
/// # Errors
///
/// None in practice; a page is always a response.
pub fn own_text(text: &'static str) -> Result<Response, Error> {
    // Without a copy: the text is part of the program.
    Ok(typed("text/html; charset=UTF-8", text))
}

/// The URL of a function's first route.
#[must_use]
pub fn url(routes: &[Route], values: &[&dyn Display]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    routes.first().map(|route| route.pattern.url(&values)).unwrap_or_default()
}
