//! Event to request, reply to JSON, and all the way from event to answer.

use bytes::Bytes;
use carafe::{Html, IntoResponse as _, Plain};
use carafe_lambda::{Answer, Options, Request, Service, respond};
use scenarios::Scenario;

use crate::{Visit, at_once, context};

/// Events as they come from the run loop: nobody else holds their bytes.
fn fresh(event: &[u8]) -> impl FnMut() -> (Bytes, carafe_lambda::Context) + '_ {
    || (Bytes::from(event.to_vec()), context())
}

pub(crate) fn each(visit: &mut impl Visit) {
    let scenarios = scenarios::all();
    for Scenario { name, event, .. } in &scenarios {
        if !matches!(*name, "big" | "bin") {
            visit.piece(&format!("event to request: {name}"), fresh(event), |(event, context)| {
                Request::from_event(event, context).expect("a request")
            });
        }
    }
    replies(visit);
    let app = on_carafe::app();
    app.check().expect("fits together");
    for Scenario { name, event, expected, .. } in &scenarios {
        let answer = at_once(respond(&app, event.clone().into(), context(), &Options::default()));
        expected.check(&answer.expect("an answer")).expect("the right answer");
        visit.piece(&format!("event to answer: {name}"), fresh(event), |(event, context)| {
            at_once(respond(&app, event, context, &Options::default())).expect("an answer")
        });
    }
}

/// Answers with what it was made for.
struct Fixed(fn() -> carafe::Result<carafe::Response>);

impl Service for Fixed {
    async fn call(&self, _: Request) -> Answer {
        Answer::new(self.0().expect("a response"))
    }
}

/// With the smallest event there is, and without the line in the log: nearly all of it is the reply.
fn replies(visit: &mut impl Visit) {
    const EVENT: &[u8] =
        br#"{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/","multiValueHeaders":{}}"#;
    let options = Options::default().log_requests(false);
    let mut reply = |name: &str, make: fn() -> carafe::Result<carafe::Response>| {
        let service = Fixed(make);
        visit.piece(&format!("reply to JSON: {name}"), fresh(EVENT), |(event, context)| {
            at_once(respond(&service, event, context, &options)).expect("an answer")
        });
    };
    reply("nothing", || ().into_response());
    reply("a greeting", || Html("Hello Ann!").into_response());
    reply("500 KB of text", || Plain(work::big()).into_response());
    reply("200 KB of bytes", || Bytes::from_static(work::bin()).into_response());
}
