"""Projects that `carafe-alb new` makes with Terraform: their form, and whether Terraform takes them, before anything is built."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import terraform

PARTS = ["terraform", "admin,terraform", "dynamodb,terraform", "admin,dynamodb,terraform"]


def check() -> None:
    """Makes a project in each variant, and validates it."""
    build = ["cargo", "build", "--locked", "-p", "carafe-alb"]
    subprocess.run(build, cwd=terraform.REPOSITORY, check=True)
    folder = terraform.WORK / "new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda parts: validate(folder, parts), PARTS))


def validate(folder: Path, parts: str) -> None:
    """Makes one project and validates it."""
    name = parts.replace(",", "-")
    command = [terraform.REPOSITORY / "target" / "debug" / "carafe-alb", "new", name, "--with", parts]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    deploy = folder / name / "deploy"
    terraform.run(deploy, "fmt", "-check", "-recursive", "-diff")
    terraform.run(deploy, "init", "-backend=false")
    terraform.run(deploy, "validate")
    print(f"valid: carafe-alb new {name} --with {parts}")
