//! Names of cookies.

use crate::Request;

/// The name of the session's cookie, where the app says one.
pub(super) struct Name(pub(super) String);

/// Returns the name of a cookie as it is sent: with a prefix that binds it to this host where browsers take that, unless it
/// has one.
pub(super) fn full_name(name: &str, https: bool) -> String {
    let has = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if https && !has("__Host-") && !has("__Secure-") { format!("__Host-{name}") } else { name.to_owned() }
}

/// Returns the name of the session's cookie in this request.
pub(super) fn of_session(request: &Request) -> String {
    let name = request.state::<Name>();
    full_name(name.as_ref().map_or("session", |name| &name.0), request.is_https())
}

/// Returns the name of the cookie of flash messages in this request.
pub(super) fn of_flash(request: &Request) -> String {
    let name = request.state::<Name>();
    let name = name.map_or("flash".to_owned(), |name| format!("{}-flash", name.0));
    full_name(&name, request.is_https())
}
