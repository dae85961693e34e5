//! Two routes of one list that answer the same requests, or two catchers of one status: found while compiling.

/// A route or catcher as the compiler compares it, with the words of the message.
#[derive(Clone, Copy, Debug)]
pub struct Signpost {
    /// Equal for two routes, or two catchers, exactly when they answer the same.
    pub shape: u64,
    /// For example ``route `GET /users/<id>` ``.
    pub what: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// Its file.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
}

/// The first pair of an earlier list or place and a place in the list at `at` that are the same.
///
/// Numbers only: comparing the texts would make a long list slow to compile.
#[expect(clippy::indexing_slicing, reason = "constant functions have no iterators, and run in the compiler")]
const fn clash(lists: &[&'static [Signpost]], at: usize) -> Option<(&'static Signpost, &'static Signpost)> {
    let new = lists[at];
    let mut list = 0;
    while list < at {
        let mut old = 0;
        let posts = lists[list];
        while old < posts.len() {
            let mut this = 0;
            while this < new.len() {
                if posts[old].shape == new[this].shape {
                    return Some((&posts[old], &new[this]));
                }
                this += 1;
            }
            old += 1;
        }
        list += 1;
    }
    None
}

/// A buffer for one message.
type Message = [u8; 1024];

/// Fails to compile where the entry at `at` answers the same as one before it.
#[track_caller]
#[expect(clippy::panic, reason = "only the compiler calls it, and this is how it says what is wrong")]
pub const fn assert_distinct(lists: &[&'static [Signpost]], at: usize, why: &str) {
    if let Some((first, second)) = clash(lists, at) {
        panic!("{}", trimmed(&clash_message(first, second, why)))
    }
}

/// The sentence for the compiler's error.
const fn clash_message(first: &Signpost, second: &Signpost, why: &str) -> Message {
    let mut buffer = [b' '; 1024];
    let end = describe(&mut buffer, 0, second);
    let end = put(&mut buffer, end, why);
    describe(&mut buffer, end, first);
    buffer
}

/// The message without the room that was not needed.
const fn trimmed(message: &Message) -> &str {
    match std::str::from_utf8(message.trim_ascii_end()) {
        Ok(text) => text,
        Err(_) => "two entries of this list are the same",
    }
}

const fn describe(buffer: &mut Message, end: usize, post: &Signpost) -> usize {
    let end = put(buffer, end, post.what);
    let end = put(buffer, end, " (fn ");
    let end = put(buffer, end, post.name);
    let end = put(buffer, end, ", ");
    let end = put(buffer, end, post.file);
    let end = put(buffer, end, ":");
    let end = put_number(buffer, end, post.line);
    put(buffer, end, ")")
}

#[expect(clippy::indexing_slicing, reason = "both indexes are checked by the loop")]
const fn put(buffer: &mut Message, mut end: usize, text: &str) -> usize {
    let text = text.as_bytes();
    let mut at = 0;
    while at < text.len() && end < buffer.len() {
        buffer[end] = text[at];
        end += 1;
        at += 1;
    }
    end
}

#[expect(clippy::indexing_slicing, reason = "the index is checked before")]
const fn put_number(buffer: &mut Message, end: usize, number: u32) -> usize {
    let end = if number >= 10 { put_number(buffer, end, number / 10) } else { end };
    if end < buffer.len() {
        buffer[end] = b'0' + (number % 10) as u8;
    }
    end + 1
}
