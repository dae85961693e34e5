//! The command line of every carafe program.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;

use bytes::Bytes;
use carafe_lambda::{Context, Failure};

use super::{IntoApp, serve};
use crate::app::{App, Purpose, RouteNote};
use crate::blocking::block_here;
use crate::build::{Assembled, assemble};
use crate::error::{Error, Result};
use crate::pipeline::Entry;

/// The command that the command line asks for.
#[derive(Debug, PartialEq)]
enum Command {
    Serve { options: Vec<OsString> },
    Invoke { file: OsString },
    Routes,
    Describe,
    Help,
}

const HELP: &str = "\
Usage: PROGRAM [COMMAND]

Commands:
  serve [OPTIONS]   answer HTTP through a local load balancer (also without a command)
  invoke FILE|-     answer the one event in FILE, or on standard input, and print the answer
  routes            list the routes in the order in which they are tried
  describe          print the routes, and a value for each variable that is not set, as JSON: for `carafe-alb dev`
  --help            print this

On Lambda (AWS_LAMBDA_RUNTIME_API is set) the program answers invocations and takes no commands.
";

pub(super) fn run<M>(arguments: Vec<OsString>, app: impl IntoApp<M>) -> Result {
    match parse(arguments).map_err(Error::in_words)? {
        Command::Help => print(&format!("{HELP}\n{}", serve::help())),
        // The app is made here only to be checked and listed; the function makes its own.
        Command::Serve { options } => serve::serve(options, || {
            let (app, assembled) = made(app, Purpose::Check)?;
            Ok((app, table(&assembled)))
        }),
        Command::Invoke { file } => invoke(&file, &made(app, Purpose::Command)?.1),
        Command::Describe => {
            let (app, assembled) = made(app, Purpose::Check)?;
            print(&serve::describe(&app, &table(&assembled))?)
        }
        Command::Routes => print(&table(&made(app, Purpose::Check)?.1)),
    }
}

fn parse(arguments: Vec<OsString>) -> Result<Command, String> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(Command::Help);
    }
    let mut arguments = arguments.into_iter();
    let Some(first) = arguments.next() else { return Ok(Command::Serve { options: Vec::new() }) };
    let command = match first.to_str() {
        Some("serve") => Command::Serve { options: arguments.by_ref().collect() },
        Some("invoke") => {
            let file = arguments.next();
            Command::Invoke {
                file: file.ok_or("`invoke` needs a file with an event, or `-` for standard input")?,
            }
        }
        Some("routes") => Command::Routes,
        Some("describe") => Command::Describe,
        Some("help") => Command::Help,
        Some(option) if option.starts_with('-') => {
            return Err(format!(
                "`{option}` comes before a command; options follow `serve`, as in `serve {option} …`"
            ));
        }
        _ => {
            let first = first.to_string_lossy();
            return Err(format!(
                "unknown command `{first}`; expected `serve`, `invoke`, `routes`, `describe` or `--help`"
            ));
        }
    };
    match arguments.next() {
        None => Ok(command),
        Some(more) => Err(format!("unexpected argument `{}`; see `--help`", more.to_string_lossy())),
    }
}

/// Makes the app and assembles it. Making it may wait, so it needs a runtime; the connections it opens belong to that.
fn made<M>(app: impl IntoApp<M>, purpose: Purpose) -> Result<(App, Assembled)> {
    let app = block_here(app.into_app()).map_err(Error::in_words)??;
    let assembled = assemble(&app, purpose)?;
    Ok((app, assembled))
}

fn print(text: &str) -> Result {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

fn invoke(file: &OsString, assembled: &Assembled) -> Result {
    let event = if file == "-" {
        let mut event = Vec::new();
        std::io::stdin().read_to_end(&mut event)?;
        event
    } else {
        let unreadable =
            |error| Error::in_words(format!("cannot read {}: {error}", Path::new(file).display()));
        std::fs::read(file).map_err(unreadable)?
    };
    let context = Context::new("00000000-0000-0000-0000-000000000000");
    let answering = async {
        let outcome =
            carafe_lambda::respond(assembled, Bytes::from(event), context, &assembled.settings.options).await;
        let failed = |failure: Failure| Error::in_words(format!("{}: {}", failure.kind, failure.message));
        let printed = outcome.answer.map_err(failed).and_then(|answer| {
            let mut out = std::io::stdout();
            out.write_all(&answer)?;
            out.write_all(b"\n")?;
            Ok(())
        });
        if let Some(after) = outcome.after {
            after.run().await;
        }
        printed
    };
    block_here(answering).map_err(Error::in_words)?
}

/// Lists the routes, one a line: method, pattern, function, place, and what features say of it.
fn table(app: &Assembled) -> String {
    let rows: Vec<[String; 4]> =
        app.pipeline.router.iter().map(|(_, _, entry)| row(entry, &app.notes)).collect();
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
    let (methods, patterns, names) = (width(0), width(1), width(2));
    let line = |[method, pattern, name, place]: &[String; 4]| {
        format!("{method:methods$}  {pattern:patterns$}  {name:names$}  {place}\n")
    };
    rows.iter().map(line).collect()
}

fn row(entry: &Entry, notes: &[RouteNote]) -> [String; 4] {
    let origin = entry.route.origin();
    let mut place = format!("{}:{}", origin.file, origin.line);
    for note in notes.iter().filter_map(|note| note(&entry.route)) {
        place = format!("{place}  {note}");
    }
    #[cfg(feature = "garde")]
    for name in crate::argument::Requirements::validated(entry.route.requires()) {
        place = format!("{place}  validates {name}");
    }
    [entry.route.method().to_owned(), entry.pattern.as_str().to_owned(), origin.name.to_owned(), place]
}

#[cfg(test)]
mod tests {
    use super::{Command, Purpose, assemble, parse, table};
    use crate::{App, Request};

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(Into::into).collect())
    }

    #[test]
    fn the_table_has_the_notes_of_features() {
        let app =
            App::new().route("POST", "/send", |_: &Request| "sent").route("GET", "/", |_: &Request| "page");
        let lines = |app: App| -> Vec<String> {
            let words = |line: &str| {
                let mut words: Vec<&str> = line.split_whitespace().collect();
                // The place of the closure.
                words.remove(3);
                words.join(" ")
            };
            let mut lines: Vec<String> =
                table(&assemble(&app, Purpose::Check).unwrap()).lines().map(words).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(app.clone()), ["GET / closure", "POST /send closure"]);
        assert_eq!(lines(app.clone().csrf(true)), ["GET / closure", "POST /send closure csrf"]);
        let short = |route: &crate::Route| (route.pattern() == "/").then_some("short");
        assert_eq!(
            lines(app.csrf(true).note_routes(short)),
            ["GET / closure short", "POST /send closure csrf"]
        );
    }

    #[cfg(feature = "garde")]
    #[test]
    fn the_table_says_what_is_validated() {
        use crate::{Form, Json, post};

        #[derive(serde::Deserialize, garde::Validate)]
        struct Text(#[garde(length(min = 1))] String);

        #[post("/json", crate = crate)]
        fn json(Json(_): Json<Text>) {}

        #[post("/form", crate = crate)]
        fn form(form: crate::Result<Option<Form<Text>>>) {
            let _ = form;
        }

        #[post("/argument", crate = crate)]
        fn argument(text: Option<Text>, other: Json<String>) {
            let _ = (text, other);
        }

        #[post("/other", crate = crate)]
        fn other(other: Json<String>) {
            let _ = other;
        }

        let app = App::new().routes(crate::routes![json, form, argument, other]);
        let table = table(&assemble(&app, Purpose::Check).unwrap());
        for (path, is_validated) in [("/json", true), ("/form", true), ("/argument", true), ("/other", false)]
        {
            let line = table.lines().find(|line| line.contains(path)).unwrap();
            assert_eq!(line.ends_with("  validates Text"), is_validated, "{line}");
        }
    }

    #[test]
    fn commands() {
        assert_eq!(parsed(""), Ok(Command::Serve { options: vec![] }));
        assert_eq!(parsed("serve"), Ok(Command::Serve { options: vec![] }));
        assert_eq!(
            parsed("serve --listen 8080"),
            Ok(Command::Serve { options: vec!["--listen".into(), "8080".into()] })
        );
        assert_eq!(parsed("invoke x.json"), Ok(Command::Invoke { file: "x.json".into() }));
        assert_eq!(parsed("invoke -"), Ok(Command::Invoke { file: "-".into() }));
        assert_eq!(parsed("routes"), Ok(Command::Routes));
        assert_eq!(parsed("describe"), Ok(Command::Describe));
        for help in ["--help", "-h", "help", "serve --help", "invoke -h", "routes --help"] {
            assert_eq!(parsed(help), Ok(Command::Help), "{help}");
        }
        assert!(parsed("--listen 8080").unwrap_err().contains("`serve --listen …`"));
        assert!(parsed("invoke").unwrap_err().contains("needs a file"));
        assert!(parsed("sevre").unwrap_err().contains("`sevre`"));
        assert!(parsed("routes all").unwrap_err().contains("`all`"));
    }
}
