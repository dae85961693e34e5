//! `carafe-alb new`: a project that runs and is tested at once. Nothing is downloaded: its files are in this program.

mod dependency;
mod module;
mod name;
mod render;
mod templates;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt as _};

use super::failure::Failure;
use super::output::print;
use module::MODULE;
use render::Values;
use templates::{FILES, Part};

const USAGE: &str = "\
Usage: carafe-alb new NAME [OPTIONS]

Makes a project in the new folder NAME, in which `cargo run` and `cargo test` work at once.

Options:
  --with PARTS    parts that it has, with commas between:
                    admin       a page behind a login, templates and a style sheet
                    dynamodb    a table of Amazon DynamoDB behind a trait
                    terraform   what it takes to deploy it, in the folder `deploy`
  --carafe PATH   depend on carafe in this clone [the clone that carafe-alb was built in, or version 0.1]
  --help          print this
";

/// What the command line asks for.
#[derive(Debug)]
struct Wanted {
    name: String,
    parts: Vec<Part>,
    carafe: Option<PathBuf>,
}

/// Makes the project that the arguments name.
pub(super) fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let Some(Wanted { name, parts, carafe }) = read(arguments)? else {
        return print(&[USAGE]);
    };
    name::check(&name, parts.contains(&Part::Terraform)).map_err(Failure::new)?;
    let dependency = dependency::carafe(carafe.as_deref(), &parts)?;
    let folder = Path::new(&name);
    let values = Values { name: &name, carafe: &dependency, parts: &parts };
    make(folder, &values, is_inside_package(folder))?;
    let with: Vec<_> = parts.iter().map(|part| part.name()).collect();
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    print(&[&format!(
        "Made {name}/{with}. Next:\n  cd {name}\n  cargo run     # at http://127.0.0.1:3000\n  cargo test\n"
    )])
}

fn read(arguments: &[OsString]) -> Result<Option<Wanted>, Failure> {
    let (mut name, mut parts, mut carafe) = (None, Vec::new(), None);
    let mut parser = Parser::from_args(arguments.iter().cloned());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("with") => {
                for word in parser.value()?.string()?.split(',') {
                    let part = Part::named(word).ok_or_else(|| {
                        Failure::usage(format!(
                            "--with cannot be `{word}`; it can be admin, dynamodb and terraform"
                        ))
                    })?;
                    parts.push(part);
                }
            }
            Arg::Long("carafe") => carafe = Some(PathBuf::from(parser.value()?)),
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(Failure::usage(other.unexpected().to_string())),
        }
    }
    parts.sort_unstable();
    parts.dedup();
    let name = name.ok_or_else(|| Failure::usage("the project needs a name"))?;
    Ok(Some(Wanted { name, parts, carafe }))
}

/// Whether Cargo would take the project for a member of a workspace around it, which does not name it.
fn is_inside_package(folder: &Path) -> bool {
    let above = std::path::absolute(folder).unwrap_or_default();
    above.ancestors().skip(1).any(|folder| folder.join("Cargo.toml").is_file())
}

/// Writes all files into a folder that must not be there.
fn make(folder: &Path, values: &Values<'_>, in_package: bool) -> Result<(), Failure> {
    std::fs::create_dir(folder).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::new(format!(
            "{} is there already: take another name, or put the folder away",
            folder.display()
        )),
        _ => Failure::new(format!("cannot make the folder {}: {error}", folder.display())),
    })?;
    for file in FILES.iter().filter(|file| file.part.is_none_or(|part| values.parts.contains(&part))) {
        let mut text =
            if file.is_rendered { render::render(file.text, values) } else { file.text.to_owned() };
        if file.path == "Cargo.toml" && in_package {
            text.push_str(OWN_WORKSPACE);
        }
        write(&folder.join(file.path), &text)?;
    }
    if values.parts.contains(&Part::Terraform) {
        MODULE.iter().try_for_each(|(path, text)| write(&folder.join(path), text))?;
    }
    Ok(())
}

/// Writes one file, in folders that are made for it.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

const OWN_WORKSPACE: &str = "
# It is inside the folder of another package, and not a part of that.
[workspace]
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_may_be_inside_a_package() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(is_inside_package(&package.join("app")));
        assert!(is_inside_package(&package.join("folder/that/is/not/there/app")));
        // Nothing is above it but `/`.
        assert_eq!(is_inside_package(Path::new("/app")), Path::new("/Cargo.toml").exists());
    }
}
