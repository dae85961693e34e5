"""checkov over deploy/: nothing but what deploy/checkov.yaml names with its reason. By hand: it weighs 290 MB."""

import json
import os
import shutil
import subprocess

import terraform

DEPLOY = terraform.REPOSITORY / "deploy"


def check() -> None:
    """Runs it, and fails where it finds something, or where a reason has nothing left to excuse."""
    program = shutil.which("checkov", path=f"{terraform.TOOLS.parent / 'checkov' / 'bin'}:{os.environ['PATH']}")
    if not program:
        raise AssertionError("there is no checkov: pip install --target target/tools/checkov checkov==3.3.30")
    excused = {name: excuse(name) for name in excuses()}
    failed, unread = scan(program)
    if unread:
        raise AssertionError(f"checkov cannot read {', '.join(unread)}")
    wrong = failed - set(excused)
    idle = set(excused) - failed
    if wrong or idle:
        raise AssertionError(f"found: {sorted(wrong)}; excused for nothing: {sorted(idle)}")
    print(f"checkov: {len(excused)} checks excused, nothing else found")


def excuses() -> list[str]:
    """Returns the names of the checks in the file of excuses."""
    lines = (DEPLOY / "checkov.yaml").read_text().splitlines()
    return [line.removeprefix("  - ") for line in lines if line.startswith("  - ")]


def excuse(name: str) -> str:
    """Returns the comment above the names that a check stands among."""
    reason = ""
    in_comment = False
    for line in (DEPLOY / "checkov.yaml").read_text().splitlines():
        if line.startswith("  # "):
            reason = f"{reason} {line[4:]}" if in_comment else line[4:]
        if line == f"  - {name}":
            break
        in_comment = line.startswith("  # ")
    if not reason.endswith("."):
        raise AssertionError(f"{name} is excused without a reason")
    return reason


def scan(program: str) -> tuple[set[str], list[str]]:
    """Returns the names of the checks that failed, and the files that were not understood."""
    ran = subprocess.run(
        # What the module's own tests make is never deployed.
        ["python3", program, "--skip-download", "-d", str(DEPLOY), "--skip-path", "terraform/tests", "-o", "json"]
        + ["--framework", "terraform", "cloudformation"],
        env=os.environ | {"PYTHONPATH": str(terraform.TOOLS.parent / "checkov")},
        stdout=subprocess.PIPE,
        timeout=600,
        check=False,
    )
    reports = json.loads(ran.stdout)
    results = [report["results"] for report in (reports if isinstance(reports, list) else [reports])]
    failed = {found["check_id"] for result in results for found in result["failed_checks"]}
    return failed, [file for result in results for file in result["parsing_errors"]]
