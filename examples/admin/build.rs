//! Lets the compiler notice files that are added; changed ones it notices by itself.

fn main() {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=templates");
}
