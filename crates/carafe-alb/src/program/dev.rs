//! `carafe-alb dev`: builds a project whenever a file of it changes, behind a load balancer that goes on meanwhile.

mod build;
mod builder;
mod describe;
mod project;
mod snapshot;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carafe_alb::{Builds, Error, Options};

use super::failure::Failure;
use super::output::print;
use build::Cargo;
use builder::Builder;

const USAGE: &str = "\
Usage: carafe-alb dev [OPTIONS] [-- CARGO-ARGUMENT...]

Builds the package in this folder, as `cargo build` does, and puts it behind a local load balancer. When a file of it changes
it is built anew, and the next request is answered by the new program. What the compiler says is in the terminal, and in the
browser; other requests are answered by the last good build. A line in the terminal says when a build begins and how it ended.

What comes after `--` is for `cargo build`: -p NAME, --bin NAME, --features NAME, --release.

Options:
\x20 --help                           print this
";

/// Builds and serves until Ctrl-C.
pub(super) fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let options = arguments.iter().take_while(|&argument| argument != "--");
    if options.into_iter().any(|argument| argument == "--help" || argument == "-h") {
        return print(&[USAGE, Options::HELP]);
    }
    let mut options = Options::from_arguments(arguments.iter().cloned())
        .map_err(|error| Failure::usage(format!("{error}; what is for Cargo comes after `--`")))?;
    if !options.events.is_empty() {
        return Err(Failure::usage("--event is for `carafe-alb --event FILE -- COMMAND`"));
    }
    let cargo = Cargo::new(std::mem::take(&mut options.command));
    let project = project::read(cargo.metadata()).map_err(Failure::new)?;
    let place = Place::new(&project.target)?;
    let builder = Arc::new(Builder::new(cargo, project, place.program()));
    let looking = Arc::downgrade(&builder);
    let builds = Arc::new(Builds::new(move || {
        if let Some(builder) = looking.upgrade() {
            builder.look();
        }
    }));
    options.command.push(place.program().into());
    options.builds = Some(Arc::clone(&builds));
    builder.start(builds).map_err(|error| Failure::new(format!("cannot start a thread: {error}")))?;
    // The first build is under way.
    let greeting = |address| format!("Listening on http://{address}\n{}", builder::BUILDING);
    let served = carafe_alb::serve(options, greeting);
    builder.stop();
    served.map_err(|error| match error {
        Error::Listen { .. } => Failure::new(format!("{error} with --listen")),
        error => Failure::new(error.to_string()),
    })
}

/// Where the program lies that is run: a copy, because the compiler takes its own away before there is a new one.
struct Place(PathBuf);

impl Place {
    fn new(target: &Path) -> Result<Place, Failure> {
        let folder = target.join(format!("carafe-alb-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::new(format!("cannot make the folder {}: {error}", folder.display())))?;
        Ok(Place(folder))
    }

    fn program(&self) -> PathBuf {
        self.0.join("bootstrap")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
