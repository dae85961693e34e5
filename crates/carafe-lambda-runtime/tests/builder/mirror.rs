//! The function: layers and hooks that say what they do, and a service that leaves work.

use std::ffi::OsString;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use carafe_lambda::{Answer, Event, Failure, Options};
use carafe_lambda_runtime::lambda_runtime::{BoxFuture, Error, LambdaInvocation, Service, SnapStartResource};
use carafe_lambda_runtime::{Builder, Invocations};
use tower_layer::{Layer, layer_fn};

struct Works;

impl carafe_lambda::Service for Works {
    async fn call(&self, event: Event) -> Answer {
        let id = event.context().request_id.clone();
        event.after().spawn(async move {
            eprintln!("said work {id}");
            Ok(())
        });
        Answer::new(http::Response::new(Bytes::new()))
    }

    async fn before_snapshot(&self) -> Result<(), Failure> {
        eprintln!("said before app");
        Ok(())
    }

    async fn after_restore(&self) -> Result<(), Failure> {
        eprintln!("said after app");
        Ok(())
    }
}

/// The service of a layer. As that of AWS's `OpenTelemetryLayer` it is not `Clone`.
struct Says<S> {
    name: &'static str,
    inner: S,
}

impl<S> Service<LambdaInvocation> for Says<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let (name, id) = (self.name, invocation.context.request_id.clone());
        eprintln!("said {name} {id} {}", invocation.body.len());
        let answering = self.inner.call(invocation);
        Box::pin(async move {
            answering.await?;
            eprintln!("said {name} {id} done");
            match std::env::var("MIRROR_LAYER").as_deref() {
                Ok("fails") => Err("no span".into()),
                Ok(_) => Err(sunk()),
                Err(_) => Ok(()),
            }
        })
    }
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn sunk() -> Error {
    panic!("sunk")
}

fn inner() -> impl Layer<Invocations, Service = Says<Invocations>> {
    layer_fn(|inner| Says { name: "inner", inner })
}

struct Resource(&'static str);

impl Resource {
    fn run(&self, when: &str) -> Result<(), Error> {
        let what = format!("{when} {}", self.0);
        if std::env::var("MIRROR_RESOURCE").is_ok_and(|failing| failing == what) {
            return Err("no pool".into());
        }
        eprintln!("said {what}");
        Ok(())
    }
}

impl SnapStartResource for Resource {
    fn before_snapshot(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async { self.run("before") })
    }

    fn after_restore(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async { self.run("after") })
    }
}

/// Returns the command that starts this function.
pub(crate) fn command() -> [OsString; 6] {
    let tests = std::env::current_exe().expect("a test runs").into_os_string();
    let arguments = ["mirror::function", "--exact", "--ignored", "--nocapture", "--test-threads=1"];
    let [test, exact, ignored, log, threads] = arguments.map(OsString::from);
    [tests, test, exact, ignored, log, threads]
}

#[test]
#[ignore = "the function that the other tests start"]
fn function() {
    if !carafe_lambda::on_lambda() {
        return;
    }
    let outcome = Builder::new()
        .layer(inner())
        .layer(layer_fn(|inner| Says { name: "outer", inner }))
        .register_snapstart_resource(Arc::new(Resource("first")))
        .register_snapstart_resource(Arc::new(Resource("second")))
        .run(async { Ok::<_, String>((Works, Options::default())) });
    // The harness would report it as a test.
    std::process::exit(i32::from(outcome.is_err()));
}
