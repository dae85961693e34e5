//! The commands of `carafe-alb`.

mod dev;
mod failure;
mod new;
mod output;
mod zip;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use carafe_alb::{Error, Options};

use failure::Failure;
use output::print;

const USAGE: &str = "\
Usage: carafe-alb [OPTIONS] -- COMMAND [ARGUMENT]...
       carafe-alb dev [OPTIONS] [-- CARGO-ARGUMENT...]
       carafe-alb new NAME [--with admin,dynamodb,terraform]
       carafe-alb zip BINARY [--include FOLDER]... [-o FILE]

Puts a Lambda function, in any language, behind a local Application Load Balancer. COMMAND has to speak the Lambda
Runtime API, as a `bootstrap` does, or `python3 -m awslambdaric app.handler`.

`new` makes a project, `dev` builds it whenever a file changes, `zip` packs a function for Lambda. `carafe-alb new --help` says more, and so do the others.

Options:
\x20 --help                           print this
  --version                        print the version
";

const VERSION: &str = concat!("carafe-alb ", env!("CARGO_PKG_VERSION"), "\n");

/// Runs the command that the arguments name.
pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let (first, rest) = match arguments.split_first() {
        Some((first, rest)) => (first.to_str().unwrap_or_default(), rest),
        None => ("", [].as_slice()),
    };
    let (command, done) = match first {
        "dev" => (" dev", dev::run(rest)),
        "new" => (" new", new::run(rest)),
        "zip" => (" zip", zip::run(rest)),
        "--help" | "-h" => ("", print(&[USAGE, Options::HELP])),
        "--version" | "-V" => ("", print(&[VERSION])),
        _ => ("", serve(arguments)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let Failure { why, code } = failure;
            let help = if code == failure::USAGE {
                format!("; see `carafe-alb{command} --help`")
            } else {
                String::new()
            };
            let _ = writeln!(std::io::stderr(), "carafe-alb{command}: {why}{help}");
            ExitCode::from(code)
        }
    }
}

fn serve(arguments: Vec<OsString>) -> Result<(), Failure> {
    let options = Options::from_arguments(arguments).map_err(|error| Failure::usage(error.to_string()))?;
    if options.command.is_empty() {
        return Err(Failure::usage("there is no function to call"));
    }
    carafe_alb::serve(options, |address| format!("Listening on http://{address}\n")).map_err(|error| {
        match error {
            Error::Listen { .. } => Failure::new(format!("{error} with --listen")),
            error => Failure::new(error.to_string()),
        }
    })
}
