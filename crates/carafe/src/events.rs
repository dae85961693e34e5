//! Events that are no HTTP requests: functions for them, and how their arguments are read.

mod output;
mod top_level;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use carafe_lambda::{Failure, FailureKind, OtherEvents};
use serde::de::DeserializeOwned;

use crate::argument::{FromRequest, Requirements};
use crate::context::AppContext;
use crate::request::Request;
use crate::route::Origin;

pub use output::EventOutput;

/// A function of [`App::on_event`](crate::App::on_event), sync or async: it takes the event, as any type that can be
/// deserialized, and up to four extractors after that, such as [`State`](crate::State).
///
/// `M` only tells the shapes apart. A closure names the types of its arguments: `|event: serde_json::Value| …`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take events",
    label = "expected a function, sync or async, from the event to data or to a `Result` of data",
    note = "the event's type implements `serde::Deserialize` and owns what it has; extractors such as `State<T>` may follow it",
    note = "the data implements `serde::Serialize`; an `Err` is `carafe::Error`, any `std::error::Error`, a box of one, or text",
    note = "for a type of your own: `#[derive(serde::Deserialize)]`, `#[derive(serde::Serialize)]` (with `cargo add serde --features derive`)",
    note = "a closure names its arguments' types: `|event: serde_json::Value| …`"
)]
pub trait EventFunction<M>: Send + Sync + 'static {
    #[doc(hidden)]
    fn run(&self, request: &Request) -> impl Future<Output = Result<Bytes, Failure>> + Send;

    #[doc(hidden)]
    fn requires(requirements: &mut Requirements<'_>);
}

/// Marks a function that answers at once.
#[derive(Debug)]
pub struct Now;

/// Marks a function that may wait.
#[derive(Debug)]
pub struct Later;

macro_rules! functions {
    ($($argument:ident)*) => {
        #[allow(non_snake_case, reason = "an argument is called as its type")]
        impl<Function, Event, Output, Kind, $($argument,)*> EventFunction<(Now, Event, Output, Kind, $($argument,)*)> for Function
        where
            Function: Fn(Event, $($argument,)*) -> Output + Send + Sync + 'static,
            Event: DeserializeOwned + Send,
            Output: EventOutput<Kind>,
            $($argument: for<'r> FromRequest<'r> + 'static,)*
        {
            async fn run(&self, request: &Request) -> Result<Bytes, Failure> {
                let event: Event = event(request)?;
                $(let $argument = request.extract::<$argument>().await.map_err(|error| error.to_failure())?;)*
                self(event, $($argument,)*).into_json().map_err(|error| error.to_failure())
            }

            #[allow(unused_variables, reason = "a function may take the event alone")]
            fn requires(requirements: &mut Requirements<'_>) {
                $(requirements.extractor::<$argument>();)*
            }
        }

        #[allow(non_snake_case, reason = "an argument is called as its type")]
        impl<Function, Event, Output, Kind, $($argument,)*> EventFunction<(Later, Event, Output, Kind, $($argument,)*)> for Function
        where
            Function: Fn(Event, $($argument,)*) -> Output + Send + Sync + 'static,
            Event: DeserializeOwned + Send,
            Output: Future<Output: EventOutput<Kind>> + Send,
            $($argument: for<'r> FromRequest<'r> + 'static,)*
        {
            async fn run(&self, request: &Request) -> Result<Bytes, Failure> {
                let event: Event = event(request)?;
                $(let $argument = request.extract::<$argument>().await.map_err(|error| error.to_failure())?;)*
                self(event, $($argument,)*).await.into_json().map_err(|error| error.to_failure())
            }

            #[allow(unused_variables, reason = "a function may take the event alone")]
            fn requires(requirements: &mut Requirements<'_>) {
                $(requirements.extractor::<$argument>();)*
            }
        }
    };
}

functions!();
functions!(A);
functions!(A B);
functions!(A B C);
functions!(A B C D);

/// Reads the event.
fn event<T: DeserializeOwned>(request: &Request) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(request.body());
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let name = std::any::type_name::<T>();
        Failure::new(FailureKind::Event, format!("the event does not fit `{name}`: {error}"))
    })
}

type Make = dyn Fn(&Arc<AppContext>) -> OtherEvents + Send + Sync;

/// The function that an app was given, ready to be put beside its state.
#[derive(Clone)]
pub(crate) struct OnEvent {
    make: Arc<Make>,
    requires: fn(&mut Requirements<'_>),
    pub(crate) origin: Origin,
}

impl OnEvent {
    pub(crate) fn new<F: EventFunction<M>, M: 'static>(function: F, origin: Origin) -> OnEvent {
        let function = Arc::new(function);
        let make = move |app: &Arc<AppContext>| {
            let (function, app) = (Arc::clone(&function), Arc::clone(app));
            OtherEvents::new(move |event| {
                let (function, app) = (Arc::clone(&function), Arc::clone(&app));
                Box::pin(async move { function.run(&Request::new(event, app)).await })
            })
        };
        OnEvent { make: Arc::new(make), requires: F::requires, origin }
    }

    pub(crate) fn requires(&self) -> &[fn(&mut Requirements<'_>)] {
        std::slice::from_ref(&self.requires)
    }

    pub(crate) fn with(&self, app: &Arc<AppContext>) -> Arc<OtherEvents> {
        Arc::new((self.make)(app))
    }
}

impl fmt::Debug for OnEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnEvent").field("origin", &self.origin).finish_non_exhaustive()
    }
}
