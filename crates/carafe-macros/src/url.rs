//! The function that builds a handler's URL.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ItemFn};

use crate::attr::RouteAttr;
use crate::pattern;
use crate::signature::{self, Argument};

/// `hello::url("Ann")`: one argument for each parameter of the path, in the order of the path. The first attribute
/// counts.
pub(crate) fn function(function: &ItemFn, arguments: &[Argument], routes: &[RouteAttr]) -> TokenStream {
    let Some(route) = routes.first() else { return TokenStream::new() };
    let visible = &function.vis;
    let names = pattern::path_names(&route.pattern);
    let found: Vec<&Argument> = names
        .iter()
        .filter_map(|name| arguments.iter().find(|one| one.name.as_deref() == Some(*name)))
        .collect();
    let locals: Vec<Ident> = names.iter().map(|name| format_ident!("__carafe_url_{name}")).collect();
    let types = found.iter().map(|argument| {
        if signature::is_text(&argument.ty) {
            quote!(&str)
        } else {
            let ty = &argument.ty;
            quote!(#ty)
        }
    });
    // A bound with a lifetime of its own is looked at when `url` is called, not here: a type without `Display`
    // takes nothing from the handler.
    let bounds = found
        .iter()
        .filter(|argument| !signature::is_text(&argument.ty) && !signature::is_primitive(&argument.ty))
        .map(|argument| {
            let ty = signature::with_lifetime(&argument.written, "'__carafe");
            quote!(for<'__carafe> &'__carafe #ty: ::carafe::__private::Display)
        });
    let text = format!("The URL of `{}`, each value percent-encoded.", route.literal.value());
    quote! {
        #[doc = #text]
        #[allow(private_interfaces, private_bounds, clippy::needless_pass_by_value)]
        #[must_use]
        #visible fn url(#(#locals: #types),*) -> ::carafe::__private::String
        where #(#bounds),*
        {
            ::carafe::__private::url(Self::__CARAFE, &[#(&&#locals as &dyn ::carafe::__private::Display),*])
        }
    }
}
