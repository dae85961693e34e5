"""A program for arm64, built by cargo-lambda and started under qemu. By hand: it needs a compiler with that target and 0.8 GB.

Debian's packages have one: with `dpkg --add-architecture arm64`, rustc-web, libstd-rust-web-dev:arm64, libc6:arm64, libgcc-s1:arm64 and
qemu-user-static, installed or unpacked into a folder that DEPLOY_DEBIAN names.
"""

import os
import subprocess
import zipfile
from pathlib import Path

import lambda_zip
import start
import terraform
from expect import same

DEBIAN = Path(os.environ.get("DEPLOY_DEBIAN", "/"))


def check() -> None:
    """Builds and packs the smallest example for arm64, looks at what it is, and starts it under qemu."""
    target = terraform.WORK / "arm64"
    build(target)
    program = target / "lambda" / "hello" / "bootstrap"
    same("machine of the ELF header", program.read_bytes()[18:20], b"\xb7\x00")
    packed = target / "app.zip"
    command = ["cargo", "run", "--locked", "--quiet", "-p", "carafe-alb", "--"]
    words = ["zip", str(program), "--arch", "arm64", "-o", str(packed)]
    ran = subprocess.run([*command, *words], cwd=terraform.REPOSITORY, capture_output=True, text=True, check=True)
    print(ran.stdout)
    same("warnings", ran.stderr, "")
    start.check(emulated(packed, target / "emulated.zip"))


def build(target: Path) -> None:
    """Runs cargo-lambda with Debian's compiler."""
    libraries = DEBIAN / "usr" / "lib" / "x86_64-linux-gnu"
    environment = lambda_zip.environment() | {
        "RUSTC": str(DEBIAN / "usr" / "bin" / "rustc"),
        "LD_LIBRARY_PATH": str(libraries),
        "CARGO_TARGET_DIR": str(target),
        "CARGO_PROFILE_RELEASE_LTO": "off",
    }
    words = ["cargo", "lambda", "build", "--release", "--locked", "--arm64", "-p", "hello"]
    subprocess.run(words, cwd=terraform.REPOSITORY, env=environment, check=True, timeout=3000)


def emulated(packed: Path, result: Path) -> Path:
    """Packs the program once more, behind a script that gives it to qemu, as this machine's processor is another."""
    qemu = f"{DEBIAN / 'usr' / 'bin' / 'qemu-aarch64-static'} -L {DEBIAN}"
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    program = zipfile.ZipInfo("program")
    program.external_attr = 0o755 << 16
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(result, "w") as file:
        file.writestr(entry, f"#!/bin/sh\nexec {qemu} $LAMBDA_TASK_ROOT/program\n")
        file.writestr(program, whole.read("bootstrap"))
    return result
