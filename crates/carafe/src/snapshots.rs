//! Hooks around the snapshot that Lambda takes of a process (SnapStart).

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use carafe_lambda::{Failure, SnapshotHooks};

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
///
/// ```
/// use std::sync::Mutex;
///
/// use carafe::{App, State};
///
/// struct Seed(Mutex<u64>);
///
/// fn draw(seed: State<Seed>) {
///     *seed.0.lock().unwrap() += 1;
/// }
///
/// let app = App::new().state(Seed(Mutex::default())).after_restore(draw);
/// assert_eq!(app.check(), Ok(()));
/// ```
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

/// A moment around a snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    BeforeSnapshot,
    AfterRestore,
}

type Running = Pin<Box<dyn Future<Output = std::result::Result<(), Failure>> + Send>>;

/// The hooks of an app, behind a pointer: an app without any is linked without them.
pub(crate) trait Hooks: Send + Sync {
    /// Puts them beside the state of the app.
    fn with(self: Arc<Self>, app: Arc<AppContext>) -> SnapshotHooks;

    /// Runs those of a moment.
    fn run(self: Arc<Self>, moment: Moment, app: Arc<AppContext>) -> Running;

    /// Calls a function with the place of each hook, and what it requires.
    fn visit(&self, each: &mut dyn FnMut(Origin, fn(&mut Requirements<'_>)));
}

/// One hook, and those that the app was given before.
struct Hook<H, M> {
    hook: H,
    moment: Moment,
    origin: Origin,
    earlier: Option<Arc<dyn Hooks>>,
    shape: PhantomData<fn() -> M>,
}

/// Adds a hook to those that are there.
pub(crate) fn add<H: SnapshotHook<M>, M: 'static>(
    earlier: Option<Arc<dyn Hooks>>,
    moment: Moment,
    hook: H,
    origin: Origin,
) -> Arc<dyn Hooks> {
    Arc::new(Hook { hook, moment, origin, earlier, shape: PhantomData })
}

impl<H: SnapshotHook<M>, M: 'static> Hooks for Hook<H, M> {
    fn run(self: Arc<Self>, moment: Moment, app: Arc<AppContext>) -> Running {
        Box::pin(async move {
            let earlier = self.earlier.clone().map(|earlier| earlier.run(moment, Arc::clone(&app)));
            let own = async {
                if self.moment != moment {
                    return Ok(());
                }
                let request = Request::new(carafe_lambda::Event::builder().build(), app);
                self.hook.run(&request).await.map_err(|error| error.to_failure())
            };
            match (moment, earlier) {
                (_, None) => own.await,
                (Moment::BeforeSnapshot, Some(earlier)) => {
                    own.await?;
                    earlier.await
                }
                (Moment::AfterRestore, Some(earlier)) => {
                    earlier.await?;
                    own.await
                }
            }
        })
    }

    fn with(self: Arc<Self>, app: Arc<AppContext>) -> SnapshotHooks {
        let (hooks, context) = (Arc::clone(&self), Arc::clone(&app));
        SnapshotHooks::new(
            move || Arc::clone(&hooks).run(Moment::BeforeSnapshot, Arc::clone(&context)),
            move || Arc::clone(&self).run(Moment::AfterRestore, Arc::clone(&app)),
        )
    }

    fn visit(&self, each: &mut dyn FnMut(Origin, fn(&mut Requirements<'_>))) {
        if let Some(earlier) = &self.earlier {
            earlier.visit(each);
        }
        each(self.origin, H::requires);
    }
}
