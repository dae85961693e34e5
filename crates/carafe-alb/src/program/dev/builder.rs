//! Builds again and again: looks for changes, builds, and says how it went.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use carafe_alb::Builds;

use super::super::output::{print, told};
use super::build::{Built, Cargo, MANIFEST, made_of};
use super::describe;
use super::project::{self, Project};
use super::snapshot::{Changes, Snapshot};

/// The line that says that a build begins.
pub(super) const BUILDING: &str = "Building; requests wait for it\n";

/// The time between two looks where no request comes.
const PAUSE: Duration = Duration::from_millis(300);

/// The most builds that are made before a good one is taken although files have changed in each.
const MOST_BUILDS: u32 = 5;

/// Watches a project, and builds it in a thread of its own.
#[derive(Debug)]
pub(super) struct Builder {
    cargo: Cargo,
    /// Where the program is put.
    place: PathBuf,
    watch: Mutex<Watch>,
    changed: Condvar,
    builds: OnceLock<Arc<Builds>>,
}

#[derive(Debug)]
struct Watch {
    project: Project,
    /// What the last good program was made of.
    made_of: Vec<PathBuf>,
    seen: Snapshot,
    is_changed: bool,
    is_building: bool,
    is_stopped: bool,
}

/// What the builder itself remembers.
#[derive(Default)]
struct Memory {
    is_placed: bool,
    /// The same values for all builds, so that sessions outlive them.
    variables: BTreeMap<OsString, OsString>,
    routes: String,
    /// What changed during the last build, which is being made again for that.
    changes: Changes,
    /// How often it has been.
    builds: u32,
}

/// How a build went.
enum Went {
    Well,
    Wrong,
    /// A file has changed meanwhile.
    OutOfDate,
    /// Nobody needs it any more.
    Ended,
}

impl Builder {
    pub(super) fn new(cargo: Cargo, project: Project, place: PathBuf) -> Builder {
        let watch = Watch {
            project,
            made_of: Vec::new(),
            seen: Snapshot::default(),
            is_changed: true,
            is_building: false,
            is_stopped: false,
        };
        let (watch, changed, builds) = (Mutex::new(watch), Condvar::new(), OnceLock::new());
        Builder { cargo, place, watch, changed, builds }
    }

    /// Starts to build, in a thread.
    pub(super) fn start(self: &Arc<Self>, builds: Arc<Builds>) -> std::io::Result<()> {
        let _ = self.builds.set(builds);
        let builder = Arc::clone(self);
        std::thread::Builder::new().name("build".to_owned()).spawn(move || builder.work()).map(drop)
    }

    /// Ends it, and a build that is under way.
    pub(super) fn stop(&self) {
        self.watch().is_stopped = true;
        self.changed.notify_one();
        self.cargo.end();
    }

    /// Looks whether a file has changed, and has it built then.
    pub(super) fn look(&self) {
        self.look_at(&mut self.watch());
    }

    fn look_at(&self, watch: &mut Watch) {
        // A build looks for itself when it is done.
        if watch.is_building || watch.is_changed {
            return;
        }
        if watch.now() != watch.seen {
            watch.is_changed = true;
            self.tell(Builds::begin);
            self.changed.notify_one();
        }
    }

    /// Under the lock of the watch, so that a look that comes late cannot begin what has ended.
    fn tell(&self, what: impl FnOnce(&Builds)) {
        if let Some(builds) = self.builds.get() {
            what(builds);
        }
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut memory = Memory::default();
        let mut is_first = true;
        while self.has_work() {
            // Of the first build the load balancer tells, when it says where it listens.
            if !std::mem::take(&mut is_first) {
                let _ = print(&[BUILDING]);
            }
            let began = Instant::now();
            let went = loop {
                match self.build(&mut memory) {
                    Went::OutOfDate => {}
                    went => break went,
                }
            };
            let took = began.elapsed().as_secs_f64();
            let line = match went {
                Went::Well => format!("Built in {took:.1} s\n"),
                Went::Wrong if memory.is_placed => {
                    format!("The build failed after {took:.1} s; the last good program stays\n")
                }
                Went::Wrong => format!("The build failed after {took:.1} s\n"),
                Went::OutOfDate | Went::Ended => continue,
            };
            let _ = print(&[&line]);
        }
    }

    /// Waits for a change; none comes any more where it is false.
    fn has_work(&self) -> bool {
        let mut watch = self.watch();
        loop {
            if watch.is_stopped {
                return false;
            }
            if watch.is_changed {
                watch.is_changed = false;
                watch.is_building = true;
                self.tell(Builds::begin);
                return true;
            }
            let waited = self.changed.wait_timeout(watch, PAUSE);
            (watch, _) = waited.unwrap_or_else(PoisonError::into_inner);
            self.look_at(&mut watch);
        }
    }

    /// Builds once, and says how it went, unless files have changed meanwhile: then it is to be done again.
    fn build(&self, memory: &mut Memory) -> Went {
        let began = SystemTime::now();
        let project = project::read(self.cargo.metadata()).map_err(told);
        let before = {
            let mut watch = self.watch();
            if let Ok(project) = &project {
                watch.project.sources.clone_from(&project.sources);
            }
            watch.now()
        };
        let built = project.and_then(|project| self.cargo.build(&project));
        let ready = built.and_then(|built| {
            let environment = self.place(&built, memory)?;
            Ok((environment, made_of(&built.program)))
        });
        let mut watch = self.watch();
        if watch.is_stopped {
            return Went::Ended;
        }
        if let Ok((_, made_of)) = &ready {
            watch.made_of.clone_from(made_of);
        }
        let now = watch.now();
        // A build script may write into its own sources. Writing the same text again does not count as a change.
        let changes = now.changes_since(&before, began);
        let is_settled = ready.is_ok() && (changes == memory.changes || memory.builds >= MOST_BUILDS);
        if !changes.is_empty() && !is_settled {
            memory.changes = changes;
            memory.builds += 1;
            return Went::OutOfDate;
        }
        (memory.changes, memory.builds) = Default::default();
        watch.seen = now;
        watch.is_building = false;
        match ready {
            Ok((environment, _)) => {
                self.tell(|builds| builds.succeeded(environment));
                Went::Well
            }
            Err(said) => {
                self.tell(|builds| builds.failed(&said));
                Went::Wrong
            }
        }
    }

    /// Puts a program where it is run, and returns the variables that it is to have.
    fn place(&self, built: &Built, memory: &mut Memory) -> Result<Vec<(OsString, OsString)>, String> {
        let mut environment = vec![(MANIFEST.into(), built.package.clone().into())];
        if built.uses_carafe {
            let description = describe::ask(&built.program, &built.package).map_err(told)?;
            for variable in description.variables {
                if !memory.variables.contains_key(&variable.name) {
                    told(variable.note);
                }
                memory.variables.entry(variable.name).or_insert(variable.value);
            }
            if memory.routes != description.routes {
                let lines: String = description.routes.lines().map(|line| format!("  {line}\n")).collect();
                let _ = print(&[&lines]);
                memory.routes = description.routes;
            }
            // The load balancer writes the line of a request, and somebody is looking.
            environment.push(("CARAFE_LOCAL".into(), "1".into()));
            if std::env::var_os("AWS_LAMBDA_LOG_FORMAT").is_none() {
                environment.push(("AWS_LAMBDA_LOG_FORMAT".into(), "Text".into()));
            }
            environment.extend(memory.variables.clone());
        }
        if !(memory.is_placed && built.is_fresh) {
            let mut beside = self.place.clone().into_os_string();
            beside.push(".part");
            std::fs::copy(&built.program, &beside)
                .and_then(|_| std::fs::rename(&beside, &self.place))
                .map_err(|error| told(format!("cannot copy {}: {error}", built.program.display())))?;
            memory.is_placed = true;
        }
        Ok(environment)
    }
}

impl Watch {
    fn now(&self) -> Snapshot {
        let mut paths = self.project.sources.clone();
        paths.extend(self.made_of.iter().cloned());
        Snapshot::of(&paths)
    }
}
