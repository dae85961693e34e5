//! Why a command failed, in a sentence, and the code that the program ends with.

/// The exit code for a command line that cannot be read.
pub(super) const USAGE: u8 = 2;

/// The failure of a command.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) why: String,
    pub(super) code: u8,
}

impl Failure {
    /// Creates the failure of something that was tried.
    pub(super) fn new(why: impl Into<String>) -> Failure {
        Failure { why: why.into(), code: 1 }
    }

    /// Creates the failure to read the command line.
    pub(super) fn usage(why: impl Into<String>) -> Failure {
        Failure { why: why.into(), code: USAGE }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Failure {
        Failure::usage(error.to_string())
    }
}
