"""The zip of `cargo lambda build`, started. By hand: cargo-lambda with its linker weighs 470 MB, and builds for minutes."""

import os
import shutil
import subprocess
import zipfile

import start
import terraform
from expect import same

FOLDER = terraform.TOOLS.parent / "cargo-lambda-zig"


def environment() -> dict[str, str]:
    """Returns the environment that has cargo-lambda and the linker it brings."""
    if not shutil.which("cargo-lambda", path=str(FOLDER / "bin")):
        raise AssertionError("there is no cargo-lambda: pip install --target target/tools/cargo-lambda-zig cargo-lambda==1.9.2")
    return os.environ | {"PATH": f"{FOLDER / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(FOLDER)}


def check() -> None:
    """Builds and packs the smallest example, looks into the zip, and starts it."""
    words = ["cargo", "lambda", "build", "--release", "--locked", "-p", "hello", "--output-format", "zip"]
    subprocess.run(words, cwd=terraform.REPOSITORY, env=environment(), check=True, timeout=3000)
    packed = terraform.REPOSITORY / "target" / "lambda" / "hello" / "bootstrap.zip"
    with zipfile.ZipFile(packed) as file:
        same("entries", [(entry.filename, oct(entry.external_attr >> 16 & 0o777)) for entry in file.infolist()], [("bootstrap", "0o755")])
    start.check(packed)
