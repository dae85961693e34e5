//! `#[catch(404)]` and `#[catch(default)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Ident, ItemFn, LitInt};

use crate::errors::Errors;
use crate::expand::{allowed, call, companion, needs};
use crate::signature::{self, Argument, Role};

const EXAMPLE: &str =
    "write `#[catch(404)]` for one status, or `#[catch(default)]` for all that have no catcher";

/// `#[catch(…)]` on a function.
pub(crate) fn catch(input: TokenStream, item: &TokenStream) -> TokenStream {
    let function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = syn::Error::new(error.span(), format!("`#[catch]` belongs on a function ({error})"));
            let error = error.to_compile_error();
            return quote!(#item #error);
        }
    };
    let mut errors = Errors::default();
    let status = status(input, &mut errors);
    let arguments = signature::arguments(&function, Role::Catcher, &mut errors);
    expand(&function, &arguments, status, errors)
}

/// The status, `None` for `default`.
fn status(input: TokenStream, errors: &mut Errors) -> Option<u16> {
    let parser = |input: ParseStream<'_>| {
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), format!("the status is missing; {EXAMPLE}")));
        }
        if input.peek(Ident::peek_any) {
            let word = input.call(Ident::parse_any)?;
            return if word == "default" { Ok(None) } else { Err(syn::Error::new(word.span(), EXAMPLE)) };
        }
        let number: LitInt = input.parse().map_err(|error| syn::Error::new(error.span(), EXAMPLE))?;
        match number.base10_parse() {
            Ok(status @ 400..=599) => Ok(Some(status)),
            _ => Err(syn::Error::new(
                number.span(),
                format!("`{number}` is not the status of an error: those are 400 to 599"),
            )),
        }
    };
    parser.parse2(input).unwrap_or_else(|error| {
        errors.add(error);
        None
    })
}

fn expand(function: &ItemFn, arguments: &[Argument], status: Option<u16>, errors: Errors) -> TokenStream {
    if signature::has_receiver(function) {
        let errors = errors.into_tokens();
        return quote!(#function #errors);
    }
    let visible = &function.vis;
    let name = companion(&function.sig.ident);
    let cfgs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let cfgs: TokenStream = cfgs.map(|attribute| quote!(#attribute)).collect();
    let (catcher, signpost) =
        if errors.is_empty() { listed(function, arguments, status) } else { (quote!(&[]), quote!(&[])) };
    let errors = errors.into_tokens();
    quote! {
        // A catcher owns its arguments: that is how they are handed over.
        #[allow(clippy::needless_pass_by_value)]
        #function
        #errors
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations)]
        #visible struct #name {}
        #cfgs
        impl #name {
            #[doc(hidden)]
            #visible const __CARAFE: &'static [::carafe::__private::Catcher] = #catcher;
            #[doc(hidden)]
            #visible const __CARAFE_SIGNPOSTS: &'static [::carafe::__private::Signpost] = #signpost;
        }
    }
}

/// The constants' values: the catcher, and what `catchers![]` compares.
fn listed(function: &ItemFn, arguments: &[Argument], status: Option<u16>) -> (TokenStream, TokenStream) {
    let name = function.sig.ident.unraw().to_string();
    let (code, shape, what) = match status {
        Some(status) => (quote!(__carafe::Some(#status)), u64::from(status), format!("catcher `{status}`")),
        None => (quote!(__carafe::None), 0, "catcher `default`".to_owned()),
    };
    let needs = needs(arguments, |_| true);
    let locals: Vec<Ident> =
        (0..arguments.len()).map(|index| format_ident!("__carafe_arg_{index}")).collect();
    let reads: TokenStream = arguments
        .iter()
        .zip(&locals)
        .map(|(argument, local)| {
            let ty = &argument.ty;
            quote_spanned! {ty.span()=>
                let #local: #ty = (&&&__carafe::CatchArg::<#ty>::new()).read(__carafe_request, __carafe_error)?;
            }
        })
        .collect();
    let body = call(function, &locals, &quote!(__carafe::Parts::caught(__carafe_error)));
    let allowed = allowed(function);
    let (kind, glue) = if function.sig.asyncness.is_some() {
        let glue = quote! {
            #allowed
            fn __carafe_glue<'__carafe>(
                __carafe_request: &'__carafe __carafe::Request,
                __carafe_error: &'__carafe __carafe::Error,
            ) -> __carafe::BoxFuture<'__carafe, __carafe::Result<__carafe::Response, __carafe::Error>> {
                use __carafe::via::*;
                __carafe::Box::pin(async move { #reads #body })
            }
        };
        (quote!(Async), glue)
    } else {
        let glue = quote! {
            #allowed
            fn __carafe_glue<'__carafe>(
                __carafe_request: &'__carafe __carafe::Request,
                __carafe_error: &'__carafe __carafe::Error,
            ) -> __carafe::Result<__carafe::Response, __carafe::Error> {
                use __carafe::via::*;
                #reads
                #body
            }
        };
        (quote!(Sync), glue)
    };
    let catcher = quote!({
        use ::carafe::__private as __carafe;
        #needs
        #glue
        &[__carafe::Catcher::from_static(
            #code,
            __carafe::Origin {
                name: #name,
                file: __carafe::core::file!(),
                line: __carafe::core::line!(),
            },
            __carafe::CatchHandler::#kind(__carafe_glue),
            __CARAFE_NEEDS,
        )]
    });
    let signpost = quote!({
        use ::carafe::__private as __carafe;
        &[__carafe::Signpost {
            shape: #shape,
            what: #what,
            name: #name,
            file: __carafe::core::file!(),
            line: __carafe::core::line!(),
        }]
    });
    (catcher, signpost)
}
