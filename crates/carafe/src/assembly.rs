//! From what an app was given to what answers requests, and everything that can be wrong with it.

use std::sync::Arc;

use carafe_router::{Router, RouterBuilder};

use crate::app::App;
use crate::extract::Need;
use crate::layers::Layers;
use crate::lifecycle::Core;
use crate::route::{Entry, Origin};

/// An app that can answer.
#[derive(Debug)]
pub(crate) struct Assembled {
    pub(crate) core: Arc<Core>,
    pub(crate) layers: Option<Layers>,
}

/// Puts everything together, or says all that is wrong.
pub(crate) fn assemble(app: &App) -> Result<Assembled, String> {
    let mut problems = app.problems.clone();
    missing_state(app, &mut problems);
    let router = router(app, &mut problems);
    match router {
        Some(router) if problems.is_empty() => {
            let core = Arc::new(Core {
                router,
                shared: Arc::clone(&app.shared),
                catchers: app.catchers.clone(),
                hooks: app.hooks.clone(),
            });
            let layers = Layers::around(&core, &app.layers);
            Ok(Assembled { core, layers })
        }
        _ => Err(problems.join("\n")),
    }
}

fn missing_state(app: &App, problems: &mut Vec<String>) {
    let routes = app.routes.iter().map(|entry| (entry.origin, entry.needs));
    let catchers = app.catchers.iter().map(|catcher| (catcher.origin, catcher.needs));
    for (origin, needs) in routes.chain(catchers) {
        for Need { type_id, type_name } in needs.iter().filter_map(|need| need()) {
            let problem = format!(
                "`fn {}` ({}:{}) takes `State<{type_name}>`, but the app has no such state: add `.state(…)`",
                origin.name, origin.file, origin.line
            );
            if !app.shared.has(type_id) && !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    for (index, catcher) in app.catchers.iter().enumerate() {
        let earlier = app.catchers.iter().take(index).find(|other| other.status == catcher.status);
        if let Some(first) = earlier {
            let status = catcher.status.map_or("default".to_owned(), |status| status.to_string());
            problems.push(format!(
                "two catchers of `{status}`: {} and {}",
                place(first.origin),
                place(catcher.origin)
            ));
        }
    }
}

fn router(app: &App, problems: &mut Vec<String>) -> Option<Router<Entry>> {
    let mut builder = RouterBuilder::with_capacity(app.routes.len());
    builder.tolerate_trailing_slash(app.tolerate_trailing_slash);
    for entry in &app.routes {
        builder.insert(entry.method(), entry.pattern.clone(), entry.clone());
    }
    match builder.build() {
        Ok(router) => Some(router),
        Err(collisions) => {
            let named = |index: usize| {
                let entry = app.routes.get(index)?;
                let route = format!("`{} {}`", entry.method(), entry.pattern.as_str());
                Some(format!("{route} {}", place(entry.origin)))
            };
            problems.extend(collisions.0.iter().map(|(first, second)| {
                format!(
                    "two routes answer exactly the same requests: {} and {}",
                    named(*first).unwrap_or_default(),
                    named(*second).unwrap_or_default()
                )
            }));
            None
        }
    }
}

fn place(origin: Origin) -> String {
    format!("(fn {}, {}:{})", origin.name, origin.file, origin.line)
}
