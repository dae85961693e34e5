//! The files of a project. They are those of the repository's folder `templates`, which `crates/carafe-alb/templates` has links to,
//! so that they are in the published crate; a test compares this list with the folder.

/// What a project can have beyond the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Admin,
    DynamoDb,
    Terraform,
}

impl Part {
    const ALL: [Part; 3] = [Part::Admin, Part::DynamoDb, Part::Terraform];

    pub(super) fn name(self) -> &'static str {
        match self {
            Part::Admin => "admin",
            Part::DynamoDb => "dynamodb",
            Part::Terraform => "terraform",
        }
    }

    pub(super) fn named(name: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// One file.
#[derive(Debug)]
pub(super) struct File {
    /// None if every project has it.
    pub(super) part: Option<Part>,
    /// Where it goes.
    pub(super) path: &'static str,
    /// Whether there is something to fill in. Templates of pages look alike, and are not.
    pub(super) is_rendered: bool,
    pub(super) text: &'static str,
}

macro_rules! file {
    ($part:expr, $folder:literal, $path:literal, $is_rendered:literal) => {
        file!($part, $folder, $path, $path, $is_rendered)
    };
    ($part:expr, $folder:literal, $from:literal, $path:literal, $is_rendered:literal) => {
        File {
            part: $part,
            path: $path,
            is_rendered: $is_rendered,
            text: include_str!(concat!("../../../templates/", $folder, "/", $from)),
        }
    };
}

/// All files. `Cargo.toml` and `.gitignore` have other names in the crate, where they would mean the crate.
pub(super) static FILES: &[File] = &[
    file!(None, "app", "manifest.toml", "Cargo.toml", true),
    file!(None, "app", "gitignore", ".gitignore", false),
    file!(None, "app", "README.md", true),
    file!(None, "app", "events/hello.json", false),
    file!(None, "app", "src/main.rs", true),
    file!(Some(Part::Admin), "admin", "build.rs", false),
    file!(Some(Part::Admin), "admin", "src/admin.rs", false),
    file!(Some(Part::Admin), "admin", "static/admin.css", false),
    file!(Some(Part::Admin), "admin", "templates/base.html", false),
    file!(Some(Part::Admin), "admin", "templates/home.html", false),
    file!(Some(Part::Admin), "admin", "templates/login.html", false),
    file!(Some(Part::DynamoDb), "dynamodb", "src/visits.rs", false),
    file!(Some(Part::DynamoDb), "dynamodb", "src/visits/dynamodb.rs", false),
    file!(Some(Part::DynamoDb), "dynamodb", "src/visits/memory.rs", false),
    file!(Some(Part::Terraform), "terraform", "deploy/main.tf", true),
];
