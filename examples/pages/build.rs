//! Lets the compiler notice files that are added; changed ones it notices by itself.
#![expect(clippy::print_stdout, reason = "that is how cargo is told")]

fn main() {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=templates");
}
