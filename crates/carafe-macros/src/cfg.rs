//! `#[cfg(…)]` on arguments and list entries.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// The condition under which something is there; empty where it always is.
#[derive(Clone, Default)]
pub(crate) struct Cfg(Vec<TokenStream>);

impl Cfg {
    /// Reads the `#[cfg(…)]` among attributes, also those inside `#[cfg_attr(…, cfg(…))]`.
    pub(crate) fn of(attributes: &[Attribute]) -> Cfg {
        let mut conditions = Vec::new();
        for attribute in attributes {
            let Meta::List(list) = &attribute.meta else { continue };
            if list.path.is_ident("cfg") {
                conditions.push(list.tokens.clone());
            } else if list.path.is_ident("cfg_attr") {
                conditions.extend(inside(list.tokens.clone()));
            }
        }
        Cfg(conditions)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the attribute that leaves its item out where the condition is not met.
    pub(crate) fn attribute(&self) -> TokenStream {
        let conditions = &self.0;
        if self.is_empty() { TokenStream::new() } else { quote!(#[cfg(all(#(#conditions),*))]) }
    }

    /// Returns the attribute for what takes its place then.
    pub(crate) fn opposite(&self) -> TokenStream {
        let conditions = &self.0;
        quote!(#[cfg(not(all(#(#conditions),*)))])
    }
}

/// Reads `P, cfg(Q), …` of a `cfg_attr`: there unless `P` holds and `Q` does not.
fn inside(tokens: TokenStream) -> Vec<TokenStream> {
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    let Ok(metas) = parser.parse2(tokens) else { return Vec::new() };
    let mut metas = metas.into_iter();
    let Some(when) = metas.next() else { return Vec::new() };
    let conditions = metas.filter_map(|meta| match meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens;
            Some(quote!(any(not(#when), #condition)))
        }
        _ => None,
    });
    conditions.collect()
}
