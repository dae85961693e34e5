//! Where an app is assembled.

/// Where an app is assembled, which says what its variables of the environment hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Only to see what is wrong with it, or to list its routes: it will not answer.
    Checked,
    /// In a test client.
    Test,
    /// On the command line, to answer an event.
    Local,
    /// On Lambda, or in another server.
    Deployed,
}
