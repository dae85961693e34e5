//! Any text as a pattern, with values and paths behind it, line by line: mistakes are placed inside the pattern, and a right
//! pattern takes the links it makes, alone, below a prefix and whatever the last slash; any path has an answer.
#![no_main]

use carafe_router::{Filter, Found, Pattern, Router, RouterBuilder, Token, canonical};
use libfuzzer_sys::fuzz_target;

fn router(pattern: Pattern, tolerant: bool) -> Router<()> {
    let mut builder = RouterBuilder::new();
    builder.tolerate_trailing_slash(tolerant);
    builder.insert("GET", pattern, ());
    builder.build().expect("one route does not collide")
}

/// The values that the path's parameters have, if the route takes the path.
fn caught(router: &Router<()>, path: &str) -> Option<Vec<String>> {
    let Found::Route { captures, .. } = router.find("GET", path, |(), _, _| true) else { return None };
    Some((0..).map_while(|index| captures.get(index, path).map(str::to_owned)).collect())
}

/// Whether a parameter with this filter takes the value when it stands alone.
fn accepts(filter: &Filter, value: &str) -> bool {
    let text = match filter {
        Filter::None => "/<it>".to_owned(),
        Filter::Int => "/<it:int>".to_owned(),
        Filter::Float => "/<it:float>".to_owned(),
        Filter::Path => "/<it:path>".to_owned(),
        Filter::Re(regex) => format!("/<it:re:{regex}>"),
        other => panic!("unknown filter {other:?}"),
    };
    let pattern = Pattern::parse(&text).expect("the filter is from a right pattern");
    let path = pattern.url(&[value]);
    let values = caught(&router(pattern, false), &path);
    assert!(values.as_ref().is_none_or(|values| values == &[value]), "{text} {value:?} {values:?}");
    values.is_some()
}

fuzz_target!(|lines: &str| {
    let (text, lines) = lines.split_once('\n').unwrap_or((lines, ""));
    let lines: Vec<&str> = lines.split('\n').collect();
    let pattern = match Pattern::parse(text) {
        Ok(pattern) => pattern,
        Err(errors) => {
            assert!(!errors.as_slice().is_empty());
            for error in errors {
                assert!(text.get(error.at.clone()).is_some(), "{error:?}");
            }
            return;
        }
    };
    let strict = router(pattern.clone(), false);
    let tolerant = router(pattern.clone(), true);
    for line in &lines {
        for path in [*line, &format!("/{line}")] {
            let values = caught(&strict, path);
            if let Some(values) = &values {
                assert_eq!(values.len(), pattern.params().count());
                assert_eq!(Some(values), caught(&tolerant, path).as_ref());
            }
            let _ = caught(&tolerant, path);
            let alone = pattern.captures(path);
            assert_eq!(alone.is_some(), values.is_some());
            if let Some(text) = canonical(path) {
                assert_eq!(canonical(&text).as_deref(), Some(&*text));
                assert_eq!(caught(&strict, &text), values);
            }
        }
    }

    let values: Vec<&str> = pattern.params().zip(lines.iter().cycle()).map(|(_, line)| *line).collect();
    let expressions = pattern.params().filter(|param| matches!(param.filter, Filter::Re(_))).count();
    let url = pattern.url(&values);
    // How much work expressions may make is bounded, so a long path may be refused.
    let is_bounded = expressions == 0 || (expressions <= 2 && url.len() <= 60);
    // No link begins with `//`, so a pattern that does has no link of its own.
    let has_link = !text.starts_with("//");
    if is_bounded
        && has_link
        && pattern.params().zip(&values).all(|(param, value)| accepts(&param.filter, value))
    {
        let first = caught(&strict, &url).expect("a pattern takes the links it makes");
        let last = pattern.tokens().iter().rfind(|token| !matches!(token, Token::Query(_)));
        let other_end = match last {
            Some(Token::Text(text)) if text.ends_with('/') => url[..url.len() - 1].to_owned(),
            _ => format!("{url}/"),
        };
        // Of two slashes the last one is too many, not one too few.
        assert!(caught(&tolerant, &other_end).is_some() || url.ends_with("//"));
        let mounted = pattern.mounted("/v1").expect("a right prefix and a right pattern");
        let url = mounted.url(&values);
        assert_eq!(caught(&router(mounted, false), &url), Some(first));
    }
});
