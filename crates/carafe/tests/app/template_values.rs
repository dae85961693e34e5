//! What every template has, folders of templates, and what the log says of a mistake.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use carafe::testing::Client;
use carafe::{App, Folder, Request, ResponseExt as _, Result, Template, abort, get, routes};

#[get("/posts/<id>")]
fn show(id: u32) -> Template {
    Template::new("page.html", BTreeMap::from([("id", id)]))
}

#[get("/files/<name>/<rest:path>")]
fn file(name: &str, rest: &str) -> String {
    format!("{name} {rest}")
}

/// A function in a module of its own.
mod other {
    #[carafe::get("/other")]
    pub(super) fn lone() -> &'static str {
        "other"
    }
}

/// Makes a page of this source, with `id` 7, at the path of `show` under `/v1`.
fn client(source: &str) -> Client {
    let app = App::new().template("page.html", source);
    app.mount("/v1", routes![show, file, other::lone]).files("/static", Folder::new("tests/static")).test()
}

fn page(source: &str) -> String {
    client(source).get("/v1/posts/7?q=a%20b").header("x-own", "<own>").send().text().to_owned()
}

/// Returns the cause of a page's 500, as the log has it.
fn mistake(app: App) -> String {
    let told = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let kept = std::sync::Arc::clone(&told);
    let app = app.after(move |_: &Request, response: &mut carafe::Response| {
        if let Some(source) = response.error().and_then(|error| error.source()) {
            *kept.lock().unwrap() = source.to_string();
        }
    });
    let reply = app.routes(routes![show]).test().get("/posts/7").send();
    assert_eq!(reply.status(), 500);
    assert!(!reply.text().contains("page.html"), "{}", reply.text());
    told.lock().unwrap().clone()
}

#[test]
fn the_request() {
    for (source, text) in [
        ("{{ request.method }} {{ request.path }}", "GET &#x2f;v1&#x2f;posts&#x2f;7"),
        ("{{ request.route }}", "&#x2f;v1&#x2f;posts&#x2f;&lt;id&gt;"),
        ("{{ request.raw_query }}", "q=a%20b"),
        ("{{ request.query('q') }} {{ request.param('id') }}", "a b 7"),
        ("{{ request.header('X-Own') }}", "&lt;own&gt;"),
        ("{% if request.header('none') is none %}none{% endif %}", "none"),
        ("{% if request.path == '/v1/posts/7' %}here{% endif %}", "here"),
        ("{{ request.is_https }} {{ request.host is string }}", "True True"),
        ("{% macro m() %}{{ request.method }}{% endmacro %}{{ m() }}", "GET"),
    ] {
        assert_eq!(page(source), text, "{source}");
    }
}

#[test]
fn links_by_the_name_of_a_function() {
    for (source, text) in [
        ("{{ url('show', id=8) }}", "/v1/posts/8"),
        ("{{ url('show', id) }}", "/v1/posts/7"),
        ("{{ url('template_values::show', 8) }}", "/v1/posts/8"),
        ("{{ url('lone') }}", "/v1/other"),
        ("{{ url('file', 'a/b', 'c/d e') }}", "/v1/files/a%2Fb/c/d%20e"),
        ("{{ url('show', 8, page=2, tag=none)|safe }}", "/v1/posts/8?page=2"),
        ("{{ url('show', id=8, q='a&b=c', r=1) }}", "&#x2f;v1&#x2f;posts&#x2f;8?q=a%26b%3Dc&amp;r=1"),
    ] {
        assert_eq!(page(source), text, "{source}");
    }
    for (source, part) in [
        ("{{ url('none') }}", "no route of a function with this name"),
        ("{{ url('gone::show', 8) }}", "no route of a function with this name"),
        ("{{ url('show') }}", "needs a value for <id> of /posts/<id>"),
        ("{{ url('show', 1, 2) }}", "more values than /posts/<id> takes"),
        ("{{ url('show', 'x') }}", "/posts/<id> does not match a path of the values [\"x\"]"),
    ] {
        let told = mistake(App::new().template("page.html", source));
        assert!(told.contains(part) && told.contains("page.html:1"), "{source}: {told}");
    }
}

#[test]
fn assets() {
    let text = page("<link href={{ asset('app.css') }}>");
    assert!(
        text.starts_with("<link href=&#x2f;static&#x2f;app.") || text.starts_with("<link href=/static/app."),
        "{text}"
    );
    let app = App::new()
        .template("page.html", "\n{{ asset('none.css') }}")
        .files("/s", Folder::new("tests/static"));
    let told = mistake(app);
    for part in ["none.css", "`/s/`", "page.html:2"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn functions_of_ones_own() {
    let twice = |request: &Request| {
        let method = request.method().clone();
        move |text: &str| -> Result<Vec<String>> {
            match text {
                "" => Err(abort(400, "no text")),
                text => Ok(vec![format!("{method} <{text}>"), text.to_owned()]),
            }
        }
    };
    let app = |source: &str| App::new().template("page.html", source).template_function("twice", twice);
    let client = app("{% for part in twice('a') %}{{ part }};{% endfor %}").routes(routes![show]).test();
    assert_eq!(client.get("/posts/7").send().text(), "GET &lt;a&gt;;a;");
    let told = mistake(app("{{ twice('') }}"));
    assert!(told.contains("no text") && told.contains("page.html:1"), "{told}");
}

fn one(_: &Request) -> impl Fn(&str) -> Result<String> + use<> {
    |text| Ok(format!("1{text}"))
}

fn two(_: &Request) -> impl Fn() -> Vec<u8> + use<> {
    || vec![2, 2]
}

#[test]
fn what_templates_are_given_may_come_before_and_behind_them() {
    let source = "{{ f('x') }} {{ l|length }} {{ late('y') }} {{ last|length }}";
    let given = |app: App| app.template_function("f", one).template_list("l", two);
    let later = |app: App| app.template_function("late", one).template_list("last", two);
    let template = |app: App| app.template("page.html", source);
    let other = |app: App| app.template("other.html", "");
    for app in [
        later(given(template(App::new()))),
        template(later(given(App::new()))),
        later(template(given(App::new()))),
        template(later(other(given(App::new())))),
        later(template(given(other(App::new())))),
    ] {
        let reply = app.routes(routes![show]).test().get("/posts/7").send();
        assert_eq!(reply.text(), "1x 2 1y 2");
    }
    // A folder of templates begins as well.
    let app = given(App::new()).templates(Folder::new("tests/templates"));
    let client = template(later(app)).routes(routes![show]).test();
    assert_eq!(client.get("/posts/7").send().text(), "1x 2 1y 2");
}

#[test]
fn of_what_has_one_name_the_last_counts() {
    let app = || App::new().template("page.html", "{{ x is sequence }}");
    let text = |app: App| app.routes(routes![show]).test().get("/posts/7").send().text().to_owned();
    let (function, list) =
        (|app: App| app.template_function("x", one), |app: App| app.template_list("x", two));
    assert_eq!(text(list(function(app()))), "True");
    assert_eq!(text(function(list(app()))), "False");
    // Without a template they are nowhere.
    assert_eq!(App::new().template_function("x", one).template_list("y", two).check(), Ok(()));
}

#[test]
fn a_mistake_names_template_line_and_variable() {
    for (source, parts) in [
        ("a\n{{ nmae }}", &["template `page.html`", "`nmae` is undefined", "page.html:2"][..]),
        ("{{ request.pth }}", &["`request.pth` is undefined", "page.html:1"]),
        ("\n\n{{ id.name.first }}", &["id.name", "page.html:3"]),
        ("{% for x in items %}{% endfor %}", &["`items` is undefined", "page.html:1"]),
        ("{{ id|nofilter }}", &["nofilter", "page.html:1"]),
        ("{{ nofunction() }}", &["nofunction", "page.html:1"]),
        ("{{ request.cookies('a') }}", &["cookies", "header(name)", "page.html:1"]),
        ("{% include 'piece.html' %}", &["piece.html:2", "`gone` is undefined", "page.html:1"]),
        ("{% include 'none.html' %}", &["none.html", "page.html:1"]),
    ] {
        let told = mistake(App::new().template("piece.html", "\n{{ gone }}").template("page.html", source));
        for part in parts {
            assert!(told.contains(part), "{source}: {told}");
        }
    }
    // What may be missing is asked for.
    assert_eq!(page("{% if gone %}{{ gone }}{% else %}none{% endif %}{{ gone|default('') }}"), "none");
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(folder.join("pages")).unwrap();
    folder
}

#[get("/index")]
fn index() -> Template {
    Template::new("pages/index.html", ())
}

#[test]
fn templates_of_a_folder() {
    let folders = [
        Folder::new("tests/templates"),
        #[cfg(feature = "embed")]
        carafe::embed!("tests/templates", gzip = off),
    ];
    for folder in folders {
        let reply = App::new().templates(folder).routes(routes![index]).test().get("/index").send();
        let text = "<!DOCTYPE html>\n<title>Index</title>\n<p>&#x2f;index</p>\n";
        assert_eq!(
            (reply.text().trim(), reply.header("content-type")),
            (text.trim(), Some("text/html; charset=UTF-8"))
        );
    }
}

/// A change shows without a new start, in builds with debug assertions.
#[test]
#[cfg(debug_assertions)]
fn a_folder_is_read_again() {
    let folder = folder("templates-again");
    let write = |text: &str| fs::write(folder.join("pages/index.html"), text).unwrap();
    write("one");
    let client = App::new().templates(Folder::new(&folder)).routes(routes![index]).test();
    assert_eq!(client.get("/index").send().text(), "one");
    write("{% include 'new.html' %}");
    fs::write(folder.join("new.html"), "two").unwrap();
    assert_eq!(client.get("/index").send().text(), "two");
    write("{% if %}");
    assert_eq!(client.get("/index").send().status(), 500);
    write("three");
    assert_eq!(client.get("/index").send().text(), "three");
}

#[test]
fn mistakes_in_a_folder_are_problems() {
    let folder = folder("templates-mistakes");
    fs::write(folder.join("pages/index.html"), "\n{% for %}").unwrap();
    fs::write(folder.join("binary.html"), b"\xff").unwrap();
    let problems = App::new().templates(Folder::new(&folder)).check().unwrap_err().to_string();
    for part in ["`pages/index.html`", "pages/index.html:2", "`binary.html` is not UTF-8"] {
        assert!(problems.contains(part), "{problems}");
    }
    let problems = App::new().templates(Folder::new("no/such/folder")).check().unwrap_err().to_string();
    assert!(problems.contains("no/such/folder"), "{problems}");
}
