//! `carafe-alb zip`, read by Python's `zipfile`.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::folder::Folder;
use super::{Ran, carafe_alb};

/// Reads a zip: name, mode, time, extra field and content of each entry, a line each; its hash in the last one.
fn unpacked(zip: &Path) -> String {
    let script = r#"
import base64, hashlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    assert file.testzip() is None
    for entry in file.infolist():
        assert entry.create_system == 3
        content = file.read(entry)
        shown = content.decode() if len(content) < 50 else f"{len(content)} bytes"
        print(entry.filename, oct(entry.external_attr >> 16), *entry.date_time, entry.extra, entry.comment, shown)
print(base64.b64encode(hashlib.sha256(open(sys.argv[1], "rb").read()).digest()).decode())
"#;
    let ran: Ran = Command::new("python3").args(["-c", script]).arg(zip).output().unwrap().into();
    assert_eq!(ran.code, Some(0), "{}", ran.error);
    ran.out
}

/// Sets the mode and the time of a file.
fn touch(path: &Path, mode: u32, seconds: u64) {
    let file = std::fs::File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    file.set_permissions(Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_is_packed_is_there_and_nothing_else() {
    let folder = Folder::new("zip-entries");
    let app = folder.write("app", "#!/bin/sh\n");
    folder.write("static/é/b.txt", "b".repeat(1000));
    let executable = folder.write("static/a.sh", "a");
    folder.write("static/empty.txt", "");
    folder.write("settings.json", "{}");
    touch(&app, 0o600, 1_000_000_000);
    touch(&executable, 0o711, 1_000_000_000);
    let line = [
        "zip",
        "app",
        "--include",
        "./static/",
        "--include",
        "settings.json",
        "--include",
        "static/é",
        "-o",
        "out.zip",
    ];
    let ran = carafe_alb(folder.path(), &line);
    assert_eq!(ran.code, Some(0), "{}", ran.error);
    let found = unpacked(&folder.path().join("out.zip"));
    let (entries, hash) = found.trim_end().rsplit_once('\n').unwrap();
    let expected = "\
bootstrap 0o100755 1980 1 1 0 0 0 b'' b'' #!/bin/sh

settings.json 0o100644 1980 1 1 0 0 0 b'' b'' {}
static/ 0o40755 1980 1 1 0 0 0 b'' b'' \n\
static/a.sh 0o100755 1980 1 1 0 0 0 b'' b'' a
static/empty.txt 0o100644 1980 1 1 0 0 0 b'' b'' \n\
static/é/ 0o40755 1980 1 1 0 0 0 b'' b'' \n\
static/é/b.txt 0o100644 1980 1 1 0 0 0 b'' b'' 1000 bytes";
    assert_eq!(entries, expected);
    assert!(ran.out.contains(&format!("source_code_hash = \"{hash}\"\n")), "{}\n{hash}", ran.out);
    assert!(ran.out.starts_with("out.zip: bootstrap (a script) and 6 more entries, "), "{}", ran.out);
    assert!(ran.error.contains("app is a script"), "{}", ran.error);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, other) = (Folder::new("zip-one"), Folder::new("zip-other"));
    let packed = |folder: &Folder| {
        let ran = carafe_alb(folder.path(), &["zip", "app", "--include", "files"]);
        assert_eq!(ran.code, Some(0), "{}", ran.error);
        std::fs::read(folder.path().join("app.zip")).unwrap()
    };
    // Made in another order, with other times and other rights of others.
    for (folder, names, seconds, mode) in [
        (&one, ["files/b", "files/a/c", "files/d", "app"], 1_000_000_000, 0o644),
        (&other, ["app", "files/d", "files/a/c", "files/b"], 1_700_000_001, 0o640),
    ] {
        for name in names {
            touch(&folder.write(name, name.repeat(300)), mode, seconds);
        }
    }
    let first = packed(&one);
    assert!(first == packed(&other) && first == packed(&one));
    touch(&one.path().join("files/b"), 0o755, 0);
    let executable = packed(&one);
    assert!(first != executable, "an executable file is another input");
    // The zip of the last run is in the folder that is packed.
    let all = |folder: &Folder| {
        let ran = carafe_alb(folder.path(), &["zip", "app", "--include", ".", "-o", "app.zip"]);
        assert_eq!(ran.code, Some(0), "{}", ran.error);
        std::fs::read(folder.path().join("app.zip")).unwrap()
    };
    assert!(all(&one) == all(&one));
}

#[test]
fn this_very_program_fits_or_is_warned_of() {
    let folder = Folder::new("zip-fits");
    let program = env!("CARGO_BIN_EXE_carafe-alb");
    let (own, other) = if cfg!(target_arch = "x86_64") { ("x86_64", "arm64") } else { ("arm64", "x86_64") };
    let ran = carafe_alb(folder.path(), &["zip", program, "-o", "out.zip", "--arch", other]);
    assert_eq!(ran.code, Some(0), "{}", ran.error);
    assert!(ran.out.contains(&format!("architectures = [\"{own}\"]\n")), "{}", ran.out);
    assert!(ran.error.contains(&format!("is for {own}, not for {other}")), "{}", ran.error);
    // The names of all versions are in the file as text.
    let bytes = std::fs::read(program).unwrap();
    let newest = bytes.windows(10).filter_map(|window| {
        let digits = std::str::from_utf8(window.strip_prefix(b"GLIBC_2.")?).ok()?;
        digits.trim_end_matches('\0').split('.').next()?.parse::<u32>().ok()
    });
    let newest = newest.max().unwrap();
    assert!(ran.out.contains(&format!("({own}, glibc 2.{newest})")), "2.{newest}: {}", ran.out);
    assert_eq!(ran.error.contains("Amazon Linux 2023 has 2.34"), newest > 34, "{}", ran.error);
    let ran = carafe_alb(folder.path(), &["zip", program, "-o", "out.zip", "--arch", own]);
    // Where the tests are built without optimization, so is the program.
    let warnings = usize::from(newest > 34) + usize::from(cfg!(debug_assertions));
    assert_eq!(ran.error.lines().count(), warnings, "{}", ran.error);
    assert!(
        unpacked(&folder.path().join("out.zip")).starts_with("bootstrap 0o100755 1980 1 1 0 0 0 b'' b'' ")
    );
}

#[test]
fn a_debug_build_is_warned_of() {
    let folder = Folder::new("zip-debug");
    // A header and two sections, of which one has the names of both.
    let mut program = b"\x7fELF\x02\x01".to_vec();
    program.resize(192, 0);
    program.extend(b"\0.debug_info\0");
    for (at, field) in [(18, 62), (40, 64), (58, 64), (60, 2), (62, 1), (64, 1), (64 + 64 + 24, 192)] {
        program[at] = field;
    }
    for (path, why) in [
        ("target/debug/app", Some("it is in a folder `debug`")),
        ("target/lambda/app/bootstrap", Some("it has debug information")),
        // Wanted, for backtraces.
        ("target/release/app", None),
    ] {
        folder.write(path, "");
        std::fs::write(folder.path().join(path), &program).unwrap();
        // In the folder itself the path does not say where that is.
        let (inside, name) = path.rsplit_once('/').unwrap();
        for (start, path) in [(folder.path().to_owned(), path), (folder.path().join(inside), name)] {
            let ran = carafe_alb(&start, &["zip", path, "-o", "out.zip"]);
            let expected = why.map(|why| {
                format!(
                    "carafe-alb zip: warning: {path} looks like a debug build ({why}), which is large and slow: build with \
                     `cargo build --release`"
                )
            });
            let found = ran.error.lines().find(|line| line.contains("debug build"));
            assert_eq!((ran.code, found), (Some(0), expected.as_deref()), "{path}");
        }
    }
}

#[test]
fn sizes_that_lambda_refuses() {
    let folder = Folder::new("zip-sizes");
    // Sparse: it takes no room.
    let large = std::fs::File::create(folder.path().join("large")).unwrap();
    large.set_len(250 * 1024 * 1024 + 1).unwrap();
    let ran = carafe_alb(folder.path(), &["zip", "large"]);
    assert!(ran.code == Some(1) && ran.error.contains("and Lambda takes 262144000 (250 MB)"), "{ran:?}");
    folder.write("app", "#!/bin/sh\n");
    let ran = carafe_alb(folder.path(), &["zip", "app", "--include", "large"]);
    assert!(ran.code == Some(1) && !folder.path().join("app.zip").exists(), "{ran:?}");
}

#[test]
fn mistakes() {
    let folder = Folder::new("zip-mistakes");
    folder.write("app", "text");
    folder.write("inner/bootstrap", "x");
    folder.write("inner/x/y", "");
    std::os::unix::fs::symlink("..", folder.path().join("inner/x/up")).unwrap();
    folder.write("links/page", "");
    std::os::unix::fs::symlink("../app", folder.path().join("links/key")).unwrap();
    for (line, code, words) in [
        ("", 2, "there is no binary to pack"),
        ("app other", 2, "unexpected argument"),
        ("app --arch mips", 2, "it can be `x86_64` or `arm64`"),
        ("app --frobnicate", 2, "see `carafe-alb zip --help`"),
        ("none", 1, "cannot read none: "),
        ("inner", 1, "inner is not a file"),
        ("app --include none", 1, "cannot read none: "),
        ("app --include ../x", 1, "has to be below the current folder"),
        ("app --include /etc", 1, "has to be below the current folder"),
        ("app --include inner", 1, "inner/x/up is a link to a folder around it"),
        ("app --include inner/x", 1, "which is outside of inner/x: put a copy in its place"),
        ("app --include links", 1, "links/key is a link to "),
        ("app -o none/app.zip", 1, "cannot write none/app.zip"),
        ("app", 0, "app is not a program for Linux (ELF)"),
    ] {
        let arguments: Vec<&str> = std::iter::once("zip").chain(line.split_whitespace()).collect();
        let ran = carafe_alb(folder.path(), &arguments);
        assert!(ran.code == Some(code) && ran.error.contains(words), "{line}: {ran:?}");
    }
    let inner = folder.path().join("inner");
    let ran = carafe_alb(&inner, &["zip", "../app", "--include", "bootstrap", "-o", "../out.zip"]);
    assert!(ran.code == Some(1) && ran.error.contains("has a `bootstrap` of its own"), "{ran:?}");
    let ran = carafe_alb(folder.path(), &["zip", "--help"]);
    assert!(ran.code == Some(0) && ran.out.starts_with("Usage: carafe-alb zip BINARY"), "{ran:?}");
}
