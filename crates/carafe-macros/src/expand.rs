//! Expands route attributes: the function stays as it is, and beside it stands a type of the same name that carries the
//! routes.
//!
//! On a mistake the function stays and the routes are empty, so that one mistake gives one message.

use carafe_router::Pattern;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, ItemFn};

use crate::attr::{self, RouteAttr, Values};
use crate::errors::{Errors, closest};
use crate::glue::Read;
use crate::signature::{self, Argument, Role};
use crate::{glue, pattern, url};

/// Expands `#[get("/path")]` on a function; `name` is the attribute's.
pub(crate) fn route(name: &str, input: TokenStream, item: &TokenStream) -> TokenStream {
    if input.to_string() == TAKEN {
        return TokenStream::new();
    }
    let mut function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return not_a_function(name, item, &error),
    };
    let mut errors = Errors::default();
    let mut routes: Vec<Option<RouteAttr>> = vec![RouteAttr::parse(name, input, &mut errors)];
    let krate = routes.iter().flatten().find_map(|route| route.krate.clone());
    let taken = take_route_attributes(&mut function.attrs, krate.as_ref());
    for attribute in &taken {
        let name = attr::route_name(attribute, krate.as_ref()).unwrap_or_default();
        routes.push(RouteAttr::parse(&name, attr::arguments(attribute), &mut errors));
    }
    let arguments = signature::arguments(&function, Role::Handler, &mut errors);
    for route in routes.iter().flatten() {
        check(route, &arguments, &function, &mut errors);
    }
    let routes: Vec<RouteAttr> = routes.into_iter().flatten().collect();
    check_twice(&routes, &mut errors);
    let expanded = expand(&function, &arguments, &routes, &glue::krate(krate.as_ref()), errors);
    let names = taken.iter().map(Attribute::path);
    let marker = format_ident!("{TAKEN}");
    quote!(#expanded #(#[#names(#marker)] const _: () = ();)*)
}

/// What an attribute says that was read together with the first one of its function: it stands for nothing, but the
/// compiler sees that its name is used.
const TAKEN: &str = "__carafe_taken";

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
fn take_route_attributes(attributes: &mut Vec<Attribute>, krate: Option<&syn::Path>) -> Vec<Attribute> {
    attributes.extract_if(.., |attribute| attr::route_name(attribute, krate).is_some()).collect()
}

/// Checks path and arguments against each other, both ways.
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

/// Finds the same method and shape twice on one function.
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

fn expand(
    function: &ItemFn,
    arguments: &[Argument],
    routes: &[RouteAttr],
    krate: &TokenStream,
    errors: Errors,
) -> TokenStream {
    if signature::has_receiver(function) {
        let errors = errors.into_tokens();
        return quote!(#function #errors);
    }
    let name = glue::companion(&function.sig.ident);
    let fine = errors.is_empty();
    let (entries, signposts) = if fine {
        Expansion { function, arguments, routes }.constants(krate)
    } else {
        (quote!(&[]), quote!(&[]))
    };
    let mut items = vec![quote! {
        impl #krate::__private::ListedRoutes for #name {
            const ROUTES: &'static [#krate::__private::Route] = #entries;
            const SIGNPOSTS: &'static [#krate::__private::Signpost] = #signposts;
        }
    }];
    if fine {
        let url = url::function(function, arguments, routes, krate);
        items.push(quote!(impl #name { #url }));
    }
    glue::beside(function, errors, &items)
}

struct Expansion<'f> {
    function: &'f ItemFn,
    arguments: &'f [Argument],
    routes: &'f [RouteAttr],
}

impl Expansion<'_> {
    /// Writes the constants with the routes, and with what `routes![]` compares.
    fn constants(&self, krate: &TokenStream) -> (TokenStream, TokenStream) {
        let own_name = syn::ext::IdentExt::unraw(&self.function.sig.ident).to_string();
        let requirements = self.requirements();
        let glue = self.routes.iter().enumerate().map(|(index, route)| self.glue(index, route));
        let entries = self.routes.iter().enumerate().flat_map(|(index, route)| {
            route.methods.iter().map(move |method| (index, route, method)).collect::<Vec<_>>()
        });
        let (mut lines, mut posts) = (Vec::new(), Vec::new());
        for (index, route, method) in entries {
            let span = Span::mixed_site().located_at(route.literal.span());
            let what = format!("route `{method} {}`", route.literal.value());
            let typed = self.typed(route);
            let csrf = route.csrf_off.then(|| quote!(.csrf_off()));
            let pattern_tokens = pattern::tokens(&route.pattern, &typed);
            let glue = format_ident!("__carafe_glue_{index}");
            let accepts = if typed.is_empty() {
                quote!(__carafe::None)
            } else {
                let accepts = format_ident!("__carafe_accepts_{index}");
                quote!(__carafe::Some(#accepts))
            };
            lines.push(quote_spanned! {span=>
                __carafe::Route::from_static(
                    #method,
                    #pattern_tokens,
                    __carafe::Origin::new(#own_name, __carafe::core::file!(), __carafe::core::line!()),
                    #glue,
                    #accepts,
                    __CARAFE_REQUIRES,
                ) #csrf
            });
            let shape = pattern::shape(method, &route.pattern, &typed);
            posts.push(quote_spanned! {span=>
                __carafe::Signpost {
                    shape: #shape,
                    what: #what,
                    name: #own_name,
                    file: __carafe::core::file!(),
                    line: __carafe::core::line!(),
                }
            });
        }
        let count = lines.len();
        let entries = quote!({
            use #krate::__private as __carafe;
            #requirements
            #(#glue)*
            // A static has one address, by which links know their route.
            static __CARAFE_ROUTES: [__carafe::Route; #count] = [#(#lines),*];
            &__CARAFE_ROUTES
        });
        // Apart from the routes, because only the compiler looks at them: so no program carries them.
        let signposts = quote!({
            use #krate::__private as __carafe;
            &[#(#posts),*]
        });
        (entries, signposts)
    }

    /// Writes what the arguments require of the app. One that every route has in its path is a value, whatever its type.
    fn requirements(&self) -> TokenStream {
        let requirements = glue::requirements_name();
        let asked = self.arguments.iter().filter_map(|argument| {
            let named = |route: &RouteAttr| pattern_has(&route.pattern, argument, pattern::path_names);
            let ty = &argument.ty;
            let elsewhere = self.routes.iter().find(|route| !named(route));
            let kind = if elsewhere.is_some() { quote!(FreeInQuery) } else { quote!(InRoute) };
            let route = elsewhere.or_else(|| self.routes.first())?;
            let place = match &argument.name {
                Some(name) => place(route, name, Span::mixed_site()),
                None => quote!(__carafe::InQuery("")),
            };
            // Named in path or query it is a value, too, which can be a struct by mistake.
            Some((argument, quote!(__carafe::requires!(#ty, #kind, #requirements, #place);)))
        });
        glue::requirements(&asked.collect::<Vec<_>>())
    }

    /// Returns the path parameters of the route whose arguments are not text, by index.
    fn typed(&self, route: &RouteAttr) -> Vec<usize> {
        let path = pattern::path_names(&route.pattern);
        let typed = path.iter().enumerate().filter(|(_, name)| {
            let argument = self.arguments.iter().find(|one| one.name.as_deref() == Some(**name));
            argument.is_some_and(|argument| !signature::is_text(&argument.ty))
        });
        typed.map(|(index, _)| index).collect()
    }

    /// Writes the function that reads the arguments, calls, and answers; and the one that says whether a path fits.
    fn glue(&self, index: usize, route: &RouteAttr) -> TokenStream {
        let name = format_ident!("__carafe_glue_{index}");
        let overrides = quote!(__carafe::Overrides::new());
        let glue = glue::function(
            &name,
            &TokenStream::new(),
            &overrides,
            self.function,
            self.arguments,
            |argument| read(argument, route),
        );
        let accepts = self.accepts(index, route);
        quote!(#glue #accepts)
    }

    fn accepts(&self, index: usize, route: &RouteAttr) -> TokenStream {
        let typed = self.typed(route);
        if typed.is_empty() {
            return TokenStream::new();
        }
        let (accepts, values) = (format_ident!("__carafe_accepts_{index}"), format_ident!("__carafe_values"));
        let names = pattern::path_names(&route.pattern);
        let each = typed.iter().filter_map(|index| {
            let name = names.get(*index)?;
            let argument = self.arguments.iter().find(|one| one.name.as_deref() == Some(*name))?;
            let (ty, cfg) = (&argument.ty, argument.cfg.attribute());
            Some(quote_spanned! {Span::mixed_site().located_at(ty.span())=>
                #cfg
                if !__carafe::fits!(#ty, #values.piece(#index, #name)) {
                    return false;
                }
            })
        });
        quote! {
            fn #accepts(#values: &__carafe::PathValues<'_>) -> __carafe::bool {
                #[allow(unused_imports)]
                use __carafe::via::*;
                #(#each)*
                true
            }
        }
    }
}

/// Returns whether an argument is named among the names of a pattern.
fn pattern_has(pattern: &Pattern, argument: &Argument, names: fn(&Pattern) -> Vec<&str>) -> bool {
    argument.name.as_deref().is_some_and(|name| names(pattern).contains(&name))
}

/// Writes the expression that reads one argument.
fn read(argument: &Argument, route: &RouteAttr) -> Read {
    let ty = &argument.ty;
    let span = Span::mixed_site().located_at(ty.span());
    let (request, faults) = (glue::request(), glue::faults());
    let Some(name) = &argument.name else {
        let read = quote_spanned!(span=> __carafe::unnamed!(#ty, #request));
        let waits = quote_spanned!(span=> __carafe::waits!(#ty, Unnamed));
        return Read { expression: read, is_optional: false, waits: Some(waits) };
    };
    let place = place(route, name, span);
    let in_route = pattern::names(&route.pattern).contains(&name.as_str());
    let in_path = pattern::path_names(&route.pattern).contains(&name.as_str());
    let kind = match (in_path, in_route) {
        (true, _) => quote!(InRoute),
        (false, true) => quote!(InRouteQuery),
        (false, false) => match route.values() {
            Values::Query => quote!(FreeInQuery),
            Values::Form => quote!(FreeInForm),
            Values::ByMethod => quote!(FreeByMethod),
        },
    };
    let waits = !in_route && !signature::is_there_at_once(ty);
    let reader = if waits { quote!(argument) } else { quote!(argument_now) };
    let expression = quote_spanned!(span=> __carafe::#reader!(#ty, #kind, #request, #place, #faults));
    let waits = waits.then(|| quote_spanned!(span=> __carafe::waits!(#ty, FreeInQuery)));
    Read { expression, is_optional: true, waits }
}

/// Writes where a plain argument is looked for.
fn place(route: &RouteAttr, name: &str, span: Span) -> TokenStream {
    if let Some(index) = pattern::path_names(&route.pattern).iter().position(|one| *one == name) {
        return quote_spanned!(span=> __carafe::InPath(#index, #name));
    }
    if pattern::names(&route.pattern).contains(&name) {
        return quote_spanned!(span=> __carafe::InQuery(#name));
    }
    match route.values() {
        Values::Query => quote_spanned!(span=> __carafe::InQuery(#name)),
        Values::Form => quote_spanned!(span=> __carafe::InForm(#name)),
        Values::ByMethod => quote_spanned!(span=> __carafe::ByMethod(#name)),
    }
}
