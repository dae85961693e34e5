//! Events that are no HTTP requests: functions for them, and how their arguments are read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use carafe_lambda::{Failure, FailureKind, OtherEvents};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::argument::{FromRequest, Requirements};
use crate::context::AppContext;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::request::Request;
use crate::route::Origin;

/// A function of [`App::on_event`](crate::App::on_event), sync or async: it takes the event, as any type that can be
/// deserialized, and up to four extractors after that, such as [`State`](crate::State).
///
/// `M` only tells the shapes apart. A closure names the types of its arguments: `|event: serde_json::Value| …`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take events",
    label = "expected a function from the event to a `Result`, `Json(…)` or a type of `std`, sync or async",
    note = "the event's type is `Deserialize` and owns what it has; extractors such as `State<T>` may follow it",
    note = "a closure names its arguments' types: `|event: serde_json::Value| …`"
)]
pub trait EventFunction<M>: Send + Sync + 'static {
    #[doc(hidden)]
    fn run(&self, request: &Request) -> impl Future<Output = std::result::Result<Bytes, Failure>> + Send;

    #[doc(hidden)]
    fn requires(requirements: &mut Requirements<'_>);
}

/// What a function of [`App::on_event`](crate::App::on_event) returns: a `Result` of anything that can be serialized, [`Json`] of
/// such a value, or the value itself if its type is one of `std`'s (`()`, which is `null`, texts, numbers, `Option`, lists, maps,
/// tuples) or a [`serde_json::Value`].
///
/// Other types stand in `Json(…)`: a `Result` can be serialized, too, and what is inside it would be sent as an answer if it is
/// an error.
#[diagnostic::on_unimplemented(
    message = "a function for events cannot return `{Self}`",
    label = "neither a `Result`, `Json(…)`, `serde_json::Value` nor a type of `std` that can be serialized",
    note = "a struct is returned as `Json(…)` or in a `carafe::Result`"
)]
pub trait EventOutput: Send {
    #[doc(hidden)]
    fn into_json(self) -> Result<Bytes>;
}

impl<T: Serialize + Send> EventOutput for Json<T> {
    fn into_json(self) -> Result<Bytes> {
        Ok(serde_json::to_vec(&self.0)?.into())
    }
}

impl<T: Serialize + Send, E: Into<Error> + Send> EventOutput for std::result::Result<T, E> {
    fn into_json(self) -> Result<Bytes> {
        self.map_err(Into::into).and_then(|value| Json(value).into_json())
    }
}

macro_rules! outputs {
    ($([$($generic:ident),*] $output:ty),* $(,)?) => {
        $(
            impl<$($generic: Serialize + Send + Sync),*> EventOutput for $output {
                fn into_json(self) -> Result<Bytes> {
                    Json(self).into_json()
                }
            }
        )*
    };
}

outputs!([] (), [] Value, [] bool, [] char, [] String, [] &'static str, [] Cow<'static, str>);
outputs!([] u8, [] u16, [] u32, [] u64, [] u128, [] usize, [] i8, [] i16, [] i32, [] i64, [] i128, [] isize, [] f32, [] f64);
outputs!([T] Option<T>, [T] Vec<T>, [T] Box<T>, [T] HashSet<T>, [T] BTreeSet<T>, [K, V] HashMap<K, V>, [K, V] BTreeMap<K, V>);
outputs!([A, B](A, B), [A, B, C](A, B, C));

/// Marks a function that answers at once.
#[derive(Debug)]
pub struct Now;

/// Marks a function that may wait.
#[derive(Debug)]
pub struct Later;

macro_rules! functions {
    ($($argument:ident)*) => {
        #[allow(non_snake_case, reason = "an argument is called as its type")]
        impl<Function, Event, Output, $($argument,)*> EventFunction<(Now, Event, Output, $($argument,)*)> for Function
        where
            Function: Fn(Event, $($argument,)*) -> Output + Send + Sync + 'static,
            Event: DeserializeOwned + Send,
            Output: EventOutput,
            $($argument: for<'r> FromRequest<'r> + 'static,)*
        {
            async fn run(&self, request: &Request) -> std::result::Result<Bytes, Failure> {
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
        impl<Function, Event, Output, $($argument,)*> EventFunction<(Later, Event, Output, $($argument,)*)> for Function
        where
            Function: Fn(Event, $($argument,)*) -> Output + Send + Sync + 'static,
            Event: DeserializeOwned + Send,
            Output: Future<Output: EventOutput> + Send,
            $($argument: for<'r> FromRequest<'r> + 'static,)*
        {
            async fn run(&self, request: &Request) -> std::result::Result<Bytes, Failure> {
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
fn event<T: DeserializeOwned>(request: &Request) -> std::result::Result<T, Failure> {
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
