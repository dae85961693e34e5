//! The function under an attribute: its arguments, and what a handler cannot be.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Ident, ItemFn, Lifetime, Pat, ReturnType, Safety, Type, TypeReference};

use crate::cfg::Cfg;
use crate::errors::Errors;

/// One argument.
pub(crate) struct Argument {
    /// Its name, without `r#`; none for `_` and for patterns that take a value apart.
    pub(crate) name: Option<String>,
    pub(crate) span: Span,
    /// The type, each named lifetime replaced by `'_`.
    pub(crate) ty: Type,
    /// The type as written.
    pub(crate) written: Type,
    /// `#[cfg(…)]` attributes, which go wherever the argument does.
    pub(crate) cfg: Cfg,
}

/// The kind of function under the attribute, for messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Handler,
    Catcher,
}

impl Role {
    fn article(self) -> &'static str {
        match self {
            Role::Handler => "a handler",
            Role::Catcher => "a catcher",
        }
    }
}

/// Returns the arguments of a function, and reports every reason why it cannot be called by us.
pub(crate) fn arguments(function: &ItemFn, role: Role, errors: &mut Errors) -> Vec<Argument> {
    let who = role.article();
    let signature = &function.sig;
    for parameter in &signature.generics.params {
        match parameter {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(ty) => errors.push(
                ty.span(),
                format!(
                    "{who} cannot be generic: nothing says what `{}` is; write a concrete type",
                    ty.ident
                ),
            ),
            GenericParam::Const(constant) => errors.push(
                constant.span(),
                format!(
                    "{who} cannot be generic: nothing says what `{}` is; write its value",
                    constant.ident
                ),
            ),
        }
    }
    if let Safety::Unsafe(token) = signature.safety {
        errors.push(token.span, format!("{who} cannot be `unsafe`: requests call it"));
    }
    if let ReturnType::Type(_, ty) = &signature.output
        && let Type::Never(never) = &**ty
    {
        errors.push(never.span(), format!("{who} has to return something to send"));
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(variadic.span(), format!("{who} cannot take a variable number of arguments"));
    }
    signature.inputs.iter().filter_map(|input| argument(input, who, errors)).collect()
}

fn argument(input: &FnArg, who: &str, errors: &mut Errors) -> Option<Argument> {
    let typed = match input {
        FnArg::Receiver(receiver) => {
            errors.push(
                receiver.span(),
                format!(
                    "{who} cannot take `self`; make it a free function and take `State<T>` for what it needs"
                ),
            );
            return None;
        }
        FnArg::Typed(typed) => typed,
    };
    if let Type::ImplTrait(opaque) = &*typed.ty {
        errors.push(
            opaque.span(),
            format!("{who} cannot be generic: write a concrete type instead of `impl …`"),
        );
    }
    let (name, span) = match &*typed.pat {
        Pat::Ident(pattern) => (Some(pattern.ident.unraw().to_string()), pattern.ident.span()),
        other => (None, other.span()),
    };
    let mut ty = (*typed.ty).clone();
    Unnamed.visit_type_mut(&mut ty);
    let cfg = Cfg::of(&typed.attrs);
    Some(Argument { name, span, ty, written: (*typed.ty).clone(), cfg })
}

/// Returns whether `self` is among the arguments: then the function stands in an `impl`, where no type can stand beside it.
pub(crate) fn has_receiver(function: &ItemFn) -> bool {
    function.sig.receiver().is_some()
}

/// Replaces named lifetimes by `'_`: the glue has none of those names.
struct Unnamed;

impl VisitMut for Unnamed {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = Lifetime::new("'_", lifetime.span());
        }
    }
}

/// Gives every lifetime the same name, for a `for<'…>` in front.
struct Renamed<'n>(&'n str);

impl VisitMut for Renamed<'_> {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = Lifetime::new(self.0, lifetime.span());
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime.get_or_insert_with(|| Lifetime::new(self.0, reference.and_token.span));
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// Returns the type with all lifetimes named `name`.
pub(crate) fn with_lifetime(ty: &Type, name: &str) -> Type {
    let mut ty = ty.clone();
    Renamed(name).visit_type_mut(&mut ty);
    ty
}

/// Returns whether this is `&str`, `String` or `Cow<…>`: any piece of a path fits them.
pub(crate) fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => last_word(&reference.elem).is_some_and(|word| word == "str"),
        other => last_word(other).is_some_and(|word| word == "String" || word == "Cow"),
    }
}

/// Returns whether a type certainly requires nothing of the app and is read without waiting: numbers and the like, `String`, `&str`, `&Request`, and
/// `Option` and `Vec` of those.
pub(crate) fn is_there_at_once(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => {
            last_word(&reference.elem).is_some_and(|word| word == "str" || word == "Request")
        }
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Option" || last.ident == "Vec" => match &last.arguments {
                syn::PathArguments::AngleBracketed(inside) => inside.args.iter().all(
                    |argument| matches!(argument, syn::GenericArgument::Type(ty) if is_there_at_once(ty)),
                ),
                _ => false,
            },
            _ => is_primitive(ty) || is_text(ty),
        },
        _ => false,
    }
}

/// Returns whether this is a primitive type, which is known to have `Display`.
pub(crate) fn is_primitive(ty: &Type) -> bool {
    const PRIMITIVES: [&str; 16] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize",
    ];
    matches!(ty, Type::Path(path) if path.path.segments.len() == 1)
        && last_word(ty).is_some_and(|word| PRIMITIVES.iter().any(|primitive| word == primitive))
}

/// Returns whether this is `f32` or `f64`.
pub(crate) fn is_float(ty: &Type) -> bool {
    is_primitive(ty) && last_word(ty).is_some_and(|word| word == "f32" || word == "f64")
}

/// Returns whether this is `String` or `Vec<…>`.
pub(crate) fn is_owned(ty: &Type) -> bool {
    last_word(ty).is_some_and(|word| word == "String" || word == "Vec")
}

/// Returns whether the function says literally that it returns `&'static str`: text that no input can get into.
pub(crate) fn returns_own_text(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Reference(reference) = &**ty else { return false };
    reference.mutability.is_none()
        && reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
        && matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str"))
}

fn last_word(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Group(group) => last_word(&group.elem),
        Type::Paren(paren) => last_word(&paren.elem),
        _ => None,
    }
}
