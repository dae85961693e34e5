//! `routes![]` and `catchers![]`: the lists, and the check that nothing in them is there twice.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Path, Token};

fn paths(input: TokenStream, example: &str) -> Result<Vec<Path>, TokenStream> {
    let parser = Punctuated::<Path, Token![,]>::parse_terminated;
    match parser.parse2(input) {
        Ok(paths) => Ok(paths.into_iter().collect()),
        Err(error) => {
            let message = format!("expected the names of functions, as in `{example}` ({error})");
            Err(syn::Error::new(error.span(), message).to_compile_error())
        }
    }
}

/// The constant of all entries, and one assertion for each, shown at the entry.
fn checked(paths: &[Path], of: &TokenStream, why: &str) -> TokenStream {
    let entries = paths.iter().map(|path| quote_spanned!(located(path)=> <#path>::__CARAFE));
    let signposts = paths.iter().map(|path| quote_spanned!(located(path)=> <#path>::__CARAFE_SIGNPOSTS));
    let checks = paths.iter().enumerate().skip(1).map(|(index, path)| {
        quote_spanned! {located(path)=>
            const _: () = if let ::carafe::__private::Some((__carafe_first, __carafe_second)) =
                ::carafe::__private::clash(__CARAFE_SIGNPOSTS, #index)
            {
                ::carafe::__private::core::panic!(
                    "{}",
                    ::carafe::__private::trimmed(&::carafe::__private::clash_message(__carafe_first, __carafe_second, #why))
                )
            };
        }
    });
    quote! {
        const __CARAFE_ALL: &[&[#of]] = &[#(#entries),*];
        const __CARAFE_SIGNPOSTS: &[&[::carafe::__private::Signpost]] = &[#(#signposts),*];
        #(#checks)*
    }
}

fn located(path: &Path) -> Span {
    Span::mixed_site().located_at(path.span())
}

/// `routes![index, users::list]`
pub(crate) fn routes(input: TokenStream) -> TokenStream {
    let paths = match paths(input, "routes![index, users::list]") {
        Ok(paths) => paths,
        Err(error) => return quote!({ #error ::carafe::Routes::from_static(&[]) }),
    };
    let all = checked(&paths, &quote!(::carafe::__private::Route), " answers exactly the same requests as ");
    quote!({ #all ::carafe::Routes::from_static(__CARAFE_ALL) })
}

/// `catchers![not_found, anything_else]`
pub(crate) fn catchers(input: TokenStream) -> TokenStream {
    let paths = match paths(input, "catchers![not_found]") {
        Ok(paths) => paths,
        Err(error) => return quote!({ #error ::carafe::Catchers::from_static(&[]) }),
    };
    let all = checked(&paths, &quote!(::carafe::__private::Catcher), " answers exactly the same errors as ");
    quote!({ #all ::carafe::Catchers::from_static(__CARAFE_ALL) })
}
