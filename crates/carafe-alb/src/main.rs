//! `carafe-alb -- COMMAND`: a local Application Load Balancer in front of any Lambda function.

use std::io::Write as _;
use std::process::ExitCode;

use carafe_alb::{Error, Options};

const USAGE: &str = "\
Usage: carafe-alb [OPTIONS] -- COMMAND [ARGUMENT]...

Puts a Lambda function, in any language, behind a local Application Load Balancer. COMMAND has to speak the Lambda
Runtime API, as a `bootstrap` does, or `python3 -m awslambdaric app.handler`.

Options:
\x20 --help                           print this
";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--help" || first == "-h") {
        return match write!(std::io::stdout(), "{USAGE}{}", Options::HELP) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let options = match Options::from_arguments(arguments) {
        Ok(options) if options.command.is_empty() => {
            return failed("there is no function to call; see `carafe-alb --help`", 2);
        }
        Ok(options) => options,
        Err(error) => return failed(&format!("{error}; see `carafe-alb --help`"), 2),
    };
    match carafe_alb::serve(options, |address| format!("Listening on http://{address}\n")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ Error::Listen { .. }) => failed(&format!("{error} with --listen"), 1),
        Err(error) => failed(&error.to_string(), 1),
    }
}

fn failed(why: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "carafe-alb: {why}");
    ExitCode::from(code)
}
