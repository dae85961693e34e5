//! `embed!`: a folder as constants of the program.

mod files;
mod gzip;
mod length;
mod limit;

use std::path::{Path, PathBuf};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Ident, LitStr, Token};

use crate::routes::split;
use files::File;
use limit::{ALB, Limit};

/// What stands between the parentheses: the folder's path, and what may follow it.
struct Input {
    folder: LitStr,
    limit: Limit,
    gzip: bool,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Input> {
        let no_folder = |error: syn::Error| {
            syn::Error::new(error.span(), "expected the path of a folder, as in `embed!(\"static\")`")
        };
        let mut parsed = Input { folder: input.parse().map_err(no_folder)?, limit: ALB, gzip: true };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let option: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            match option.to_string().as_str() {
                "limit" => parsed.limit = Limit::parse(input)?,
                "gzip" => {
                    let value: Ident = input.parse()?;
                    if value != "off" {
                        return Err(syn::Error::new(value.span(), "`gzip = off` is all that can stand here"));
                    }
                    parsed.gzip = false;
                }
                _ => {
                    let message = "only `limit = \"6 MB\"` and `gzip = off` can follow the folder";
                    return Err(syn::Error::new(option.span(), message));
                }
            }
        }
        Ok(parsed)
    }
}

/// Expands `$crate; "static", limit = "6 MB"`.
pub(crate) fn embed(input: TokenStream) -> TokenStream {
    let (krate, input) = split(input);
    match Parser::parse2(Input::parse, input).and_then(|input| expand(&input, &krate)) {
        Ok(expanded) => expanded,
        Err(error) => {
            let error = error.to_compile_error();
            quote!({ #error #krate::Folder::embedded("", &[]) })
        }
    }
}

fn expand(input: &Input, krate: &TokenStream) -> syn::Result<TokenStream> {
    let failed = |message: String| syn::Error::new(input.folder.span(), message);
    let folder = input.folder.value();
    let files = files::below(&place(&folder)?, input.gzip).map_err(failed)?;
    if let Some(problem) = input.limit.problem(&folder, &files) {
        return Err(failed(problem));
    }
    let directory = path(&folder, krate);
    let entries = files.iter().map(|File { name, gzip, .. }| {
        let path = path(&format!("{folder}/{name}"), krate);
        let gzip = match gzip {
            Some(gzip) => {
                let bytes = Literal::byte_string(gzip);
                quote!(#krate::__private::Some(#bytes))
            }
            None => quote!(#krate::__private::None),
        };
        // The compiler looks at the file again when it has changed.
        quote! {
            #krate::__private::EmbeddedFile::new(#name, #krate::__private::core::include_bytes!(#path), #gzip)
        }
    });
    let count = files.len();
    Ok(quote!({
        static __CARAFE_FILES: [#krate::__private::EmbeddedFile; #count] = [#(#entries),*];
        #krate::Folder::embedded(
            if #krate::__private::core::cfg!(debug_assertions) { #directory } else { "" },
            &__CARAFE_FILES,
        )
    }))
}

/// Returns where a folder is: beside the `Cargo.toml` of the crate that is compiled.
fn place(folder: &str) -> syn::Result<PathBuf> {
    let beside = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    Ok(Path::new(&beside).join(folder))
}

/// Writes a path as an expression that names the folder of this machine only by a variable.
fn path(path: &str, krate: &TokenStream) -> TokenStream {
    if Path::new(path).is_absolute() {
        return quote!(#path);
    }
    let path = format!("/{path}");
    quote!(#krate::__private::core::concat!(#krate::__private::core::env!("CARGO_MANIFEST_DIR"), #path))
}
