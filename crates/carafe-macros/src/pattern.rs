//! Questions of the macros to a parsed pattern, and the pattern written down as a constant.

use carafe_router::{Filter, Param, Pattern, Token};
use proc_macro2::TokenStream;
use quote::quote;

/// The names of the path's parameters, in order: an argument's index is its place here.
pub(crate) fn path_names(pattern: &Pattern) -> Vec<&str> {
    pattern.params().map(|param| &*param.name).collect()
}

/// The names of the path's and the query's parameters.
pub(crate) fn names(pattern: &Pattern) -> Vec<&str> {
    path_names(pattern).into_iter().chain(pattern.query_params()).collect()
}

/// Returns where the name of a parameter stands in the text of a pattern.
pub(crate) fn place_of(text: &str, name: &str) -> std::ops::Range<usize> {
    let found = text.match_indices(name).find(|(at, _)| {
        let before = text.get(..*at).is_some_and(|text| text.ends_with('<') && !text.ends_with("\\<"));
        let after = text.get(at + name.len()..).is_some_and(|text| text.starts_with(['>', ':']));
        before && after
    });
    found.map_or(0..text.len(), |(at, _)| at..at + name.len())
}
/// Returns whether both accept the same paths, whatever the types of their arguments.
pub(crate) fn same(one: &Pattern, other: &Pattern) -> bool {
    one.shape() == other.shape()
}

/// Returns a hash of the requests that a route answers, to tell routes apart.
pub(crate) fn shape(method: &str, pattern: &Pattern, typed: &[usize]) -> u64 {
    pattern.clone().with_typed(typed).route_shape(method)
}

/// The pattern as a constant, so that nothing is parsed when a function starts.
pub(crate) fn tokens(pattern: &Pattern, typed: &[usize]) -> TokenStream {
    let text = pattern.as_str();
    let pattern = pattern.clone().with_typed(typed);
    let tokens = pattern.tokens().iter().map(|token| match token {
        Token::Text(text) => {
            let text = &**text;
            quote!(__carafe::Token::Text(__carafe::Cow::Borrowed(#text)))
        }
        Token::Query(name) => {
            let name = &**name;
            quote!(__carafe::Token::Query(__carafe::Cow::Borrowed(#name)))
        }
        Token::Param(param) => self::param(param),
        _ => unknown(),
    });
    // A constant of their own: what a function has made lives on only there.
    quote! {
        __carafe::Pattern::from_static(#text, {
            const TOKENS: &[__carafe::Token] = &[#(#tokens),*];
            TOKENS
        })
    }
}

fn param(param: &Param) -> TokenStream {
    let (name, typed) = (&*param.name, param.typed);
    let filter = match &param.filter {
        Filter::None => quote!(None),
        Filter::Int => quote!(Int),
        Filter::Float => quote!(Float),
        Filter::Path => quote!(Path),
        Filter::Re(regex) => {
            let regex = regex.as_str();
            quote!(Re(__carafe::Regex::from_static(#regex)))
        }
        _ => return unknown(),
    };
    quote! {
        __carafe::Token::Param(__carafe::Param::from_static(#name, __carafe::Filter::#filter, #typed))
    }
}

/// Refuses what only a newer carafe-router can parse.
fn unknown() -> TokenStream {
    quote!(__carafe::core::compile_error!("carafe-macros and carafe-router are of different versions"))
}
