//! Turns what a handler returns into an answer.
//!
//! [`__reply!`](crate::__reply) takes the value apart layer by layer: a `Result`, an `Option`, a tuple of status, media
//! type and headers ([`peel`]). What is left ([`response_or_json`]) is a [`Responder`](crate::Responder), else anything
//! `Serialize` as JSON. An `Err` goes its own way ([`failure`]). What the tuples said is applied last ([`overrides`]).
//!
//! The compiler chooses at each step by the concrete type: a method is looked up on a nest of references, look-up takes
//! off one reference after the other, and of the traits that fit the type the one for the deepest nest wins. So the
//! number of `&` in the macro is one more than that of the first trait in each file; nowhere else is it written.

// The traits and their methods are the ladders of the modules' docs; each does what its name says.
#![allow(missing_docs, reason = "hidden from users; the ladders are explained above")]

pub(crate) mod failure;
pub(crate) mod overrides;
pub(crate) mod peel;
pub(crate) mod response_or_json;

use http::StatusCode;

use crate::error::Error;
use crate::response::{Response, typed};

/// Makes what `None` answers.
pub fn nothing() -> Error {
    Error::bare(StatusCode::NOT_FOUND)
}

/// Makes the answer of a handler that says literally `-> &'static str`: only the author's own text fits that, so it
/// needs no policy against scripts.
pub fn own_text(text: &'static str) -> Response {
    // Without a copy: the text is part of the program.
    typed("text/html; charset=UTF-8", text)
}

/// Turns a returned value into `Result<Response>`, inside a function that has the traits of
/// `__private::via` in scope. `layers` is how deep to look for `Result`, `Option` and tuples: as many `.` as layers.
#[doc(hidden)]
#[macro_export]
macro_rules! __reply {
    ($request:ident, $overrides:ident, $value:ident, []) => {
        (&&&$crate::__private::Returned::of(&$value)).__carafe_answer().respond($value, $request, $overrides)
    };
    ($request:ident, $overrides:ident, $value:ident, [. $($layers:tt)*]) => {
        match (&&$crate::__private::Returned::of(&$value)).__carafe_layer().peel($value, &mut $overrides) {
            $crate::__private::Under::Value($value) => {
                $crate::__reply!($request, $overrides, $value, [$($layers)*])
            }
            $crate::__private::Under::Nothing => {
                $crate::__private::Result::Err($crate::__private::nothing())
            }
            $crate::__private::Under::Failure($value) => {
                let mut $overrides = $crate::__private::Overrides::new();
                let ($value, __carafe_failed) =
                    (&&&$crate::__private::Cause::of(&$value)).__carafe_cause().split($value, &mut $overrides);
                (&&&&&&&__carafe_failed).__carafe_failure().respond($value, $request, $overrides)
            }
        }
    };
}
