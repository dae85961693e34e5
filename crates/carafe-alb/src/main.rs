//! `carafe-alb -- COMMAND`: a local Application Load Balancer in front of any Lambda function, and what else is to be done with
//! one from the command line.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::run(std::env::args_os().skip(1).collect())
}
