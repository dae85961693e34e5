//! What the macros ask a parsed pattern, and how a pattern is written down as a constant.

use carafe_router::{Filter, Param, Pattern, Segment};
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

/// Where the name of a parameter stands in the rule.
pub(crate) fn place_of(rule: &str, name: &str) -> std::ops::Range<usize> {
    let found = rule.match_indices(name).find(|(at, _)| {
        let before = rule.get(..*at).is_some_and(|text| text.ends_with('<') && !text.ends_with("\\<"));
        let after = rule.get(at + name.len()..).is_some_and(|text| text.starts_with(['>', ':']));
        before && after
    });
    found.map_or(0..rule.len(), |(at, _)| at..at + name.len())
}
/// Whether both accept the same paths, whatever their arguments' types are.
pub(crate) fn same(one: &Pattern, other: &Pattern) -> bool {
    one.shape() == other.shape()
}

/// A number for method and shape, equal for two routes exactly when they answer the same requests.
pub(crate) fn shape(method: &str, pattern: &Pattern, typed: &[usize]) -> u64 {
    let shape = pattern.clone().with_typed(typed).shape();
    method.bytes().fold(shape, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The pattern as a constant, so that nothing is parsed when a function starts.
pub(crate) fn tokens(pattern: &Pattern, typed: &[usize]) -> TokenStream {
    let source = pattern.source();
    let pattern = pattern.clone().with_typed(typed);
    let segments = pattern.segments().iter().map(|segment| match segment {
        Segment::Text(text) => {
            let text = &**text;
            quote!(__carafe::Segment::Text(__carafe::Cow::Borrowed(#text)))
        }
        Segment::Query(name) => {
            let name = &**name;
            quote!(__carafe::Segment::Query(__carafe::Cow::Borrowed(#name)))
        }
        Segment::Param(param) => self::param(param),
    });
    // A constant of their own: what a function has made lives on only there.
    quote! {
        __carafe::Pattern::from_static(#source, {
            const SEGMENTS: &[__carafe::Segment] = &[#(#segments),*];
            SEGMENTS
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
        Filter::Re(expression) => {
            let expression = expression.text();
            quote!(Re(__carafe::Expression::from_static(#expression)))
        }
    };
    quote! {
        __carafe::Segment::Param(__carafe::Param {
            name: __carafe::Cow::Borrowed(#name),
            filter: __carafe::Filter::#filter,
            typed: #typed,
        })
    }
}
