//! Pages with a style sheet and a picture, all of it in the program: a folder of files, and one of templates.

use carafe::{App, Request, Template, catch, catchers, embed, get, routes};
use serde::Serialize;

#[derive(Serialize)]
struct Poem {
    title: &'static str,
    lines: &'static [&'static str],
}

const POEMS: [Poem; 2] = [
    Poem { title: "Water", lines: &["It finds its way", "down to the sea"] },
    Poem { title: "Glass", lines: &["Sand that has learned", "to let light through"] },
];

#[derive(Serialize)]
struct Index {
    poems: &'static [Poem],
}

#[get("/")]
fn index() -> Template {
    Template::new("index.html", Index { poems: &POEMS })
}

#[get("/poems/<title>")]
fn poem(title: &str) -> Option<Template> {
    let poem = POEMS.iter().find(|poem| poem.title == title)?;
    Some(Template::new("poem.html", poem))
}

#[catch(404)]
fn lost(_: &Request) -> Template {
    Template::new("lost.html", ())
}

fn app() -> App {
    App::new()
        .files("/static", embed!("static"))
        .templates(embed!("templates", gzip = off))
        .routes(routes![index, poem])
        .catch(catchers![lost])
}

fn main() -> carafe::Result {
    carafe::run(app())
}

#[cfg(test)]
mod tests {
    use super::app;

    #[test]
    fn pages_name_their_files_for_good() {
        let client = app().test();
        for (path, status, text) in [
            ("/", 200, "<a href=\"/poems/Water\">Water</a>"),
            ("/poems/Glass", 200, "to let light through"),
            ("/poems/Stone", 404, "no page at <code>&#x2f;poems&#x2f;Stone</code>"),
        ] {
            let page = client.get(path).send();
            assert_eq!(page.status(), status, "{path}");
            assert!(page.text().contains(text), "{path}: {}", page.text());
            let link = page
                .text()
                .split("rel=\"stylesheet\" href=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let style = link.unwrap_or_default().replace("&#x2f;", "/");
            let reply = client.get(&style).header("accept-encoding", "gzip").send();
            assert_eq!(reply.header("content-type"), Some("text/css; charset=UTF-8"), "{style}");
            assert_eq!(reply.header("content-encoding"), Some("gzip"), "{style}");
            assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"), "{style}");
        }
    }
}
