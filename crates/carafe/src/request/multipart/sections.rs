//! What stands between the boundaries of a multipart body (RFC 2046 §5.1.1).

use bytes::Bytes;
use memchr::memmem::Finder;

/// Returns the sections of a body one by one: the headers and the content of each part. Or an error, after which there is
/// nothing more.
pub(super) fn of(body: &Bytes, boundary: &[u8]) -> impl Iterator<Item = Result<Bytes, &'static str>> {
    let delimiter = [b"\r\n--", boundary].concat();
    let finder = Finder::new(&delimiter).into_owned();
    let mut state = State::Preamble;
    std::iter::from_fn(move || {
        if matches!(state, State::Preamble) {
            match first(body, &delimiter, &finder) {
                Some(Line { ends: Some(ends), .. }) => state = State::Parts(ends),
                Some(Line { ends: None, .. }) => state = State::Epilogue,
                None => {
                    state = State::Epilogue;
                    return Some(Err("its boundary is nowhere in the body"));
                }
            }
        }
        let State::Parts(starts) = state else { return None };
        // The end of one line can be the begin of the next: then there is nothing between them.
        let Some(line) = next(body, starts.saturating_sub(2), &finder) else {
            state = State::Epilogue;
            return Some(Err("it ends before its last boundary"));
        };
        state = line.ends.map_or(State::Epilogue, State::Parts);
        Some(Ok(body.slice(starts..line.starts.max(starts))))
    })
}

enum State {
    /// What stands in front of the first boundary means nothing.
    Preamble,
    /// The place where the next part begins.
    Parts(usize),
    /// What stands behind the last boundary means nothing either.
    Epilogue,
}

/// A line with a boundary.
struct Line {
    /// The place of the line break in front, which belongs to it.
    starts: usize,
    /// The place behind the line break at its end; `None` for the last one, which has `--`.
    ends: Option<usize>,
}

/// Returns the first line with a boundary, which may be the first line of all.
fn first(body: &Bytes, delimiter: &[u8], finder: &Finder<'_>) -> Option<Line> {
    let dashes = delimiter.get(2..)?;
    let at_once = body.strip_prefix(dashes).and_then(|rest| line(rest, body.len(), 0));
    at_once.or_else(|| next(body, 0, finder))
}

/// Returns the next line with a boundary. Each byte is looked at once by the search, and once more behind what it finds.
fn next(body: &[u8], mut from: usize, finder: &Finder<'_>) -> Option<Line> {
    loop {
        let starts = from + finder.find(body.get(from..)?)?;
        from = starts + finder.needle().len();
        // A line that only begins like a boundary is content: parts may have boundaries of their own.
        let found = line(body.get(from..)?, body.len(), starts);
        if found.is_some() {
            return found;
        }
    }
}

/// Returns the line of a boundary from what stands behind it: blanks and a line break, or the two hyphens of the last.
fn line(rest: &[u8], length: usize, starts: usize) -> Option<Line> {
    if rest.starts_with(b"--") {
        return Some(Line { starts, ends: None });
    }
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = rest.get(padding..)?.strip_prefix(b"\r\n")?;
    Some(Line { starts, ends: Some(length - rest.len()) })
}
