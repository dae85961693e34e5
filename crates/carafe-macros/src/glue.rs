//! The function that reads a handler's or a catcher's arguments, calls it, and answers.
//!
//! It only lines up macros of carafe, which stand beside the traits they use.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, ItemFn, ReturnType, Type};

use crate::errors::Errors;
use crate::signature::{self, Argument};

/// The most layers of `Result`, `Option` and tuples that a returned value can have. Four is what a type alias for
/// `Result<Option<(StatusCode, T)>, E>` leaves one to spare for.
const DEPTH: usize = 4;

/// The expression that reads an argument, a `Result`.
pub(crate) struct Read {
    pub(crate) expression: TokenStream,
    /// Set where its value is an `Option`, which is `None` where the value could not be read and the faults say why.
    pub(crate) is_optional: bool,
    /// Where it is awaited, the expression that says whether that may take time.
    pub(crate) waits: Option<TokenStream>,
}

/// Writes the glue function `name`, with further parameters after the request.
///
/// Where neither the function nor an argument waits, the answer is made at once, without a future on the heap; and where
/// none is awaited at all, without a future, which would make each handler a third larger.
pub(crate) fn function(
    name: &Ident,
    parameters: &TokenStream,
    overrides: &TokenStream,
    function: &ItemFn,
    arguments: &[Argument],
    read: impl Fn(&Argument) -> Read,
) -> TokenStream {
    let (request, faults_name, waits_name) = (request(), faults(), waits_name());
    let locals: Vec<Ident> =
        (0..arguments.len()).map(|index| format_ident!("__carafe_argument_{index}")).collect();
    let mut awaited = Vec::new();
    let (mut reads, mut unwraps) = (TokenStream::new(), TokenStream::new());
    for (argument, local) in arguments.iter().zip(&locals) {
        let (ty, cfg) = (&argument.ty, argument.cfg.attribute());
        let span = Span::mixed_site().located_at(ty.span());
        let Read { expression, is_optional, waits } = read(argument);
        awaited
            .extend(waits.map(|waits| quote_spanned!(span=> #cfg let #waits_name = #waits_name || #waits;)));
        if is_optional {
            reads.extend(quote_spanned! {span=> #cfg
                let #local: __carafe::Option<#ty> = match #expression {
                    __carafe::Result::Ok(__carafe_value) => __carafe_value,
                    __carafe::Result::Err(__carafe_refusal) => return __carafe::Result::Err(__carafe_refusal),
                };
            });
            unwraps.extend(quote_spanned! {span=> #cfg
                let __carafe::Some(#local) = #local else {
                    return __carafe::Result::Err(#faults_name.into_error());
                };
            });
        } else {
            reads.extend(quote_spanned! {span=> #cfg
                let #local: #ty = match #expression {
                    __carafe::Result::Ok(__carafe_value) => __carafe_value,
                    __carafe::Result::Err(__carafe_refusal) => return __carafe::Result::Err(__carafe_refusal),
                };
            });
        }
    }
    let faults = (!unwraps.is_empty()).then(|| {
        quote! {
            #[allow(unused_mut)]
            let mut #faults_name = <__carafe::Faults as __carafe::std::default::Default>::default();
        }
    });
    let answer = answer(function, arguments, &locals, overrides);
    let allowed = allowed(function);
    let body = quote!(#faults #reads #unwraps #answer);
    let is_async = function.sig.asyncness.is_some();
    let answering = if is_async {
        quote!(__carafe::Answering::Later(__carafe::Box::pin(async move { #body })))
    } else if awaited.is_empty() {
        quote!(__carafe::Answering::Now((|| { #body })()))
    } else {
        quote! {
            let #waits_name = false;
            #(#awaited)*
            __carafe::Answering::of(#waits_name, async move { #body })
        }
    };
    quote! {
        #allowed
        fn #name<'__carafe>(
            #request: &'__carafe __carafe::Request,
            #parameters
        ) -> __carafe::Answering<'__carafe> {
            #[allow(unused_imports)]
            use __carafe::via::*;
            #answering
        }
    }
}

/// Calls the function with the locals and turns what it returns into an answer.
fn answer(
    function: &ItemFn,
    arguments: &[Argument],
    locals: &[Ident],
    overrides: &TokenStream,
) -> TokenStream {
    let output = &function.sig.output;
    let span = match output {
        ReturnType::Default => function.sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let span = Span::mixed_site().located_at(span);
    let name = companion(&function.sig.ident);
    let dot_await = function.sig.asyncness.map(|token| {
        let span = Span::mixed_site().located_at(token.span);
        quote_spanned!(span=> .await)
    });
    let cfgs = arguments.iter().map(|argument| argument.cfg.attribute());
    let returned = quote_spanned!(span=> #name(#(#cfgs #locals),*) #dot_await);
    if signature::returns_own_text(output) {
        return quote_spanned! {span=>
            let mut __carafe_reply = __carafe::Result::Ok(__carafe::own_text(#returned));
            #overrides.apply(&mut __carafe_reply);
            __carafe_reply
        };
    }
    let request = request();
    let bare = is_bare(output);
    let layers = (0..if bare { 0 } else { DEPTH }).map(|_| quote!(.));
    let mutable = (!bare).then(|| quote!(mut));
    quote_spanned! {span=>
        #[allow(unused_mut)]
        let #mutable __carafe_overrides = #overrides;
        let __carafe_value = #returned;
        __carafe::reply!(#request, __carafe_overrides, __carafe_value, [#(#layers)*])
    }
}

/// Returns whether the returned value certainly has no layers: neither a reference nor a number can be an alias for a
/// `Result`, and nobody calls one `String` or `Vec`. Each layer that is looked for takes the compiler a while.
fn is_bare(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => {
            matches!(&**ty, Type::Reference(_)) || signature::is_primitive(ty) || signature::is_owned(ty)
        }
    }
}

/// Returns the function's name, spanned as ours: lints about names and deprecation leave it alone.
pub(crate) fn companion(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}

/// Lets the glue call a deprecated handler: whoever deprecates one still serves it.
fn allowed(function: &ItemFn) -> TokenStream {
    let deprecated = function.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"));
    if deprecated { quote!(#[allow(deprecated)]) } else { TokenStream::new() }
}

/// Returns the name of the request in the glue, which all parts of the glue know.
pub(crate) fn request() -> Ident {
    format_ident!("__carafe_request")
}

/// Returns the name of the list of faults in the glue.
pub(crate) fn faults() -> Ident {
    format_ident!("__carafe_faults")
}

/// Returns the name, in the glue, of whether an argument waits.
fn waits_name() -> Ident {
    format_ident!("__carafe_waits")
}

/// Returns the name of a catcher's error in the glue.
pub(crate) fn error() -> Ident {
    format_ident!("__carafe_error")
}

/// Returns the name of what collects requirements.
pub(crate) fn requirements_name() -> Ident {
    format_ident!("__carafe_requirements")
}

/// Writes the functions that state what arguments require of the app, and the constant that lists them.
pub(crate) fn requirements(asked: &[(&Argument, TokenStream)]) -> TokenStream {
    let asked: Vec<_> = asked.iter().filter(|(one, _)| !signature::is_there_at_once(&one.ty)).collect();
    let requirements = requirements_name();
    let names: Vec<Ident> =
        (0..asked.len()).map(|index| format_ident!("__carafe_requires_{index}")).collect();
    let cfgs: Vec<TokenStream> = asked.iter().map(|(argument, _)| argument.cfg.attribute()).collect();
    let functions = asked.iter().zip(&names).zip(&cfgs).map(|(((argument, expression), name), cfg)| {
        quote_spanned! {Span::mixed_site().located_at(argument.ty.span())=>
            #cfg
            fn #name(#requirements: &mut __carafe::Requirements<'_>) {
                #[allow(unused_imports)]
                use __carafe::via::*;
                #expression
            }
        }
    });
    quote! {
        #(#functions)*
        const __CARAFE_REQUIRES: &'static [fn(&mut __carafe::Requirements<'_>)] = &[#(#cfgs #names),*];
    }
}

/// Writes the function as it is, and beside it a type of the same name that carries what the attribute made.
///
/// The type lives among the types and the function among the values, so one `use` brings both and `routes![]` finds the
/// routes by the function's own name. `items` are the type's `impl`s.
pub(crate) fn beside(function: &ItemFn, errors: Errors, items: &[TokenStream]) -> TokenStream {
    let visible = &function.vis;
    let name = companion(&function.sig.ident);
    let cfgs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let cfgs: TokenStream = cfgs.map(|attribute| quote!(#attribute)).collect();
    let errors = errors.into_tokens();
    quote! {
        // A handler owns its arguments: that is how they are handed over.
        #[allow(clippy::needless_pass_by_value)]
        #function
        #errors
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations)]
        #visible struct #name {}
        #(#cfgs #items)*
    }
}

/// Returns the path of carafe: as `crate = path` says, else by its own name.
pub(crate) fn krate(path: Option<&syn::Path>) -> TokenStream {
    path.map_or_else(|| quote!(::carafe), |path| quote!(#path))
}
