//! What an app is assembled for.

/// What an app is assembled for, which says what its variables of the environment hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Only to see what is wrong with it, or to list its routes: it will not answer.
    Check,
    /// A test client.
    Test,
    /// The command line, to answer one event.
    Command,
    /// Lambda, or another server.
    Deployment,
}
