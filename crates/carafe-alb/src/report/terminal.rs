//! The terminal: a line for each request, and why something did not work.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::time::Duration;

use super::Seen;
use super::escape::is_unsafe;
use super::output::Output;
use crate::error::Error;
use crate::refusal::Reason;

/// Standard output; nothing with [`Options::quiet`](crate::Options::quiet).
#[derive(Debug)]
pub(crate) struct Terminal {
    colors: bool,
    output: Option<Output>,
}

impl Terminal {
    /// Starts the writer. There are colors if standard output is a terminal, unless `NO_COLOR` is set.
    pub(crate) fn start(quiet: bool) -> Result<Terminal, Error> {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colors = std::io::stdout().is_terminal() && !unwanted;
        let start = || Output::start("terminal", || Ok(std::io::stdout())).map_err(Error::Runtime);
        Ok(Terminal { colors, output: (!quiet).then(start).transpose()? })
    }

    /// Shows a request and how it ended.
    pub(crate) fn request(&self, seen: &Seen) {
        self.show(&self.text(seen, seen.started.elapsed()));
    }

    fn text(&self, seen: &Seen, took: Duration) -> String {
        let mut text = String::new();
        let color = match seen.status {
            200..300 => GREEN,
            300..400 => CYAN,
            400..500 => YELLOW,
            _ => RED,
        };
        self.paint(&mut text, color, &format!("{:03}", seen.status));
        match &seen.head {
            Some(head) => add(&mut text, format_args!("  {} {}", head.method, cut(&plain(&head.target)))),
            None => text.push_str("  (no request)"),
        }
        add(&mut text, format_args!("  {}, {}", millis(took), bytes(seen.body)));
        if let Some(took) = seen.cold_start {
            self.paint(&mut text, DIM, &format!(", cold start {}", millis(took)));
        }
        text.push('\n');
        if let Some(why) = &seen.why {
            let reason = if seen.reason == Reason::None { "" } else { seen.reason.as_str() };
            let why = if reason.is_empty() { plain(why) } else { format!("{reason}: {}", plain(why)) };
            add(&mut text, format_args!("     {why}\n"));
        }
        for warning in &seen.warnings {
            text.push_str("     ");
            self.paint(&mut text, YELLOW, "warning");
            add(&mut text, format_args!(": {}\n", plain(warning)));
        }
        text
    }

    /// Shows one line that belongs to no request.
    pub(crate) fn line(&self, text: &str) {
        self.show(&format!("{}\n", plain(text)));
    }

    /// Shows text as it is, at once, so that lines do not mix.
    pub(crate) fn show(&self, text: &str) {
        if let Some(output) = &self.output {
            output.write(text.as_bytes());
        }
    }

    /// Waits until all has been shown, but not for a reader that does not read.
    pub(crate) fn finish(&self) {
        if let Some(output) = &self.output {
            output.finish();
        }
    }

    fn paint(&self, text: &mut String, color: &str, what: &str) {
        if self.colors {
            add(text, format_args!("\x1b[{color}m{what}\x1b[0m"));
        } else {
            text.push_str(what);
        }
    }
}

const GREEN: &str = "32";
const CYAN: &str = "36";
const YELLOW: &str = "33";
const RED: &str = "31";
const DIM: &str = "2";

fn add(text: &mut String, what: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = text.write_fmt(what);
}

/// Indents further lines and escapes what could steer a terminal.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.trim_end().chars() {
        match char {
            '\n' => plain.push_str("\n     "),
            char if is_unsafe(char) => plain.extend(char.escape_default()),
            char => plain.push(char),
        }
    }
    plain
}

/// Shortens a target to what fits on a screen.
fn cut(target: &str) -> String {
    const MOST: usize = 100;
    match target.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", target.get(..at).unwrap_or_default()),
        None => target.to_owned(),
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn bytes(number: usize) -> String {
    match number {
        0..10_000 => format!("{number} B"),
        _ => format!("{:.1} kB", number as f64 / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text for a request that took 1.23 ms.
    fn text(colors: bool, seen: &Seen) -> String {
        Terminal { colors, output: None }.text(seen, Duration::from_micros(1230))
    }

    fn seen(status: u16) -> Seen {
        Seen { status, ..Seen::new("203.0.113.7:4711".parse().unwrap()) }
    }

    #[test]
    fn colors_tell_the_class_of_the_status() {
        for (status, color) in [(200, 32), (299, 32), (304, 36), (404, 33), (460, 33), (500, 31), (0, 31)] {
            let text = text(true, &seen(status));
            let start = format!("\x1b[{color}m{status:03}\x1b[0m  (no request)");
            assert!(text.starts_with(&start), "{text:?}");
        }
        assert!(text(false, &seen(304)).starts_with("304  (no request)"));
    }

    #[test]
    fn all_that_a_line_can_say() {
        let mut seen = Seen { body: 9_999, cold_start: Some(Duration::from_millis(20)), ..seen(200) };
        seen.warnings = vec!["two\nlines".to_owned()];
        let shown = "200  (no request)  1.2 ms, 9999 B, cold start 20.0 ms\n     warning: two\n     lines\n";
        assert_eq!(text(false, &seen), shown);
        let dim = "\x1b[2m, cold start 20.0 ms\x1b[0m\n     \x1b[33mwarning\x1b[0m: two";
        assert!(text(true, &seen).contains(dim), "{:?}", text(true, &seen));
        seen.body = 10_000;
        assert!(text(false, &seen).contains(", 10.0 kB, "));
    }

    #[test]
    fn why_it_was_refused() {
        let why = Some("no body".to_owned());
        let refused = Seen { why: why.clone(), ..seen(400) };
        assert_eq!(text(false, &refused), "400  (no request)  1.2 ms, 0 B\n     no body\n");
        let failed = Seen { why, reason: Reason::LambdaUnhandled, ..seen(502) };
        assert_eq!(text(false, &failed), "502  (no request)  1.2 ms, 0 B\n     LambdaUnhandled: no body\n");
    }

    #[test]
    fn a_long_target_is_cut() {
        assert_eq!(cut(&"ü".repeat(100)), "ü".repeat(100));
        assert_eq!(cut(&"ü".repeat(101)), format!("{}…", "ü".repeat(100)));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(
            plain("a\nb\u{1b}[31m\r\u{202e}c\u{2028}ü\n"),
            "a\n     b\\u{1b}[31m\\r\\u{202e}c\\u{2028}ü"
        );
    }
}
