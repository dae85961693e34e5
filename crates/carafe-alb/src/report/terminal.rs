//! The terminal: a line for each request, and why something did not work.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use super::Seen;
use crate::refusal::Reason;

#[derive(Debug)]
pub(crate) struct Terminal {
    colours: bool,
    quiet: bool,
}

impl Terminal {
    /// Colours where somebody looks, unless `NO_COLOR` says no.
    pub(crate) fn new(quiet: bool) -> Terminal {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Terminal { colours: std::io::stdout().is_terminal() && !unwanted, quiet }
    }

    pub(crate) fn request(&self, seen: &Seen) {
        let mut text = String::new();
        let colour = match seen.status {
            200..300 => GREEN,
            300..400 => CYAN,
            400..500 => YELLOW,
            _ => RED,
        };
        self.paint(&mut text, colour, &format!("{:03}", seen.status));
        match &seen.head {
            Some(head) => add(&mut text, format_args!("  {} {}", head.method, cut(&plain(&head.target)))),
            None => text.push_str("  (no request)"),
        }
        add(&mut text, format_args!("  {}, {}", millis(seen.started.elapsed()), bytes(seen.body)));
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
        self.show(&text);
    }

    /// One line that belongs to no request.
    pub(crate) fn line(&self, text: &str) {
        self.show(&format!("{}\n", plain(text)));
    }

    /// At once, so that lines do not mix. A terminal that has gone is no reason to refuse requests.
    fn show(&self, text: &str) {
        if !self.quiet {
            let _ = std::io::stdout().lock().write_all(text.as_bytes());
        }
    }

    fn paint(&self, text: &mut String, colour: &str, what: &str) {
        if self.colours {
            add(text, format_args!("\x1b[{colour}m{what}\x1b[0m"));
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

/// Further lines indented, without what could steer a terminal.
fn plain(text: &str) -> String {
    let text = text.trim_end().replace('\n', "\n     ");
    text.chars().filter(|&char| char == '\n' || !char.is_control()).collect()
}

/// A target that fits on a screen.
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
