//! The code that takes a returned value apart, in the user's crate, where its type is concrete.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

/// How many layers of `Result`, `Option` and tuples a returned value can have. Four is what a type alias for
/// `Result<Option<(StatusCode, T)>, E>` leaves one to spare for.
const DEPTH: usize = 4;

/// Where errors about the returned type are shown: at the type.
pub(crate) fn span(output: &ReturnType, name: Span) -> Span {
    let at = match output {
        ReturnType::Default => name,
        ReturnType::Type(_, ty) => ty.span(),
    };
    Span::mixed_site().located_at(at)
}

/// Whether the returned value certainly has no layers: neither a reference nor a number can be an alias for a
/// `Result`.
pub(crate) fn is_bare(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(&**ty, Type::Reference(_)) || crate::signature::is_primitive(ty),
    }
}

/// An expression for the answer, from `__carafe_out` and `__carafe_parts`.
pub(crate) fn answer(output: &ReturnType, span: Span) -> TokenStream {
    peel(if is_bare(output) { 0 } else { DEPTH }, span)
}

fn peel(depth: usize, span: Span) -> TokenStream {
    if depth == 0 {
        return quote_spanned! {span=>
            __carafe_parts.dress((&&&__carafe::Probe::of(&__carafe_out)).leaf().respond(__carafe_out))
        };
    }
    let under = peel(depth - 1, span);
    quote_spanned! {span=>
        match (&__carafe::Probe::of(&__carafe_out)).layer().peel(__carafe_out, &mut __carafe_parts) {
            __carafe::Under::Value(__carafe_out) => { #under }
            __carafe::Under::Nothing => __carafe::Result::Err(__carafe::nothing()),
            __carafe::Under::Failure(__carafe_out) => {
                let mut __carafe_parts = __carafe::Parts::new();
                let (__carafe_out, __carafe_failed) =
                    (&__carafe::Cause::of(&__carafe_out)).cause().split(__carafe_out, &mut __carafe_parts);
                (&&&&&&&__carafe_failed).failure().respond(__carafe_out, __carafe_parts)
            }
        }
    }
}
