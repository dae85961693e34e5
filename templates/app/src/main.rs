//! A function behind an Application Load Balancer.
{%- if admin %}

mod admin;
{%- endif %}
{%- if dynamodb %}

mod visits;
{%- endif %}
{%- if dynamodb %}

use std::sync::Arc;
{%- endif %}

use carafe::{App, SecurityHeaders, get, routes};
use serde::Serialize;

#[get("/")]
fn index() -> &'static str {
    "Hello World!"
}

#[get("/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello {name}!")
}

#[derive(Serialize)]
struct Health {
    ok: bool,
}

/// The health check of the target group.
#[get("/internal/health")]
fn health() -> Health {
    Health { ok: true }
}
{%- if dynamodb %}

fn app(visits: Arc<dyn visits::Visits>) -> App {
{%- else %}

fn app() -> App {
{%- endif %}
    App::new()
        .routes(routes![index, hello, health])
{%- if admin %}
        .attach(admin::Admin)
{%- endif %}
{%- if dynamodb %}
        .attach(visits::Counter(visits))
{%- endif %}
        .after(SecurityHeaders::new())
}
{%- if dynamodb %}

async fn start() -> carafe::Result<App> {
    Ok(app(visits::open().await?))
}

fn main() -> carafe::Result {
    carafe::run(start)
}
{%- else %}

fn main() -> carafe::Result {
    carafe::run(app())
}
{%- endif %}

#[cfg(test)]
mod tests {
    use carafe::testing::Client;
{%- if dynamodb %}

    pub(crate) fn client() -> Client {
        super::app(std::sync::Arc::new(super::visits::Memory::default())).test()
    }
{%- else %}

    pub(crate) fn client() -> Client {
        super::app().test()
    }
{%- endif %}

    #[test]
    fn routes_answer() {
        let client = client();
        for (path, status, text) in [
            ("/", 200, "Hello World!"),
            ("/hello/Ann", 200, "Hello Ann!"),
            ("/internal/health", 200, r#"{"ok":true}"#),
        ] {
            let reply = client.get(path).send();
            assert_eq!(reply.status(), status, "{path}");
            assert_eq!(reply.text(), text, "{path}");
        }
        assert_eq!(client.get("/lost").send().status(), 404);
    }
}
