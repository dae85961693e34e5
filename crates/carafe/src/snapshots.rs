//! Hooks around the snapshot that Lambda takes of a process (SnapStart).

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::after::WorkOutput;
use crate::argument::{FromRequest, Requirements};
use crate::context::AppContext;
use crate::error::Result;
use crate::request::Request;
use crate::route::Origin;

/// A function of [`App::before_snapshot`](crate::App::before_snapshot) or
/// [`App::after_restore`](crate::App::after_restore), sync or async: it takes up to four extractors that need no request, such
/// as [`State`](crate::State), and returns `()` or a `Result`.
///
/// `M` only tells the shapes apart. A closure names the types of its arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run around a snapshot",
    label = "expected a function of `State<T>` and the like to `()` or a `Result`, sync or async",
    note = "a closure names its arguments' types: `|pool: State<Pool>| …`"
)]
pub trait SnapshotHook<M>: Send + Sync + 'static {
    #[doc(hidden)]
    fn run(&self, request: &Request) -> impl Future<Output = Result<()>> + Send;

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
        #[allow(non_snake_case, unused_variables, reason = "an argument is called as its type, and there may be none")]
        impl<Function, Output, $($argument,)*> SnapshotHook<(Now, Output, $($argument,)*)> for Function
        where
            Function: Fn($($argument,)*) -> Output + Send + Sync + 'static,
            Output: WorkOutput,
            $($argument: for<'r> FromRequest<'r> + 'static,)*
        {
            async fn run(&self, request: &Request) -> Result<()> {
                $(let $argument = request.extract::<$argument>().await?;)*
                self($($argument,)*).into_result()
            }

            fn requires(requirements: &mut Requirements<'_>) {
                $(requirements.extractor::<$argument>();)*
            }
        }

        #[allow(non_snake_case, unused_variables, reason = "an argument is called as its type, and there may be none")]
        impl<Function, Output, $($argument,)*> SnapshotHook<(Later, Output, $($argument,)*)> for Function
        where
            Function: Fn($($argument,)*) -> Output + Send + Sync + 'static,
            Output: Future<Output: WorkOutput> + Send,
            $($argument: for<'r> FromRequest<'r> + 'static,)*
        {
            async fn run(&self, request: &Request) -> Result<()> {
                $(let $argument = request.extract::<$argument>().await?;)*
                self($($argument,)*).await.into_result()
            }

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

type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// A hook that an app was given.
#[derive(Clone)]
pub(crate) struct Hook {
    run: Arc<dyn Fn(Arc<AppContext>) -> Running + Send + Sync>,
    requires: fn(&mut Requirements<'_>),
    pub(crate) origin: Origin,
}

impl Hook {
    pub(crate) fn new<H: SnapshotHook<M>, M: 'static>(hook: H, origin: Origin) -> Hook {
        let hook = Arc::new(hook);
        let run = move |app| -> Running {
            let hook = Arc::clone(&hook);
            Box::pin(
                async move { hook.run(&Request::new(carafe_lambda::Event::builder().build(), app)).await },
            )
        };
        Hook { run: Arc::new(run), requires: H::requires, origin }
    }

    pub(crate) fn requires(&self) -> &[fn(&mut Requirements<'_>)] {
        std::slice::from_ref(&self.requires)
    }

    pub(crate) async fn run(&self, app: &Arc<AppContext>) -> Result<()> {
        (self.run)(Arc::clone(app)).await
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// The hooks of an app, in the order in which it was given them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hooks {
    pub(crate) before_snapshot: Vec<Hook>,
    pub(crate) after_restore: Vec<Hook>,
}

impl Hooks {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Hook> {
        self.before_snapshot.iter().chain(&self.after_restore)
    }
}
