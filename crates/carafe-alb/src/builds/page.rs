//! The answers to requests while there is no program to start yet.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, SERVER};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::ansi;
use crate::refusal;

/// Sent by the page, with the number of what it shows: the answer comes when that is over.
pub(super) const SINCE: HeaderName = HeaderName::from_static("x-carafe-alb-since");

/// Says that a build takes its time, and what comes of it.
pub(super) fn building(is_page: bool, number: u64, has_good: bool) -> Response<Bytes> {
    let what = match has_good {
        true => "A file has changed, and the program is being built anew.",
        false => "The program is being built, and there is none yet that could answer.",
    };
    let next = match is_page {
        true => "This page comes anew by itself when that is done.",
        false => "Ask again in a moment.",
    };
    let text = format!("{what} The terminal shows how far it is.\n{next}");
    let mut response = answer(is_page, number, "Building", &text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Shows what the compiler says.
pub(super) fn failed(is_page: bool, number: u64, output: &str) -> Response<Bytes> {
    answer(is_page, number, "The build failed", output)
}

fn answer(is_page: bool, number: u64, title: &str, output: &str) -> Response<Bytes> {
    let (kind, body) = if is_page {
        ("text/html; charset=utf-8", html(number, title, output))
    } else {
        ("text/plain; charset=utf-8", format!("{title}\n\n{}\n", ansi::plain(output).trim_end()))
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(SERVER, refusal::SERVER);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A page that comes anew by itself when what it shows is over.
fn html(number: u64, title: &str, output: &str) -> String {
    let output = ansi::html(output.trim_end());
    format!(
        "<!DOCTYPE html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>{title}</title>
<style>{STYLE}</style>
<h1>{title}</h1>
<pre>{output}</pre>
<script>
const wait = async () => {{
  for (;;) {{
    try {{
      const reply = await fetch(location.href, {{ headers: {{ '{SINCE}': '{number}' }} }});
      if (reply.status === 204) return location.reload();
    }} catch {{
      await new Promise(done => setTimeout(done, 1000));
    }}
  }}
}};
wait();
</script>
</html>
"
    )
}

const STYLE: &str = "
body { margin: 2rem; background: #1b1d23; color: #e6e6e6; font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.3rem }
pre { font: 0.9rem/1.45 ui-monospace, monospace; overflow-x: auto }
.bold { font-weight: bold }
.c1 { color: #ff6b6b } .c2 { color: #7bd88f } .c3 { color: #f2c14e }
.c4 { color: #7aa7ff } .c5 { color: #d58bff } .c6 { color: #5fd3d3 }
";
