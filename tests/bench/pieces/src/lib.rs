//! The pieces of one invocation by themselves, each as something to prepare and something to measure.

mod arguments;
mod linear;
mod router;
mod sizes;
mod wire;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Looks at pieces one after the other.
pub trait Visit {
    /// `run` is what counts; what it gives back is dropped within.
    fn piece<I, O>(&mut self, name: &str, prepare: impl FnMut() -> I, run: impl FnMut(I) -> O);
}

/// Shows all pieces.
pub fn each(visit: &mut impl Visit) {
    wire::each(visit);
    arguments::each(visit);
    router::each(visit);
    sizes::each(visit);
}

/// Shows pairs of pieces of which the second is for twice the input: what they cost is compared, and not kept.
pub fn each_doubled(visit: &mut impl Visit) {
    linear::each(visit);
}

/// Names of all pieces.
pub fn names() -> Vec<String> {
    struct Names(Vec<String>);
    impl Visit for Names {
        fn piece<I, O>(&mut self, name: &str, _: impl FnMut() -> I, _: impl FnMut(I) -> O) {
            self.0.push(name.to_owned());
        }
    }
    let mut names = Names(Vec::new());
    each(&mut names);
    names.0
}

/// The output of a future that has nothing to wait for.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// What Lambda says about an invocation.
fn context() -> carafe_lambda::Context {
    let mut context = carafe_lambda::Context::default();
    context.request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned();
    context.invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench".to_owned();
    context.trace_id =
        Some("Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0".to_owned());
    context
}
