//! The function that makes a link to a handler.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ItemFn};

use crate::attr::RouteAttr;
use crate::pattern;
use crate::signature::{self, Argument};

/// `hello::url("Ann")`: one argument for each parameter of the path, in the order of the path. The first attribute
/// counts.
pub(crate) fn function(
    function: &ItemFn,
    arguments: &[Argument],
    routes: &[RouteAttr],
    krate: &TokenStream,
) -> TokenStream {
    let Some(route) = routes.first() else { return TokenStream::new() };
    let visible = &function.vis;
    let names = pattern::path_names(&route.pattern);
    let found: Vec<&Argument> = names
        .iter()
        .filter_map(|name| arguments.iter().find(|one| one.name.as_deref() == Some(*name)))
        .collect();
    let locals: Vec<Ident> = names.iter().map(|name| format_ident!("__carafe_url_{name}")).collect();
    let parameters = found.iter().zip(&locals).map(|(argument, local)| {
        let ty = if signature::is_text(&argument.ty) {
            quote!(&str)
        } else {
            let ty = &argument.ty;
            quote!(#ty)
        };
        if argument.cfg.is_empty() {
            return quote!(#local: #ty);
        }
        // Without the argument the type of the parameter is not known.
        let (there, not_there) = (argument.cfg.attribute(), argument.cfg.opposite());
        quote!(#there #local: #ty, #not_there #local: &str)
    });
    let values = found.iter().zip(&locals).map(|(argument, local)| {
        let text = quote!(#krate::__private::LinkValue::text(&&#local));
        if !signature::is_float(&argument.ty) {
            return text;
        }
        let float = quote!(#krate::__private::LinkValue::float(&#local));
        if argument.cfg.is_empty() {
            return float;
        }
        let (there, not_there) = (argument.cfg.attribute(), argument.cfg.opposite());
        quote!(#there #float, #not_there #text)
    });
    // A bound with a lifetime of its own is looked at when `url` is called, not here: a type without `Display`
    // takes nothing from the handler.
    let bounds = found
        .iter()
        .filter(|argument| argument.cfg.is_empty())
        .filter(|argument| !signature::is_text(&argument.ty) && !signature::is_primitive(&argument.ty))
        .map(|argument| {
            let ty = signature::with_lifetime(&argument.written, "'__carafe");
            quote!(for<'__carafe> &'__carafe #ty: #krate::__private::Display)
        });
    let text = format!("Returns the link to `{}`, each value percent-encoded.", route.literal.value());
    quote! {
        #[doc = #text]
        #[allow(private_interfaces, private_bounds, clippy::needless_pass_by_value)]
        #visible fn url(#(#parameters),*) -> #krate::__private::Link
        where #(#bounds),*
        {
            #krate::__private::link(
                <Self as #krate::__private::ListedRoutes>::ROUTES,
                &[#(#values),*],
            )
        }
    }
}
