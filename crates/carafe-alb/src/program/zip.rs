//! `carafe-alb zip`: packs a function for Lambda, the same input always into the same bytes.

mod archive;
mod crc;
mod elf;
mod entries;
mod fit;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lexopt::{Arg, Parser, ValueExt as _};

use super::failure::Failure;
use super::output::{print, warn};
use elf::Architecture;

const USAGE: &str = "\
Usage: carafe-alb zip BINARY [OPTIONS]

Packs BINARY as `bootstrap` for Lambda's runtime provided.al2023. The same input gives the same bytes, whenever and wherever
it is packed. Prints the hash that Terraform calls `source_code_hash`.

Options:
  --include FOLDER     pack this folder or file, too, under the path that is given here; may be repeated.
                       Links in it are followed, and have to stay in it
  -o, --output FILE    write the zip there [BINARY.zip]
  --arch ARCHITECTURE  warn if the binary is for another one: x86_64 or arm64
  --help               print this
";

/// What Lambda takes (its developer guide, *Lambda quotas*): in a request, which its API limits to 69905067 bytes of
/// base64, and unpacked, where its error says 262144000 bytes.
const MOST_DIRECT: u64 = 50 * 1024 * 1024;
const MOST_UNPACKED: u64 = 250 * 1024 * 1024;

/// What the command line asks for.
#[derive(Debug)]
struct Wanted {
    binary: PathBuf,
    include: Vec<PathBuf>,
    output: PathBuf,
    architecture: Option<Architecture>,
}

/// Packs what the arguments name.
pub(super) fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let Some(Wanted { binary, include, output, architecture }) = read(arguments)? else {
        return print(&[USAGE]);
    };
    let files = entries::collect(&binary, &include, &output)?;
    let bytes = archive::write(&files, MOST_UNPACKED)?;
    write_whole(&output, &bytes.zip)?;
    let found = fit::look(&bytes.bootstrap);
    for why in found.warnings(&binary, architecture) {
        warn("zip", &why);
    }
    let size = bytes.zip.len() as u64;
    if let Some(why) = too_large_to_upload(size) {
        warn("zip", &why);
    }
    let more = match files.len() - 1 {
        0 => String::new(),
        1 => " and 1 more entry".to_owned(),
        more => format!(" and {more} more entries"),
    };
    let hash = STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, &bytes.zip));
    let out = output.display();
    let report = format!(
        "{out}: bootstrap ({found}){more}, {size} bytes, {} unpacked\nsource_code_hash = \"{hash}\"\n",
        bytes.unpacked
    );
    let architectures = found.architecture().map(|found| format!("architectures = [\"{found}\"]\n"));
    print(&[&report, &architectures.unwrap_or_default()])
}

fn too_large_to_upload(size: u64) -> Option<String> {
    (size > MOST_DIRECT).then(|| {
        format!(
            "the zip has {size} bytes; more than {MOST_DIRECT} (50 MB) cannot be uploaded to Lambda directly: put it into \
             a bucket of S3 and name that in the function's configuration"
        )
    })
}

fn read(arguments: &[OsString]) -> Result<Option<Wanted>, Failure> {
    let (mut binary, mut include, mut output, mut architecture) = (None, Vec::new(), None, None);
    let mut parser = Parser::from_args(arguments.iter().cloned());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("include") => include.push(parser.value()?.into()),
            Arg::Long("output") | Arg::Short('o') => output = Some(parser.value()?.into()),
            Arg::Long("arch") => {
                let text = parser.value()?.string()?;
                architecture = Some(Architecture::named(&text).ok_or_else(|| {
                    Failure::usage(format!("--arch cannot be `{text}`; it can be `x86_64` or `arm64`"))
                })?);
            }
            Arg::Value(value) if binary.is_none() => binary = Some(PathBuf::from(value)),
            other => return Err(Failure::usage(other.unexpected().to_string())),
        }
    }
    let binary = binary.ok_or_else(|| {
        Failure::usage("there is no binary to pack; `cargo build --release` makes target/release/NAME")
    })?;
    let output = output.unwrap_or_else(|| {
        let mut path = binary.clone().into_os_string();
        path.push(".zip");
        path.into()
    });
    Ok(Some(Wanted { binary, include, output, architecture }))
}

/// Writes a file that is either there as a whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("cannot write {}: {error}", path.display()));
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let write = || {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(bytes)?;
        std::fs::rename(&beside, path)
    };
    write().map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_zip_over_50_mb_takes_a_bucket() {
        assert_eq!(super::too_large_to_upload(52_428_800), None);
        assert!(super::too_large_to_upload(52_428_801).unwrap().contains("a bucket of S3"));
    }
}
