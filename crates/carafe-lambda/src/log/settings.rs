//! The level and format of the log.

use std::sync::OnceLock;

/// The level of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    /// A level that no line has, which turns the log off.
    Off,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Level::Trace => "TRACE",
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
            Level::Off => "OFF",
        }
    }

    fn parse(name: &str) -> Option<Level> {
        let levels = [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Off];
        // Lambda's scale has one more step at its top.
        let name = if name.eq_ignore_ascii_case("FATAL") { "ERROR" } else { name };
        levels.into_iter().find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

/// The settings from the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) level: Level,
    pub(super) json: bool,
    pub(super) color: bool,
}

impl Settings {
    /// Returns the settings, read once. `AWS_LAMBDA_LOG_LEVEL` overrides `RUST_LOG`; without `AWS_LAMBDA_LOG_FORMAT` the
    /// log is JSON on Lambda and text elsewhere.
    pub(super) fn get() -> &'static Settings {
        static SETTINGS: OnceLock<Settings> = OnceLock::new();
        SETTINGS.get_or_init(|| {
            let variable = |name: &str| std::env::var(name).ok();
            let color = || std::io::IsTerminal::is_terminal(&std::io::stderr());
            Settings::from(
                variable("AWS_LAMBDA_LOG_LEVEL").as_deref(),
                variable("RUST_LOG").as_deref(),
                variable("AWS_LAMBDA_LOG_FORMAT").as_deref(),
                crate::environment::on_lambda(),
                color,
            )
        })
    }

    fn from(
        lambda: Option<&str>,
        rust: Option<&str>,
        format: Option<&str>,
        on_lambda: bool,
        color: impl FnOnce() -> bool,
    ) -> Settings {
        let level = lambda.and_then(|name| Level::parse(name.trim())).or_else(|| rust.and_then(directive));
        let json = match format.map(str::trim) {
            Some(format) if format.eq_ignore_ascii_case("text") => false,
            Some(format) if format.eq_ignore_ascii_case("json") => true,
            _ => on_lambda,
        };
        Settings { level: level.unwrap_or(Level::Info), json, color: !json && color() }
    }
}

/// Returns the level of `RUST_LOG`: of the directive for `carafe` or, without one, of the general directive.
fn directive(text: &str) -> Option<Level> {
    let directives = || text.split(',').map(str::trim);
    let own = directives().filter_map(|one| one.split_once('=')).find(|(target, _)| *target == "carafe");
    match own {
        Some((_, level)) => Level::parse(level),
        None => directives().find_map(Level::parse),
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, Settings};

    #[test]
    fn levels_and_formats() {
        for (lambda, rust, level) in [
            (None, None, Level::Info),
            (Some("WARN"), Some("debug"), Level::Warn),
            (Some("FATAL"), None, Level::Error),
            (Some("nonsense"), Some("debug"), Level::Debug),
            (None, Some("hyper=trace,error"), Level::Error),
            (None, Some("info,carafe=debug"), Level::Debug),
            (None, Some("off"), Level::Off),
            (None, Some("hyper=trace"), Level::Info),
        ] {
            assert_eq!(Settings::from(lambda, rust, None, true, || true).level, level, "{lambda:?} {rust:?}");
        }
        for (format, on_lambda, json) in [
            (None, true, true),
            (None, false, false),
            (Some("JSON"), false, true),
            (Some("Text"), true, false),
            (Some("neither"), true, true),
        ] {
            assert_eq!(
                Settings::from(None, None, format, on_lambda, || true).json,
                json,
                "{format:?} {on_lambda}"
            );
        }
    }
}
