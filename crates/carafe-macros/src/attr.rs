//! `#[get("/path")]` and its family: the methods and the pattern.

use carafe_router::{ANY, Pattern};
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Meta, Token};

use crate::errors::{Errors, closest};
use crate::signature::Role;

/// The attributes that make routes, and the method of each; `route` names its own.
pub(crate) const NAMES: [(&str, &str); 9] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("any", ANY),
    ("route", ""),
];

/// The methods that `#[route]` knows.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// One route attribute, understood.
pub(crate) struct RouteAttr {
    /// In capitals, `ANY` for all.
    pub(crate) methods: Vec<&'static str>,
    pub(crate) literal: LitStr,
    pub(crate) pattern: Pattern,
    /// The path of carafe where `crate = path` names it.
    pub(crate) krate: Option<syn::Path>,
    /// Set where `csrf = off` stands.
    pub(crate) csrf_off: bool,
}

/// The settings that may follow the path or the status in an attribute.
#[derive(Default)]
pub(crate) struct Rest {
    pub(crate) krate: Option<syn::Path>,
    /// Where `csrf = off` stands.
    pub(crate) csrf_off: Option<Span>,
}

/// The source of arguments that are not named in the route.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    Query,
    Form,
    ByMethod,
}

impl RouteAttr {
    /// Parses what stands in the parentheses of the attribute `name`.
    pub(crate) fn parse(name: &str, input: TokenStream, errors: &mut Errors) -> Option<RouteAttr> {
        let fixed = NAMES.iter().find(|(known, _)| *known == name).map_or("", |(_, method)| *method);
        let example = if fixed.is_empty() {
            "#[route(GET, POST, \"/hello/<name>\")]".to_owned()
        } else {
            format!("#[{name}(\"/hello/<name>\")]")
        };
        let parser = |input: ParseStream<'_>| {
            let words = if fixed.is_empty() { parse_methods(input)? } else { Vec::new() };
            let literal = parse_literal(input, &example)?;
            Ok((words, literal, parse_rest(input, Role::Handler, &example)?))
        };
        let (words, literal, rest) = match parser.parse2(input) {
            Ok(parsed) => parsed,
            Err(error) => {
                errors.add(error);
                return None;
            }
        };
        let methods = if fixed.is_empty() { known_methods(&words, &literal, errors) } else { vec![fixed] };
        let pattern = parse_pattern(&literal, errors)?;
        let Rest { krate, csrf_off } = rest;
        let is_safe = |method: &&str| matches!(*method, "GET" | "HEAD" | "OPTIONS");
        if let Some(span) = csrf_off
            && !methods.is_empty()
            && methods.iter().all(is_safe)
        {
            let methods = methods.join(" and ");
            errors.push(
                span,
                format!("`csrf = off` does nothing here: every page may send {methods}; take it away"),
            );
        }
        let csrf_off = csrf_off.is_some();
        (!methods.is_empty()).then_some(RouteAttr { methods, literal, pattern, krate, csrf_off })
    }

    /// Returns where arguments come from that are not named in the route.
    pub(crate) fn values(&self) -> Values {
        let form = |method: &&str| matches!(*method, "POST" | "PUT" | "PATCH");
        if self.methods.contains(&ANY) {
            Values::ByMethod
        } else if self.methods.iter().all(form) {
            Values::Form
        } else if self.methods.iter().any(form) {
            Values::ByMethod
        } else {
            Values::Query
        }
    }
}

/// Returns the name of a route attribute among a function's other attributes, as `get`, `carafe::get` or, where `krate`
/// names carafe, below that.
pub(crate) fn route_name(attribute: &Attribute, krate: Option<&syn::Path>) -> Option<String> {
    let path = attribute.path();
    let last = path.segments.last()?.ident.to_string();
    let qualifier = |path: &syn::Path, own: usize| -> Vec<String> {
        path.segments.iter().take(own).map(|segment| segment.ident.to_string()).collect()
    };
    let before = qualifier(path, path.segments.len() - 1);
    let ours = before.is_empty()
        || before == ["carafe"]
        || krate.is_some_and(|krate| before == qualifier(krate, krate.segments.len()));
    (ours && NAMES.iter().any(|(name, _)| *name == last)).then_some(last)
}

/// Returns what stands in the parentheses of an attribute that was not expanded yet.
pub(crate) fn arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    }
}

fn parse_methods(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let mut words = Vec::new();
    while input.peek(Ident::peek_any) {
        words.push(input.call(Ident::parse_any)?);
        if input.is_empty() {
            break;
        }
        input.parse::<Token![,]>()?;
    }
    Ok(words)
}

fn parse_literal(input: ParseStream<'_>, example: &str) -> syn::Result<LitStr> {
    if input.is_empty() {
        return Err(syn::Error::new(Span::call_site(), format!("the path is missing; write `{example}`")));
    }
    input.parse().map_err(|error| {
        syn::Error::new(error.span(), format!("expected a path in quotes, as in `{example}`"))
    })
}

/// Reads what may follow the path or the status: `crate = path`, for carafe under another name, and for routes `csrf = off`.
pub(crate) fn parse_rest(input: ParseStream<'_>, role: Role, example: &str) -> syn::Result<Rest> {
    let mut rest = Rest::default();
    let _: Option<Token![,]> = input.parse()?;
    while !input.is_empty() {
        if rest.krate.is_none() && input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            rest.krate = Some(input.call(syn::Path::parse_mod_style)?);
        } else if role == Role::Handler
            && rest.csrf_off.is_none()
            && input.fork().parse::<Ident>().is_ok_and(|name| name == "csrf")
        {
            let name: Ident = input.parse()?;
            parse_off(input, name.span())?;
            rest.csrf_off = Some(name.span());
        } else {
            let known = match role {
                Role::Handler => "only `csrf = off` and `crate = path` can follow here",
                Role::Catcher => "only `crate = path` can follow here",
            };
            return Err(input.error(format!("{known}; write `{example}`")));
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(rest)
}

/// Reads `= off`: a route has the protection as soon as the app has it, so there is nothing else to say.
fn parse_off(input: ParseStream<'_>, span: Span) -> syn::Result<()> {
    let is_off =
        input.parse::<Token![=]>().is_ok() && input.call(Ident::parse_any).is_ok_and(|word| word == "off");
    let message =
        "the setting is `csrf = off`; without it the app decides, by `App::csrf` and by what its routes take";
    if is_off { Ok(()) } else { Err(syn::Error::new(span, message)) }
}

fn known_methods(words: &[Ident], literal: &LitStr, errors: &mut Errors) -> Vec<&'static str> {
    if words.is_empty() {
        errors.push(
            literal.span(),
            "the method is missing; write `#[route(GET, POST, \"/path\")]`, or `#[any(\"/path\")]` for all methods",
        );
    }
    let mut methods = Vec::new();
    for word in words {
        let text = word.to_string();
        let known = METHODS.iter().find(|method| **method == text).copied();
        match known {
            Some(method) if methods.contains(&method) => {
                errors.push(word.span(), format!("`{method}` is listed twice"));
            }
            Some(method) => methods.push(method),
            None if text.eq_ignore_ascii_case("any") => {
                errors.push(word.span(), "for all methods write `#[any(\"/path\")]`");
            }
            None => errors.push(word.span(), unknown_method(&text)),
        }
    }
    methods
}

fn unknown_method(text: &str) -> String {
    let upper = text.to_ascii_uppercase();
    if METHODS.contains(&upper.as_str()) {
        return format!("methods are written in capitals: `{upper}`");
    }
    match closest(&upper, METHODS) {
        Some(method) => format!("unknown method `{text}`; did you mean `{method}`?"),
        None => format!("unknown method `{text}`; use one of {}", METHODS.join(", ")),
    }
}

fn parse_pattern(literal: &LitStr, errors: &mut Errors) -> Option<Pattern> {
    match Pattern::parse(&literal.value()) {
        Ok(pattern) => Some(pattern),
        Err(mistakes) => {
            for mistake in mistakes {
                errors.push_in(literal, mistake.at.clone(), &mistake.to_string());
            }
            None
        }
    }
}
