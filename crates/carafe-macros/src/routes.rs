//! `routes![]` and `catchers![]`: the lists, and the check that nothing in them is there twice.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Path, Token};

use crate::cfg::Cfg;

/// The kind of a list: routes or catchers.
struct Kind {
    example: &'static str,
    /// The type of the list, of its entries, and the trait that brings them.
    list: &'static str,
    entry: &'static str,
    listed: &'static str,
    constant: &'static str,
    same: &'static str,
}

const ROUTES: Kind = Kind {
    example: "routes![index, users::list]",
    list: "Routes",
    entry: "Route",
    listed: "ListedRoutes",
    constant: "ROUTES",
    same: " answers exactly the same requests as ",
};

const CATCHERS: Kind = Kind {
    example: "catchers![not_found]",
    list: "Catchers",
    entry: "Catcher",
    listed: "ListedCatchers",
    constant: "CATCHERS",
    same: " answers exactly the same errors as ",
};

/// Expands `routes![index, users::list]`.
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    list(input, &ROUTES)
}

/// Expands `catchers![not_found, anything_else]`.
pub(crate) fn catchers(input: TokenStream) -> TokenStream {
    list(input, &CATCHERS)
}

/// The name of one function.
struct Entry {
    cfg: Cfg,
    path: Path,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Entry> {
        let attributes = input.call(Attribute::parse_outer)?;
        Ok(Entry { cfg: Cfg::of(&attributes), path: input.parse()? })
    }
}

/// Expands `$crate; names`.
fn list(input: TokenStream, kind: &Kind) -> TokenStream {
    let (krate, names) = split(input);
    let list = Ident::new(kind.list, Span::call_site());
    match Punctuated::<Entry, Token![,]>::parse_terminated.parse2(names) {
        Ok(entries) => {
            let entries: Vec<Entry> = entries.into_iter().collect();
            let all = checked(&entries, &krate, kind);
            quote!({ #all #krate::#list::from_static(__CARAFE_ALL) })
        }
        Err(error) => {
            let message = format!("expected the names of functions, as in `{}` ({error})", kind.example);
            let error = syn::Error::new(error.span(), message).to_compile_error();
            quote!({ #error #krate::#list::from_static(&[]) })
        }
    }
}

/// Takes the path of carafe off, which the macro in front has put before a semicolon.
pub(crate) fn split(input: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = input.into_iter();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let krate = tokens.by_ref().take_while(|token| !is_end(token)).collect();
    (krate, tokens.collect())
}

/// Writes the constant of all entries, and one assertion for each, shown at the entry.
fn checked(entries: &[Entry], krate: &TokenStream, kind: &Kind) -> TokenStream {
    let [entry, listed, constant] =
        [kind.entry, kind.listed, kind.constant].map(|name| Ident::new(name, Span::call_site()));
    let of = |path: &Path, constant: &Ident| {
        let (span, ty) = (located(path), named(path));
        quote_spanned!(span=> <#ty as #krate::__private::#listed>::#constant)
    };
    let signposts = Ident::new("SIGNPOSTS", Span::call_site());
    let (mut names, mut posts, mut conditional) = (Vec::new(), Vec::new(), TokenStream::new());
    for (index, Entry { cfg, path }) in entries.iter().enumerate() {
        let (all, own_posts) = (of(path, &constant), of(path, &signposts));
        if cfg.is_empty() {
            names.push(all);
            posts.push(own_posts);
            continue;
        }
        // An entry that is left out keeps its place, as an empty list: the assertions count places.
        let (name, post) = (format_ident!("__CARAFE_{index}"), format_ident!("__CARAFE_POSTS_{index}"));
        let (there, not_there) = (cfg.attribute(), cfg.opposite());
        conditional.extend(quote_spanned! {located(path)=>
            #there const #name: &[#krate::__private::#entry] = #all;
            #there const #post: &[#krate::__private::Signpost] = #own_posts;
            #not_there const #name: &[#krate::__private::#entry] = &[];
            #not_there const #post: &[#krate::__private::Signpost] = &[];
        });
        names.push(quote!(#name));
        posts.push(quote!(#post));
    }
    let same = kind.same;
    let checks = entries.iter().enumerate().skip(1).map(|(index, Entry { path, .. })| {
        quote_spanned! {located(path)=>
            const _: () = __carafe_assert_distinct(__CARAFE_SIGNPOSTS, #index, #same);
        }
    });
    // Called by one name, all of it spanned as the entry: so the compiler shows the entry.
    let import = (entries.len() > 1)
        .then(|| quote!(use #krate::__private::assert_distinct as __carafe_assert_distinct;));
    quote! {
        #import
        #conditional
        const __CARAFE_ALL: &[&[#krate::__private::#entry]] = &[#(#names),*];
        const __CARAFE_SIGNPOSTS: &[&[#krate::__private::Signpost]] = &[#(#posts),*];
        #(#checks)*
    }
}

/// Returns the path of a function's type, for the compiler's message where it has none: a name alone as if this macro had
/// written it, so that the message names the macro, which says what is missing. Longer paths may begin with `crate`, which
/// would then be carafe.
///
/// To import the name would allow for a message of our own, but an import is ambiguous (E0659) where a crate, a primitive
/// type or something further out has the name, too.
fn named(path: &Path) -> TokenStream {
    match path.get_ident().cloned() {
        Some(mut name) => {
            name.set_span(located(path));
            quote!(#name)
        }
        None => quote!(#path),
    }
}

/// Returns the place of the function's name.
fn located(path: &Path) -> Span {
    let name = path.segments.last().map_or_else(|| path.span(), |last| last.ident.span());
    Span::mixed_site().located_at(name)
}
