"""Runs the commands of docs/guide/deploying.md: from the posts example to an answer through the load balancer of ministack."""

import os
import re
import shutil
import subprocess

import ministack
import terraform

PAGE = terraform.REPOSITORY / "docs" / "guide" / "deploying.md"
MAIN = terraform.REPOSITORY / "examples" / "posts" / "deploy" / "main.tf"

# What the page installs is installed, and a debug build stands for the release build, which would take minutes more.
PREAMBLE = r"""
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
python3() {
    case $* in
        "-m venv ../../target/ministack") mkdir -p "$3/bin" && : >"$3/bin/activate" ;;
        *) command python3 "$@" ;;
    esac
}
pip() { [[ $* == "install ministack==$MINISTACK" ]]; }
cargo() {
    case $* in
        "install --path ../../crates/carafe-alb") (cd "$REPOSITORY" && command cargo build --locked --quiet -p carafe-alb) ;;
        "build --release --features dynamodb") posts ;;
        *) echo "the test does not know: cargo $*" && return 1 ;;
    esac
}
posts() {
    local built=${DEPLOY_POSTS:-$REPOSITORY/target/debug/posts}
    # As the tests of posts build it, so that this builds next to nothing.
    [[ ${DEPLOY_POSTS:-} ]] ||
        (cd "$REPOSITORY" && command cargo build --locked --quiet -p posts -p login --features posts/dynamodb,login/dynamodb)
    mkdir -p "$CLONE/target/release"
    strip -o "$CLONE/target/release/posts" "$built"
}
carafe-alb() { "$REPOSITORY/target/debug/carafe-alb" "$@"; }
ministack() { PYTHONPATH=$TOOLS exec python3 "$TOOLS/bin/ministack"; }
"""


def fences(language: str) -> list[str]:
    """Returns the page's blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def check() -> None:
    """Runs what can be run here, in the order of the page, and looks for the answers that the page shows."""
    if MAIN.read_text() not in fences("hcl"):
        raise AssertionError(f"the page does not show {MAIN.relative_to(terraform.REPOSITORY)} as it is")
    commands = [block for block in fences("sh") if not block.startswith("# needs")]
    if not commands or not commands[-1].startswith("terraform destroy"):
        raise AssertionError("the page no longer ends what it began with terraform destroy")
    clone = terraform.copy("guide")
    port = str(ministack.free_port())
    modes = f'python3 {terraform.REPOSITORY}/tests/deploy/run modes "$CLONE" "$AWS_ENDPOINT_URL" "$listener"\n'
    script = PREAMBLE + "set -x\n" + "".join(commands[:-1]) + modes + commands[-1]
    ran = subprocess.run(
        ["bash", "-c", script.replace("4566", port)],
        cwd=clone,
        env=environment(clone, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1500,
        check=False,
    )
    print(ran.stdout)
    if ran.returncode != 0:
        raise AssertionError(f"the page's commands ended with {ran.returncode}")
    for line in fences("text")[0].splitlines():
        if line not in ran.stdout:
            raise AssertionError(f"the page shows {line}, which did not come")


def environment(clone, port: str) -> dict[str, str]:
    """Returns what a person's shell would have, and what the preamble needs."""
    version = re.search(r"^readonly MINISTACK=(.*)$", (terraform.REPOSITORY / ".ci" / "run").read_text(), re.MULTILINE)
    names = terraform.environment() | {
        "REPOSITORY": str(terraform.REPOSITORY),
        "CLONE": str(clone),
        "TOOLS": str(terraform.TOOLS),
        "MINISTACK": version[1] if version else "",
        "GATEWAY_PORT": port,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }
    if not shutil.which("aws"):
        raise AssertionError("there is no `aws` on the PATH: Debian has it as awscli")
    return names | {name: os.environ[name] for name in ["DEPLOY_POSTS"] if name in os.environ}
