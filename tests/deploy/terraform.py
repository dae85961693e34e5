"""Terraform, with a provider that lies on this machine where there is one."""

import glob
import json
import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WORK = REPOSITORY / "target" / "deploy"
TOOLS = Path(os.environ.get("DEPLOY_TOOLS", REPOSITORY / "target" / "tools" / "deploy"))

# Where packages put a mirror of providers: a folder with HOST/hashicorp/aws/VERSION in it.
ROOTS = ["/opt", "/usr/share", "/usr/local/share", "~/.terraform.d", "~/.local/share/terraform"]


def environment() -> dict[str, str]:
    """Returns the environment for Terraform: no credentials of a person, no questions, a provider from a mirror."""
    if not shutil.which("terraform"):
        raise AssertionError("there is no `terraform` on the PATH")
    names = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    names |= {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
    config = cli_config()
    if config:
        names["TF_CLI_CONFIG_FILE"] = str(config)
    return names


def cli_config() -> Path | None:
    """Returns the file that names the mirror: the person's own, or one written for the mirror found; none where there is none."""
    own = os.environ.get("TF_CLI_CONFIG_FILE")
    if own and Path(own).is_file():
        return Path(own)
    for root in ROOTS:
        for depth in ["*", "*/*", "*/*/*"]:
            for found in sorted(glob.glob(f"{os.path.expanduser(root)}/{depth}/hashicorp/aws")):
                WORK.mkdir(parents=True, exist_ok=True)
                file = WORK / "terraform.rc"
                mirror = json.dumps(str(Path(found).parents[2]))
                file.write_text(f"provider_installation {{\n  filesystem_mirror {{\n    path = {mirror}\n  }}\n}}\n")
                return file
    return None


def run(folder: Path, *words: str, env: dict[str, str] | None = None, codes: tuple[int, ...] = (0,)) -> str:
    """Runs Terraform in a folder and returns what it printed; anything but the codes expected is an error."""
    ran = subprocess.run(
        ["terraform", *words, *([] if words[0] in ("output", "version") else ["-no-color"])],
        cwd=folder,
        env=env or environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    if ran.returncode not in codes:
        raise AssertionError(f"terraform {' '.join(words)} in {folder.name} ended with {ran.returncode}:\n{ran.stdout}")
    return ran.stdout


def copy(name: str) -> Path:
    """Copies deploy/ and the posts example, so that nothing Terraform writes gets into the tree. Returns the copy."""
    clone = WORK / name
    shutil.rmtree(clone, ignore_errors=True)
    for part in ["deploy", "examples/posts"]:
        ignored = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate*", "*.zip")
        shutil.copytree(REPOSITORY / part, clone / part, ignore=ignored)
    return clone
