//! What a route attribute writes: the function as it is, and beside it a type of the same name that carries the
//! routes.
//!
//! The type lives among the types and the function among the values, so one `use` brings both and `routes![]`
//! finds the routes by the function's own name. On a mistake the function stays and the routes are empty, so that
//! one mistake gives one message.

use carafe_router::Pattern;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Ident, ItemFn, Type};

use crate::attr::{self, RouteAttr, Values};
use crate::errors::{Errors, closest};
use crate::signature::{self, Argument, Role};
use crate::{pattern, reply, url};

/// `#[get("/path")]` on a function; `name` is the attribute's.
pub(crate) fn route(name: &str, input: TokenStream, item: &TokenStream) -> TokenStream {
    let mut function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return not_a_function(name, item, &error),
    };
    let mut errors = Errors::default();
    let mut routes: Vec<Option<RouteAttr>> = vec![RouteAttr::parse(name, input, &mut errors)];
    for attribute in take_route_attributes(&mut function.attrs) {
        let name = attr::route_name(&attribute).unwrap_or_default();
        routes.push(RouteAttr::parse(&name, attr::arguments(&attribute), &mut errors));
    }
    let arguments = signature::arguments(&function, Role::Handler, &mut errors);
    for route in routes.iter().flatten() {
        check(route, &arguments, &function, &mut errors);
    }
    let routes: Vec<RouteAttr> = routes.into_iter().flatten().collect();
    check_twice(&routes, &mut errors);
    expand(&function, &arguments, &routes, errors)
}

fn not_a_function(name: &str, item: &TokenStream, error: &syn::Error) -> TokenStream {
    let starts_like_one = item.clone().into_iter().any(|token| token.to_string() == "fn");
    let error = if starts_like_one {
        // The compiler's own words about the function's syntax are better than ours.
        error.to_compile_error()
    } else {
        let span = item.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
        let message = format!("`#[{name}]` belongs on a function");
        syn::Error::new(span, message).to_compile_error()
    };
    quote!(#item #error)
}

/// Takes the other route attributes off a function: all of them make one companion.
fn take_route_attributes(attributes: &mut Vec<Attribute>) -> Vec<Attribute> {
    attributes.extract_if(.., |attribute| attr::route_name(attribute).is_some()).collect()
}

/// Path and arguments against each other, both ways.
fn check(route: &RouteAttr, arguments: &[Argument], function: &ItemFn, errors: &mut Errors) {
    let named: Vec<&str> = pattern::names(&route.pattern);
    let spare = || {
        let names = arguments.iter().filter_map(|argument| argument.name.as_deref());
        names.filter(|name| !named.contains(name))
    };
    for name in &named {
        if arguments.iter().any(|argument| argument.name.as_deref() == Some(name)) {
            continue;
        }
        let range = pattern::place_of(&route.literal.value(), name);
        let who = &function.sig.ident;
        let near = closest(name, spare());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        errors.push_in(
            &route.literal,
            range,
            &format!("`<{name}>` has no matching argument in `fn {who}`{hint}"),
        );
        match arguments.iter().find(|argument| near.is_some() && argument.name.as_deref() == near) {
            Some(argument) => errors.push(
                argument.span,
                format!(
                    "this argument is not in the route; rename it to `{name}`, or the parameter to `<{}>`",
                    near.unwrap_or_default()
                ),
            ),
            None => errors.push(
                function.sig.paren_token.span.join(),
                format!("add an argument named `{name}` here, for example `{name}: &str`"),
            ),
        }
    }
}

/// The same method and shape twice on one function.
fn check_twice(routes: &[RouteAttr], errors: &mut Errors) {
    for (index, route) in routes.iter().enumerate() {
        let earlier = routes.iter().take(index);
        let same = earlier.filter(|other| pattern::same(&other.pattern, &route.pattern));
        for method in same.flat_map(|other| other.methods.iter().filter(|one| route.methods.contains(one))) {
            errors.push(
                route.literal.span(),
                format!(
                    "another attribute of this function already answers `{method}` for the same requests"
                ),
            );
        }
    }
}

fn expand(function: &ItemFn, arguments: &[Argument], routes: &[RouteAttr], errors: Errors) -> TokenStream {
    if signature::has_receiver(function) {
        let errors = errors.into_tokens();
        return quote!(#function #errors);
    }
    let visible = &function.vis;
    let name = companion(&function.sig.ident);
    let cfgs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let cfgs: TokenStream = cfgs.map(|attribute| quote!(#attribute)).collect();
    let inside = if errors.is_empty() {
        let url = url::function(function, arguments, routes);
        let routes = Companion { function, arguments, routes }.items();
        quote!(#routes #url)
    } else {
        quote! {
            #[doc(hidden)]
            #visible const __CARAFE: &'static [::carafe::__private::Route] = &[];
            #[doc(hidden)]
            #visible const __CARAFE_SIGNPOSTS: &'static [::carafe::__private::Signpost] = &[];
        }
    };
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
        #cfgs
        impl #name { #inside }
    }
}

/// The function's name, spanned as ours: lints about names and deprecation leave it alone.
pub(crate) fn companion(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}

struct Companion<'f> {
    function: &'f ItemFn,
    arguments: &'f [Argument],
    routes: &'f [RouteAttr],
}

impl Companion<'_> {
    /// The constants with the routes, and with what `routes![]` compares.
    fn items(&self) -> TokenStream {
        let visible = &self.function.vis;
        let own_name = syn::ext::IdentExt::unraw(&self.function.sig.ident).to_string();
        let needs = needs(self.arguments, |argument| {
            // Named in every route, it is a value.
            let named = |route: &RouteAttr| is_named(&route.pattern, argument);
            !self.routes.iter().all(named)
        });
        let glue = self.routes.iter().enumerate().map(|(index, route)| self.glue(index, route));
        let entries = self.routes.iter().enumerate().flat_map(|(index, route)| {
            route.methods.iter().map(move |method| (index, route, method)).collect::<Vec<_>>()
        });
        let (mut lines, mut posts) = (Vec::new(), Vec::new());
        for (index, route, method) in entries {
            let span = route.literal.span();
            let rule = route.literal.value();
            let what = format!("route `{method} {rule}`");
            let typed = self.typed(route);
            let pattern_tokens = pattern::tokens(&route.pattern, &typed);
            let glue = format_ident!("__carafe_glue_{index}");
            let kind = if self.function.sig.asyncness.is_some() { quote!(Async) } else { quote!(Sync) };
            let accepts = if typed.is_empty() {
                quote!(__carafe::None)
            } else {
                let accepts = format_ident!("__carafe_accepts_{index}");
                quote!(__carafe::Some(#accepts))
            };
            lines.push(quote_spanned! {Span::mixed_site().located_at(span)=>
                __carafe::Route::from_static(
                    #method,
                    #pattern_tokens,
                    __carafe::Origin {
                        name: #own_name,
                        file: __carafe::core::file!(),
                        line: __carafe::core::line!(),
                    },
                    __carafe::Handler::#kind(#glue),
                    #accepts,
                    __CARAFE_NEEDS,
                )
            });
            let shape = pattern::shape(method, &route.pattern, &typed);
            posts.push(quote_spanned! {Span::mixed_site().located_at(span)=>
                __carafe::Signpost {
                    shape: #shape,
                    what: #what,
                    name: #own_name,
                    file: __carafe::core::file!(),
                    line: __carafe::core::line!(),
                }
            });
        }
        quote! {
            #[doc(hidden)]
            #visible const __CARAFE: &'static [::carafe::__private::Route] = {
                use ::carafe::__private as __carafe;
                #needs
                #(#glue)*
                &[#(#lines),*]
            };
            // Apart from the routes, because only the compiler looks at them: so no program carries them.
            #[doc(hidden)]
            #visible const __CARAFE_SIGNPOSTS: &'static [::carafe::__private::Signpost] = {
                use ::carafe::__private as __carafe;
                &[#(#posts),*]
            };
        }
    }

    /// The path parameters of the route whose arguments are not text, by index.
    fn typed(&self, route: &RouteAttr) -> Vec<usize> {
        let path = pattern::path_names(&route.pattern);
        let typed = path.iter().enumerate().filter(|(_, name)| {
            let argument = self.arguments.iter().find(|one| one.name.as_deref() == Some(**name));
            argument.is_some_and(|argument| !signature::is_text(&argument.ty))
        });
        typed.map(|(index, _)| index).collect()
    }

    /// The function that reads the arguments, calls, and answers; and the one that says whether a path fits.
    fn glue(&self, index: usize, route: &RouteAttr) -> TokenStream {
        let glue = format_ident!("__carafe_glue_{index}");
        let locals: Vec<Ident> =
            (0..self.arguments.len()).map(|index| format_ident!("__carafe_arg_{index}")).collect();
        let reads = self.arguments.iter().zip(&locals).map(|(argument, local)| {
            let ty = &argument.ty;
            let read = read(argument, route);
            quote_spanned!(ty.span()=> let #local: #ty = #read?;)
        });
        let reads: TokenStream = reads.collect();
        let body = call(self.function, &locals, &quote!(__carafe::Parts::new()));
        let allowed = allowed(self.function);
        let function = if self.function.sig.asyncness.is_some() {
            quote! {
                #allowed
                fn #glue<'__carafe>(
                    __carafe_request: &'__carafe __carafe::Request,
                ) -> __carafe::BoxFuture<'__carafe, __carafe::Result<__carafe::Response, __carafe::Error>> {
                    use __carafe::via::*;
                    __carafe::Box::pin(async move { #reads #body })
                }
            }
        } else {
            quote! {
                #allowed
                fn #glue(
                    __carafe_request: &__carafe::Request,
                ) -> __carafe::Result<__carafe::Response, __carafe::Error> {
                    use __carafe::via::*;
                    #reads
                    #body
                }
            }
        };
        let accepts = self.accepts(index, route);
        quote!(#function #accepts)
    }

    fn accepts(&self, index: usize, route: &RouteAttr) -> TokenStream {
        let typed = self.typed(route);
        if typed.is_empty() {
            return TokenStream::new();
        }
        let accepts = format_ident!("__carafe_accepts_{index}");
        let names = pattern::path_names(&route.pattern);
        let each = typed.iter().filter_map(|index| {
            let name = names.get(*index)?;
            let argument = self.arguments.iter().find(|one| one.name.as_deref() == Some(*name))?;
            let ty = &argument.ty;
            Some(quote_spanned! {ty.span()=>
                (&&&__carafe::Slot::<#ty>::new()).fits(__carafe::piece(__carafe_values, #index, #name))
            })
        });
        quote! {
            fn #accepts(__carafe_values: &__carafe::PathValues<'_>) -> __carafe::bool {
                use __carafe::via::*;
                #(#each)&&*
            }
        }
    }
}

fn is_named(pattern: &Pattern, argument: &Argument) -> bool {
    argument.name.as_deref().is_some_and(|name| pattern::names(pattern).contains(&name))
}

/// The expression that reads one argument, a `Result`.
fn read(argument: &Argument, route: &RouteAttr) -> TokenStream {
    let ty = &argument.ty;
    let span = ty.span();
    let Some(name) = &argument.name else {
        return quote_spanned!(span=> <#ty as __carafe::FromRequest<'_>>::from_request(__carafe_request));
    };
    if let Some(index) = pattern::path_names(&route.pattern).iter().position(|one| one == name) {
        return quote_spanned! {span=>
            (&&&__carafe::Slot::<#ty>::new()).read(__carafe_request, __carafe::InPath(#index, #name))
        };
    }
    if pattern::names(&route.pattern).contains(&name.as_str()) {
        return quote_spanned! {span=>
            (&&&__carafe::Slot::<#ty>::new()).read(__carafe_request, __carafe::InQuery(#name))
        };
    }
    let place = match route.values() {
        Values::Query => quote_spanned!(span=> __carafe::InQuery(#name)),
        Values::Form => quote_spanned!(span=> __carafe::InForm(#name)),
        Values::ByMethod => quote_spanned!(span=> __carafe::ByMethod(#name)),
    };
    quote_spanned!(span=> (&&&&__carafe::Arg::<#ty>::new()).read(__carafe_request, #place))
}

/// Calls the function with the locals and turns what it returns into an answer.
pub(crate) fn call(function: &ItemFn, locals: &[Ident], parts: &TokenStream) -> TokenStream {
    let output = &function.sig.output;
    let span = reply::span(output, function.sig.ident.span());
    let name = companion(&function.sig.ident);
    let dot_await = function.sig.asyncness.map(|token| {
        let span = Span::mixed_site().located_at(token.span);
        quote_spanned!(span=> .await)
    });
    let returned = quote_spanned!(span=> #name(#(#locals),*) #dot_await);
    if signature::returns_own_text(output) {
        return quote_spanned!(span=> #parts.dress(__carafe::own_text(#returned)));
    }
    let answer = reply::answer(output, span);
    let mutable = (!reply::is_bare(output)).then(|| quote!(mut));
    quote_spanned! {span=>
        let #mutable __carafe_parts = #parts;
        let __carafe_out = #returned;
        #answer
    }
}

/// Whoever deprecates a handler still serves it.
pub(crate) fn allowed(function: &ItemFn) -> TokenStream {
    let deprecated = function.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"));
    if deprecated { quote!(#[allow(deprecated)]) } else { TokenStream::new() }
}

/// The constant that lists what the extractors among the arguments ask of the app.
pub(crate) fn needs(arguments: &[Argument], is_asked: impl Fn(&Argument) -> bool) -> TokenStream {
    let asked = arguments.iter().filter(|one| is_asked(one) && !signature::asks_nothing(&one.ty));
    let types: Vec<&Type> = asked.map(|argument| &argument.ty).collect();
    let names: Vec<Ident> = (0..types.len()).map(|index| format_ident!("__carafe_need_{index}")).collect();
    let functions = types.iter().zip(&names).map(|(ty, name)| {
        quote_spanned! {Span::mixed_site().located_at(ty.span())=>
            fn #name() -> __carafe::Option<__carafe::Need> {
                use __carafe::via::*;
                (&&&&__carafe::Arg::<#ty>::new()).need()
            }
        }
    });
    quote! {
        #(#functions)*
        const __CARAFE_NEEDS: &'static [fn() -> __carafe::Option<__carafe::Need>] = &[#(#names),*];
    }
}
