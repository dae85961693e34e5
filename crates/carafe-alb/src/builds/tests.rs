use super::*;

/// Runs a future on a clock that goes on by itself where all wait.
fn on_paused_clock<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(true).build().unwrap().block_on(future)
}

fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    let fields = fields.iter();
    fields.map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn browser() -> HeaderMap {
    headers(&[("accept", "text/html,*/*"), ("sec-fetch-mode", "navigate")])
}

fn shown(gate: &Gate) -> (u16, String) {
    match gate {
        Gate::Open => (200, "open".to_owned()),
        Gate::LastGood(why) => (200, format!("last good: {why}")),
        Gate::Closed(response, _) => {
            (response.status().as_u16(), String::from_utf8_lossy(response.body()).into_owned())
        }
    }
}

#[test]
fn variables_are_not_printed() {
    let builds = Builds::new(|| {});
    builds.succeeded([("APP_SECRET".into(), "hunter2".into())]);
    let printed = format!("{builds:?}");
    assert!(printed.contains("Good") && !printed.contains("hunter2"), "{printed}");
}

#[test]
fn who_opens_a_page() {
    for (fields, expected) in [
        (&[("accept", "text/html")][..], true),
        (&[("accept", "*/*")], false),
        (&[], false),
        (&[("sec-fetch-mode", "navigate")], true),
        (&[("sec-fetch-mode", "cors"), ("accept", "text/html")], false),
        (&[("sec-fetch-mode", "no-cors"), ("accept", "text/css,*/*")], false),
    ] {
        assert_eq!(navigates(&headers(fields)), expected, "{fields:?}");
    }
}

#[test]
fn a_failed_build_is_shown_and_the_last_good_one_goes_on() {
    on_paused_clock(async {
        let builds = Arc::new(Builds::new(|| {}));
        builds.failed("\x1b[31merror\x1b[0m: a < b");
        // There is nothing else to answer with.
        assert_eq!(
            shown(&builds.gate(&headers(&[])).await),
            (503, "The build failed\n\nerror: a < b\n".to_owned())
        );
        let (status, page) = shown(&builds.gate(&browser()).await);
        assert!(status == 503 && page.contains("<span class=\"c1\">error</span>: a &lt; b</pre>"), "{page}");
        builds.succeeded([("A".into(), "b".into())]);
        assert_eq!(shown(&builds.gate(&browser()).await).1, "open");
        builds.failed("error: once more");
        assert_eq!(shown(&builds.gate(&headers(&[])).await).1, "last good: the new one failed");
        assert!(shown(&builds.gate(&browser()).await).1.contains("error: once more"));
        assert_eq!(&*builds.environment(), [("A".into(), "b".into())]);
    });
}

#[test]
fn requests_wait_for_a_build_but_not_for_ever() {
    on_paused_clock(async {
        let builds = Arc::new(Builds::new(|| {}));
        let first = "The program is being built, and there is none yet that could answer. The terminal shows how far it is.\n";
        assert_eq!(
            shown(&builds.gate(&headers(&[])).await),
            (503, format!("Building\n\n{first}Ask again in a moment.\n"))
        );
        let (status, page) = shown(&builds.gate(&browser()).await);
        let text =
            format!("<h1>Building</h1>\n<pre>{first}This page comes anew by itself when that is done.</pre>");
        assert!(status == 503 && page.contains(&text), "{page}");
        let waiting = Arc::clone(&builds);
        let waiting = tokio::spawn(async move { shown(&waiting.gate(&browser()).await).1 });
        tokio::time::sleep(Duration::from_secs(1)).await;
        builds.succeeded([]);
        assert_eq!(waiting.await.unwrap(), "open");
        builds.begin();
        let answered = shown(&builds.gate(&headers(&[])).await).1;
        assert_eq!(answered, "last good: the new one is still being built");
        let page = shown(&builds.gate(&browser()).await).1;
        let text = "<h1>Building</h1>\n<pre>A file has changed, and the program is being built anew.";
        assert!(page.contains(text), "{page}");
    });
}

#[test]
fn each_request_has_somebody_look() {
    on_paused_clock(async {
        let looked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&looked);
        let builds = Arc::new(Builds::new(move || {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }));
        builds.succeeded([]);
        for _ in 0..3 {
            assert_eq!(shown(&builds.gate(&headers(&[])).await).1, "open");
        }
        assert_eq!(looked.load(std::sync::atomic::Ordering::Relaxed), 3);
    });
}

#[test]
fn a_page_hears_when_it_is_over() {
    on_paused_clock(async {
        let builds = Arc::new(Builds::new(|| {}));
        builds.failed("error");
        assert!(builds.long_poll(&headers(&[])).await.is_none());
        let since = headers(&[("x-carafe-alb-since", "1")]);
        let status = async |headers: &HeaderMap| builds.long_poll(headers).await.unwrap().status().as_u16();
        assert_eq!(status(&since).await, 202);
        builds.begin();
        assert_eq!(status(&since).await, 202);
        builds.succeeded([]);
        assert_eq!(status(&since).await, 204);
    });
}
