//! Colors as compilers write them for terminals (ECMA-48, *SGR*).

use std::fmt::Write as _;

/// A piece of text in one style.
struct Piece<'a> {
    style: Style,
    text: &'a str,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    bold: bool,
    /// 1 to 6: red, green, yellow, blue, magenta, cyan; 0 for none.
    color: u8,
}

/// Returns the text without colors.
pub(super) fn plain(text: &str) -> String {
    pieces(text).map(|piece| piece.text).collect()
}

/// Returns the text as HTML, with colors as classes.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for Piece { style, text } in pieces(text) {
        if style == Style::default() {
            escape(&mut out, text);
            continue;
        }
        let bold = if style.bold { "bold " } else { "" };
        // A string takes everything.
        let _ = write!(out, "<span class=\"{bold}c{}\">", style.color);
        escape(&mut out, text);
        out.push_str("</span>");
    }
    out
}

fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
}

/// Cuts the text where its style changes. Sequences that mean something else are left out.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut style = Style::default();
    text.split('\x1b').enumerate().filter_map(move |(place, piece)| {
        let mut text = piece;
        if place > 0
            && let Some(sequence) = piece.strip_prefix('[')
        {
            let end = sequence.find(|letter: char| letter.is_ascii_alphabetic());
            let (codes, rest) = sequence.split_at(end.unwrap_or(sequence.len()));
            if rest.starts_with('m') {
                style = changed(style, codes);
            }
            text = rest.get(1..).unwrap_or_default();
        }
        (!text.is_empty()).then_some(Piece { style, text })
    })
}

fn changed(mut style: Style, codes: &str) -> Style {
    let mut codes = codes.split(';').map(|code| code.parse::<u8>().unwrap_or_default());
    while let Some(code) = codes.next() {
        match code {
            0 => style = Style::default(),
            1 => style.bold = true,
            22 => style.bold = false,
            31..=36 | 91..=96 => style.color = code % 10,
            39 => style.color = 0,
            // One of 256 colors, of which the first sixteen are the usual ones.
            38 => {
                let color = (codes.next(), codes.next());
                if let (Some(5), Some(color @ (1..=6 | 9..=14))) = color {
                    style.color = color % 8;
                }
            }
            _ => {}
        }
    }
    style
}

#[cfg(test)]
mod tests {
    use super::{html, plain};

    #[test]
    fn what_rustc_writes() {
        let text = "\x1b[1m\x1b[38;5;9merror\x1b[0m\x1b[1m: <T> & \"x\"\x1b[0m\n\x1b[94m 1\x1b[39m |\n";
        assert_eq!(plain(text), "error: <T> & \"x\"\n 1 |\n");
        let expected = "<span class=\"bold c1\">error</span><span class=\"bold c0\">: &lt;T&gt; &amp; &quot;x&quot;</span>\n\
                        <span class=\"c4\"> 1</span> |\n";
        assert_eq!(html(text), expected);
    }

    #[test]
    fn sequences_that_are_none() {
        for (text, expected) in [
            ("a\x1b", "a"),
            ("a\x1b[", "a"),
            ("a\x1b[31", "a"),
            ("a\x1b[999;x", "a"),
            ("a\x1b[2Kb", "ab"),
            ("a\x1b[38;5mb", "ab"),
            ("a\x1b[38;2;1;2;3mé", "aé"),
            ("a\x1bé", "aé"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }
}
