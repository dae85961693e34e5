//! What fits into one answer, while the program is compiled.

use syn::LitStr;
use syn::parse::ParseStream;

use super::files::File;
use super::length::{event_length, length_elsewhere};

/// The most bytes of an answer's JSON.
#[derive(Clone, Copy)]
pub(super) struct Limit(usize);

/// What a load balancer takes: 1 MB, in the smaller reading.
pub(super) const ALB: Limit = Limit(1_000_000);

/// The part of it that status and headers may need.
const HEADERS: usize = 4_000;

impl Limit {
    /// Reads `6 MB` or `900 KB`.
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Limit> {
        let wrong = "expected a size, as in `limit = \"6 MB\"` or `\"900 KB\"`";
        let literal: LitStr = input.parse().map_err(|error| syn::Error::new(error.span(), wrong))?;
        bytes(&literal.value()).map(Limit).ok_or_else(|| syn::Error::new(literal.span(), wrong))
    }

    /// Says which files do not fit in any form.
    pub(super) fn problem(self, folder: &str, files: &[File]) -> Option<String> {
        // Who says more than a load balancer takes has none.
        let length = if self.0 > ALB.0 { length_elsewhere } else { event_length };
        let fits = |bytes: &[u8]| length(bytes) + HEADERS <= self.0;
        let is_too_long = |file: &&File| !fits(&file.bytes) && !file.gzip.as_deref().is_some_and(fits);
        let names: Vec<String> = files
            .iter()
            .filter(is_too_long)
            .map(|file| format!("`{folder}/{}` ({} bytes)", file.name, file.bytes.len()))
            .collect();
        let (first, other) = match names.as_slice() {
            [] => return None,
            [_] => ("does", "Put it"),
            _ => ("do", "Put them"),
        };
        let limit = self.0;
        let why = format!(
            "{} {first} not fit into an answer, which has at most {limit} bytes as JSON: {} of a file that is not text",
            names.join(", "),
            limit.saturating_sub(HEADERS) / 4 * 3,
        );
        let help = if limit == ALB.0 {
            "into a bucket, or say `limit = \"6 MB\"` where clients come through API Gateway or a function URL, not a load balancer"
        } else {
            "into a bucket"
        };
        Some(format!("{why}. {other} {help}"))
    }
}

fn bytes(size: &str) -> Option<usize> {
    [("KB", 1_000), ("MB", 1_000_000)].iter().find_map(|(unit, bytes)| {
        let number: usize = size.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::{ALB, Limit, bytes};
    use crate::embed::files::File;

    fn file(name: &str, bytes: Vec<u8>, gzip: Option<Vec<u8>>) -> File {
        File { name: name.to_owned(), bytes, gzip }
    }

    #[test]
    fn sizes_have_units() {
        for (text, size) in [("6 MB", 6_000_000), ("6MB", 6_000_000), ("900 KB", 900_000)] {
            assert_eq!(bytes(text), Some(size));
        }
        for text in ["", "MB", "6", "6 GB", "-1 MB", "1.5 MB", "6 MB!", "99999999999999999999 MB"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_that_fits_in_no_form_is_named() {
        let long = || vec![0xff; 800_000];
        let files = [
            file("a.bin", long(), None),
            file("b.bin", long(), Some(long())),
            file("c.bin", long(), Some(vec![0xff])),
            file("d.bin", vec![0xff; 740_000], None),
            file("e.txt", vec![b'a'; 990_000], None),
            file("f.txt", vec![b'\n'; 800_000], None),
        ];
        let problem = ALB.problem("static", &files).unwrap();
        for name in ["`static/a.bin` (800000 bytes)", "`static/b.bin`", "`static/f.txt`", "limit = \"6 MB\""]
        {
            assert!(problem.contains(name), "{problem}");
        }
        for name in ["c.bin", "d.bin", "e.txt"] {
            assert!(!problem.contains(name), "{problem}");
        }
        let elsewhere = Limit(6_000_000);
        assert!(elsewhere.problem("static", &files).is_none());
        // It is 4.7 MB as base64, and 7 MB as the text that API Gateway gets.
        let lines = [file("g.txt", vec![b'\n'; 3_500_000], None)];
        assert!(
            elsewhere.problem("static", &lines).is_some_and(|problem| problem.contains("`static/g.txt`"))
        );
        let packed = [file("g.txt", vec![b'\n'; 3_500_000], Some(vec![0xff; 1000]))];
        assert!(elsewhere.problem("static", &packed).is_none());
    }
}
