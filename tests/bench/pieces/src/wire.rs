//! Event to request, reply to JSON, and all the way from event to answer.

use bytes::{Bytes, BytesMut};
use carafe_lambda::{Answer, Event, Options, Service, respond};
use scenarios::Scenario;

use crate::{Visit, at_once, context};

/// What the run loop's buffer has room for at least.
const ROOM: usize = 8 * 1024;

/// An event, what Lambda says about it, and what else is held meanwhile.
type Fresh = (Bytes, carafe_lambda::Context, BytesMut);

/// Events as they come from the run loop: a large one has a buffer of its own, a small one lies at the front of that for the
/// next reply.
fn fresh(event: &[u8]) -> impl FnMut() -> Fresh + '_ {
    || {
        let mut buffer = BytesMut::with_capacity(event.len() + ROOM);
        buffer.extend_from_slice(event);
        let small = event.len() <= ROOM;
        let event = if small { buffer.split_to(event.len()) } else { std::mem::take(&mut buffer) };
        (event.freeze(), context(), buffer)
    }
}

pub(crate) fn each(visit: &mut impl Visit) {
    let scenarios = scenarios::all();
    for Scenario { name, event, .. } in &scenarios {
        if !matches!(*name, "big" | "bin") {
            visit.piece(&format!("event to request: {name}"), fresh(event), |(event, context, _)| {
                Event::from_payload(event, context).expect("a request")
            });
        }
    }
    replies(visit);
    let app = carafe::__private::assembled(&on_carafe::app()).expect("fits together");
    for Scenario { name, event, expected, .. } in &scenarios {
        let outcome = at_once(respond(&app, event.clone().into(), context(), &Options::default()));
        expected.check(&outcome.answer.expect("an answer")).expect("the right answer");
        visit.piece(&format!("event to answer: {name}"), fresh(event), |(event, context, _)| {
            at_once(respond(&app, event, context, &Options::default())).answer.expect("an answer")
        });
    }
}

/// Answers with what it was made for.
struct Fixed(fn() -> http::Response<Bytes>);

impl Service for Fixed {
    async fn call(&self, _: Event) -> Answer {
        Answer::new(self.0())
    }
}

/// With the smallest event there is, and without the line in the log: nearly all of it is the reply.
fn replies(visit: &mut impl Visit) {
    const EVENT: &[u8] =
        br#"{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/","multiValueHeaders":{}}"#;
    let options = Options::default().log_requests(false);
    let mut reply = |name: &str, make: fn() -> http::Response<Bytes>| {
        let service = Fixed(make);
        visit.piece(&format!("reply to JSON: {name}"), fresh(EVENT), |(event, context, _)| {
            at_once(respond(&service, event, context, &options)).answer.expect("an answer")
        });
    };
    reply("nothing", || response(204, None, Bytes::new()));
    reply("a greeting", || {
        response(200, Some("text/html; charset=UTF-8"), Bytes::from_static(b"Hello Ann!"))
    });
    reply("500 KB of text", || response(200, Some("text/plain; charset=UTF-8"), work::big().into()));
    reply("200 KB of bytes", || {
        response(200, Some("application/octet-stream"), Bytes::from_static(work::bin()))
    });
}

fn response(status: u16, content_type: Option<&'static str>, body: Bytes) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    if let Some(content_type) = content_type {
        let value = http::HeaderValue::from_static(content_type);
        response.headers_mut().insert(http::header::CONTENT_TYPE, value);
    }
    response
}
