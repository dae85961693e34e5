//! From what an app was given to what answers requests, and everything that can be wrong with it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use carafe_lambda::{Failure, OtherEvents, SnapshotHooks};
use carafe_router::{Collisions, Router, RouterBuilder};
use http::StatusCode;

use crate::app::{App, Listed, Purpose, RouteNote, Settings};
use crate::argument::Requirements;
use crate::body::Body;
use crate::catcher::Catcher;
use crate::context::{AppContext, RouteTable, States};
use crate::error::Error;
use crate::link::RouteId;
use crate::middleware::Level;
use crate::mount::{Mount, Mounted};
use crate::pipeline::{Entry, Levels, Pipeline, RouteRef};
use crate::request::{MatchedPattern, Request};
use crate::response::Response;
use crate::route::Origin;
use crate::routes::Routes;
use crate::tower::{Layers, Service, service};

/// An app that can answer.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    pub(crate) pipeline: Arc<Pipeline>,
    layers: Option<Layers>,
    oversize: Option<Arc<carafe_lambda::Oversize>>,
    events: Option<Arc<OtherEvents>>,
    hooks: Option<Arc<SnapshotHooks>>,
    pub(crate) settings: Settings,
    pub(crate) notes: Vec<RouteNote>,
}

impl Assembled {
    /// Answers an event, and returns why the answer is not what the handler wanted, if so.
    pub(crate) async fn answer(&self, event: carafe_lambda::Event) -> (Response, Option<Failure>) {
        match &self.layers {
            Some(layers) => layers.answer(event, &self.pipeline).await,
            None => {
                let mut request = Request::new(event, Arc::clone(&self.pipeline.context));
                self.pipeline.answer(&mut request).await
            }
        }
    }
}

impl carafe_lambda::Service for Assembled {
    async fn call(&self, request: carafe_lambda::Event) -> carafe_lambda::Answer {
        answered(self.answer(request).await)
    }

    /// Lets the app's catchers answer, as for a request that a layer failed on.
    async fn refuse(&self, event: carafe_lambda::Event, status: StatusCode) -> Option<carafe_lambda::Answer> {
        let mut request = Request::new(event, Arc::clone(&self.pipeline.context));
        Some(answered(self.pipeline.refuse(&mut request, Error::bare(status)).await))
    }

    fn oversize(&self) -> Option<&carafe_lambda::Oversize> {
        self.oversize.as_deref()
    }

    fn snapshot_hooks(&self) -> Option<&SnapshotHooks> {
        self.hooks.as_deref()
    }

    fn other_events(&self) -> Option<&OtherEvents> {
        self.events.as_deref()
    }
}

fn answered((response, failure): (Response, Option<Failure>)) -> carafe_lambda::Answer {
    let mut answer = carafe_lambda::Answer::new(response.map(Body::into_bytes));
    answer.failure = failure;
    answer
}

impl App {
    /// Validates patterns, collisions, state and whatever else the parts of the app require. [`run`](crate::run) does so
    /// by itself.
    ///
    /// # Errors
    ///
    /// Every problem, with file and line.
    pub fn check(&self) -> Result<(), Problems> {
        pipeline(self, Purpose::Check).map(drop)
    }

    /// Makes the app a tower service, for any other server: `axum::Router::fallback_service`, hyper, a test.
    ///
    /// It reads the whole body of a request, up to 6 MB, before its own layers see the request: limits on connections and
    /// waiting clients are the server's to set. Paths are the app's own; where another router cuts a prefix off, links do
    /// not have it.
    ///
    /// # Errors
    ///
    /// Every problem that [`App::check`] would find.
    pub fn into_service(self) -> Result<Service, Problems> {
        let (pipeline, completed) = pipeline(&self, Purpose::Deployment)?;
        Ok(service(&pipeline, &completed.as_deref().unwrap_or(&self).layers))
    }
}

/// All that is wrong with an app, each with file and line where there is one.
///
/// ```
/// use carafe::{App, Request};
///
/// let app = App::new().route("GET", "/posts/<id", |_: &Request| "a post");
/// let problems = app.check().unwrap_err();
/// assert_eq!(problems.iter().count(), 1);
/// assert!(problems.to_string().contains("`/posts/<id`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Problems {
    /// Returns the problems one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Writes one problem a line.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// Assembles an app, with its layers around it.
pub(crate) fn assemble(app: &App, purpose: Purpose) -> Result<Assembled, Problems> {
    let (pipeline, completed) = pipeline(app, purpose)?;
    let app = completed.as_deref().unwrap_or(app);
    let layers = Layers::around(&pipeline, &app.layers);
    let oversize = app.oversize.as_ref().map(|oversize| Arc::new(oversize.with(&pipeline)));
    let events = app.on_event.as_ref().map(|on_event| on_event.with(&pipeline.context));
    let hooks = app.hooks.clone().map(|hooks| Arc::new(hooks.with(Arc::clone(&pipeline.context))));
    Ok(Assembled {
        pipeline,
        layers,
        oversize,
        events,
        hooks,
        settings: app.settings,
        notes: app.notes.clone(),
    })
}

/// Puts everything inside the layers together, or says all that is wrong. Layers may start work when they are put on, such
/// as a task that counts, so each is put on once, and never for a check.
///
/// Where a route's needs attach a feature, it is another app that is put together, and it is returned, too.
fn pipeline(app: &App, purpose: Purpose) -> Result<(Arc<Pipeline>, Option<Box<App>>), Problems> {
    let (states, _) = app.states_for(Purpose::Check);
    let (List { entries, prefixes, mut problems, requirements }, root) = collect(app, &states);
    if let Some(completed) = requirements.attachment().and_then(|attach| attach(app))
        && let Ok(app) = completed.downcast::<App>()
    {
        let (pipeline, completed) = pipeline(&app, purpose)?;
        return Ok((pipeline, completed.or(Some(app))));
    }
    let mounts = mounts(&entries);
    // Only of the app that will answer: it may make what is missing, and says so.
    let (states, unread) = app.states_to_answer(purpose, states);
    problems.extend(unread);
    let router = match router(entries, app.settings.tolerate_trailing_slash) {
        Ok(router) if problems.is_empty() => Arc::new(router),
        Ok(_) => return Err(Problems(problems)),
        Err(collisions) => {
            problems.extend(named(&collisions, &collect(app, &states).0.entries));
            return Err(Problems(problems));
        }
    };
    let context = Arc::new(AppContext {
        states,
        trusted_proxies: app.settings.trusted_proxies,
        assume_https: app.settings.assume_https,
        stores_oversize: app.oversize.is_some(),
        problem_details: app.settings.problem_details,
        routes: RouteTable { mounts, router: Arc::clone(&router) as Arc<dyn Any + Send + Sync> },
    });
    Ok((Arc::new(Pipeline { router, context, app: root, prefixes }), None))
}

/// Collects all routes, with what stands around them and what is wrong with them.
fn collect<'a>(app: &'a App, states: &'a States) -> (List<'a>, Levels) {
    let level = Level {
        middleware: app.level.middleware.clone(),
        catchers: app.level.catchers.clone(),
        body_limit: None,
    };
    let routes = app.routes.iter().map(|listed| match listed {
        Listed::List { routes, .. } => routes.own().count(),
        Listed::Made(_) => 1,
    });
    let mut list = List {
        requirements: Requirements::new(states, &app.features),
        entries: Vec::with_capacity(routes.sum()),
        prefixes: Vec::new(),
        problems: app.problems.clone(),
    };
    list.check_level(&level);
    if let Some(on_event) = &app.on_event {
        list.require(on_event.origin, on_event.requires());
    }
    if let Some(hooks) = &app.hooks {
        hooks.visit(&mut |origin, requires| list.require(origin, &[requires]));
    }
    let root: Levels = Arc::new([Arc::new(level)]);
    for listed in &app.routes {
        match listed {
            Listed::List { mount, routes } => list.add(routes, None, mount.as_ref(), &root),
            Listed::Made(route) => {
                let pattern = MatchedPattern::Shared(Arc::new(route.parsed_pattern().clone()));
                let route = RouteRef::Made(Arc::clone(route));
                list.entries.push(Entry { route, pattern, prefix: None, levels: Arc::clone(&root) });
            }
        }
    }
    (list, root)
}

/// Collects the routes of all lists.
struct List<'a> {
    requirements: Requirements<'a>,
    entries: Vec<Entry>,
    prefixes: Vec<(Mounted, Levels)>,
    problems: Vec<String>,
}

impl List<'_> {
    /// Adds the routes of a list: inside what is mounted under `outer`, and under a prefix of its own if it has one.
    fn add(&mut self, routes: &Routes, outer: Option<&Mounted>, mount: Option<&Mount>, around: &Levels) {
        let own = match mount.map(|mount| mount.inside(outer)).transpose() {
            Ok(own) => own,
            Err(problems) => return self.problems.extend(problems),
        };
        let levels = self.level(routes, around);
        if let Some(own) = &own {
            self.own_prefix(own, &levels);
        }
        let mounted = own.as_ref().or(outer);
        for route in routes.own() {
            self.require(route.origin(), route.requires());
            let pattern = match mounted.map(|mounted| mounted.below(route.parsed_pattern())).transpose() {
                Ok(None) => MatchedPattern::Static(route.parsed_pattern()),
                Ok(Some(pattern)) => MatchedPattern::Shared(Arc::new(pattern)),
                Err(problems) => {
                    self.problems.extend(problems);
                    continue;
                }
            };
            let prefix = mounted.map(|mounted| Arc::clone(&mounted.url)).filter(|url| !url.is_empty());
            let route = RouteRef::Written(route);
            self.entries.push(Entry { route, pattern, prefix, levels: Arc::clone(&levels) });
        }
        for (mount, inner) in routes.group().into_iter().flat_map(|group| &group.inner) {
            self.add(inner, mounted, mount.as_ref(), &levels);
        }
    }

    /// Notes which levels own the 404s below a prefix. The longest prefix of a path counts; of equal ones, the first.
    fn own_prefix(&mut self, mounted: &Mounted, levels: &Levels) {
        let len = |mounted: &Mounted| mounted.url.trim_end_matches('/').len();
        let place = self.prefixes.iter().position(|(other, _)| len(other) < len(mounted));
        let owner = (mounted.clone(), Arc::clone(levels));
        self.prefixes.insert(place.unwrap_or(self.prefixes.len()), owner);
    }

    /// Returns the levels around a list's routes: one more where the list has something of its own.
    fn level(&mut self, routes: &Routes, around: &Levels) -> Levels {
        let Some(group) = routes.group().filter(|group| group.has_level()) else { return Arc::clone(around) };
        let level = Level {
            middleware: group.middleware.clone(),
            catchers: group.catchers.clone(),
            body_limit: group.body_limit,
        };
        self.check_level(&level);
        around.iter().cloned().chain([Arc::new(level)]).collect()
    }

    fn require(&mut self, origin: Origin, requires: &[fn(&mut Requirements<'_>)]) {
        for require in requires {
            require(&mut self.requirements);
            for clause in self.requirements.take() {
                let problem = format!("`fn {}` ({}:{}) {clause}", origin.name, origin.file, origin.line);
                self.add_problem(problem);
            }
        }
    }

    fn add_problem(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn check_level(&mut self, level: &Level) {
        for middleware in level.middleware.iter() {
            middleware.requires(&mut self.requirements);
            for clause in self.requirements.take() {
                self.add_problem(format!("middleware {clause}"));
            }
        }
        self.check_catchers(&level.catchers);
    }

    fn check_catchers(&mut self, catchers: &[&'static Catcher]) {
        for (index, catcher) in catchers.iter().enumerate() {
            self.require(catcher.origin(), catcher.requires());
            let earlier = catchers.iter().take(index).find(|other| other.status() == catcher.status());
            if let Some(first) = earlier {
                let status = catcher.status().map_or("default".to_owned(), |status| status.to_string());
                let (first, second) = (first.origin(), catcher.origin());
                self.problems.push(format!("two catchers of `{status}`: ({first}) and ({second})"));
            }
        }
    }
}

/// Returns where routes are mounted, for links; nothing where no route is.
fn mounts(entries: &[Entry]) -> Vec<(RouteId, Arc<str>)> {
    if entries.iter().all(|entry| entry.prefix.is_none()) {
        return Vec::new();
    }
    let written = entries.iter().filter_map(|entry| match entry.route {
        RouteRef::Written(route) => Some((RouteId::of(route), entry.prefix.clone().unwrap_or_default())),
        RouteRef::Made(_) => None,
    });
    written.collect()
}

fn router(entries: Vec<Entry>, tolerant: bool) -> Result<Router<Entry>, Collisions> {
    let mut builder = RouterBuilder::with_capacity(entries.len());
    builder.tolerate_trailing_slash(tolerant);
    for entry in entries {
        let (route, pattern) = (entry.route.clone(), (*entry.pattern).clone());
        builder.insert(route.method(), pattern, entry);
    }
    builder.build()
}

/// Says which routes answer the same requests.
fn named<'a>(collisions: &'a Collisions, entries: &'a [Entry]) -> impl Iterator<Item = String> + 'a {
    let name = |index: usize| {
        let Entry { route, pattern, .. } = entries.get(index)?;
        Some(format!("`{} {}` ({})", route.method(), pattern.as_str(), route.origin()))
    };
    collisions.0.iter().map(move |(first, second)| {
        let (first, second) = (name(*first).unwrap_or_default(), name(*second).unwrap_or_default());
        format!("two routes answer exactly the same requests: {first} and {second}")
    })
}
