//! `#[catch(404)]` and `#[catch(default)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Ident, ItemFn, LitInt};

use crate::attr::parse_rest;
use crate::errors::Errors;
use crate::glue::{self, Read};
use crate::signature::{self, Argument, Role};

const EXAMPLE: &str =
    "write `#[catch(404)]` for one status, or `#[catch(default)]` for all that have no catcher";

/// Expands `#[catch(…)]` on a function.
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
    let (status, krate) = parse(input, &mut errors);
    let arguments = signature::arguments(&function, Role::Catcher, &mut errors);
    expand(&function, &arguments, status, &glue::krate(krate.as_ref()), errors)
}

/// Parses the status, `None` for `default`, and `crate = path`.
fn parse(input: TokenStream, errors: &mut Errors) -> (Option<u16>, Option<syn::Path>) {
    let parser = |input: ParseStream<'_>| {
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), format!("the status is missing; {EXAMPLE}")));
        }
        let status = if input.peek(Ident::peek_any) {
            let word = input.call(Ident::parse_any)?;
            if word != "default" {
                return Err(syn::Error::new(word.span(), EXAMPLE));
            }
            None
        } else {
            let number: LitInt = input.parse().map_err(|error| syn::Error::new(error.span(), EXAMPLE))?;
            match number.base10_parse() {
                Ok(status @ 400..=599) => Some(status),
                _ => {
                    return Err(syn::Error::new(
                        number.span(),
                        format!("`{number}` is not the status of an error: those are 400 to 599"),
                    ));
                }
            }
        };
        Ok((status, parse_rest(input, Role::Catcher, "#[catch(404)]")?.krate))
    };
    parser.parse2(input).unwrap_or_else(|error| {
        errors.add(error);
        (None, None)
    })
}

fn expand(
    function: &ItemFn,
    arguments: &[Argument],
    status: Option<u16>,
    krate: &TokenStream,
    errors: Errors,
) -> TokenStream {
    if signature::has_receiver(function) {
        let errors = errors.into_tokens();
        return quote!(#function #errors);
    }
    let name = glue::companion(&function.sig.ident);
    let (catchers, signposts) = if errors.is_empty() {
        constants(function, arguments, status, krate)
    } else {
        (quote!(&[]), quote!(&[]))
    };
    let item = quote! {
        impl #krate::__private::ListedCatchers for #name {
            const CATCHERS: &'static [#krate::__private::Catcher] = #catchers;
            const SIGNPOSTS: &'static [#krate::__private::Signpost] = #signposts;
        }
    };
    glue::beside(function, errors, &[item])
}

/// Writes the constants' values: the catcher, and what `catchers![]` compares.
fn constants(
    function: &ItemFn,
    arguments: &[Argument],
    status: Option<u16>,
    krate: &TokenStream,
) -> (TokenStream, TokenStream) {
    let name = function.sig.ident.unraw().to_string();
    let (code, shape, what) = match status {
        Some(status) => (quote!(__carafe::Some(#status)), u64::from(status), format!("catcher `{status}`")),
        None => (quote!(__carafe::None), 0, "catcher `default`".to_owned()),
    };
    let (request, error, requirements) = (glue::request(), glue::error(), glue::requirements_name());
    let asked: Vec<_> = arguments
        .iter()
        .map(|argument| {
            let ty = &argument.ty;
            (argument, quote!(__carafe::catcher_requires!(#ty, #requirements);))
        })
        .collect();
    let requirements = glue::requirements(&asked);
    let parameters = quote!(#error: &'__carafe __carafe::Error,);
    let overrides = quote!(__carafe::Overrides::caught(#error));
    let glue = format_ident!("__carafe_glue");
    let function = glue::function(&glue, &parameters, &overrides, function, arguments, |argument| {
        let ty = &argument.ty;
        let read = quote_spanned! {Span::mixed_site().located_at(ty.span())=>
            __carafe::catcher_argument!(#ty, #request, #error)
        };
        Read { expression: read, is_optional: false, waits: Some(quote!(true)) }
    });
    let catchers = quote!({
        use #krate::__private as __carafe;
        #requirements
        #function
        &[__carafe::Catcher::from_static(
            #code,
            __carafe::Origin::new(#name, __carafe::core::file!(), __carafe::core::line!()),
            #glue,
            __CARAFE_REQUIRES,
        )]
    });
    let signposts = quote!({
        use #krate::__private as __carafe;
        &[__carafe::Signpost {
            shape: #shape,
            what: #what,
            name: #name,
            file: __carafe::core::file!(),
            line: __carafe::core::line!(),
        }]
    });
    (catchers, signposts)
}
