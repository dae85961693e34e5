//! Items that the attributes refer to from a user's crate. Not an interface: any of it may change in any release.

mod clash;
mod link;
mod listed;

pub use clash::{Signpost, assert_distinct};
pub use link::{LinkValue, link};
pub use listed::{ListedCatchers, ListedRoutes};

pub use crate::argument::Requirements;
pub use crate::argument::catcher::CatcherArgument;
pub use crate::argument::place::{ByMethod, InForm, InPath, InQuery};
pub use crate::argument::probe::{
    Argument, Faults, FreeByMethod, FreeInForm, FreeInQuery, InRoute, InRouteQuery, Outcome, Plain, Unnamed,
};
pub use crate::catcher::{Catcher, Catchers};
pub use crate::error::Error;
pub use crate::folder::EmbeddedFile;
pub use crate::link::Link;
pub use crate::request::Request;
pub use crate::response::Response;
pub use crate::returned::failure::Cause;
pub use crate::returned::overrides::Overrides;
pub use crate::returned::peel::{Returned, Under};
pub use crate::returned::{nothing, own_text};
pub use crate::route::{Answering, Origin, PathValues, Route};
pub use crate::routes::Routes;
pub use crate::{
    __argument as argument, __argument_now as argument_now, __catcher_argument as catcher_argument,
    __catcher_requires as catcher_requires, __fits as fits, __reply as reply, __requires as requires,
    __unnamed as unnamed, __waits as waits,
};
#[cfg(feature = "embed")]
pub use carafe_macros::embed;
// The names stand in the compiler's message about a function without such an attribute.
pub use carafe_macros::{
    catchers as functions_with_an_attribute_such_as_catch, routes as functions_with_an_attribute_such_as_get,
};
pub use carafe_router::{Filter, Param, Pattern, Regex, Token};
pub use core;
pub use std;
pub use std::borrow::Cow;
pub use std::boxed::Box;
pub use std::fmt::Display;
pub use std::option::Option::{self, None, Some};
pub use std::primitive::bool;
pub use std::result::Result;

/// Assembles an app for carafe's own benchmarks, which feed it events.
///
/// # Errors
///
/// Every problem that [`App::check`](crate::App::check) would find.
pub fn assembled(app: &crate::App) -> Result<impl carafe_lambda::Service + use<>, crate::Problems> {
    crate::build::assemble(app, crate::app::Purpose::Deployment)
}

/// Every trait whose method generated code calls: which one answers is up to the type.
pub mod via {
    pub use crate::argument::catcher::{ViaFromError as _, ViaFromRequest as _, ViaUncaught as _};
    pub use crate::argument::misused::{
        ViaNamedExtractor as _, ViaStateOfUnshared as _, ViaStateReference as _, ViaUnreadable as _,
        ViaWrapped as _, ViaWrappedTwice as _,
    };
    pub use crate::argument::nothing::{
        ViaNoRequirement as _, ViaNoText as _, ViaNothingByMethod as _, ViaNothingInForm as _,
        ViaNothingInQuery as _,
    };
    pub use crate::argument::probe::{
        ViaDeserialize as _, ViaExtractor as _, ViaFromStr as _, ViaFromStrInside as _, ViaNotExtracted as _,
        ViaRequest as _, ViaUnnamed as _,
    };
    #[cfg(feature = "garde")]
    pub use crate::argument::valid::{ViaValidated as _, ViaValidatedUnnamed as _, ViaValidatedValue as _};
    pub use crate::returned::failure::{
        ViaAlone as _, ViaData as _, ViaError as _, ViaLocalError as _, ViaNoFailure as _, ViaNumber as _,
        ViaOurs as _, ViaResponder as _, ViaStatusTuple as _, ViaText as _, ViaTuple as _,
    };
    pub use crate::returned::peel::{ViaBare as _, ViaLayer as _};
    pub use crate::returned::response_or_json::{
        ViaJson as _, ViaNoReply as _, ViaResponse as _, ViaTupleBackwards as _,
    };
}
