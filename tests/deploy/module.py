"""The Terraform module by itself: its form, whether Terraform takes it, its own tests with a mock of the provider."""

import filecmp
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tables
import terraform
from hcl import blocks

MODULE = terraform.REPOSITORY / "deploy" / "terraform"
POSTS = terraform.REPOSITORY / "examples" / "posts" / "deploy"

# Modules that make a function have these files alike.
SHARED = ["inputs_access.tf", "inputs_function.tf", "inputs_operation.tf"]
COPIES = [".", "modules/http-api", "modules/function-url"]

# Needs a newer provider than the oldest one that the module takes, which is what validates here.
UNTESTED = ["modules/jwt-rule"]


def folders(pattern: str) -> list[str]:
    """Returns the folders of the module, its sub-modules or its examples."""
    return sorted(str(path.relative_to(MODULE)) for path in MODULE.glob(pattern) if path.is_dir())


def write() -> None:
    """Writes what is made of other files: the copies and the README's tables."""
    for folder in COPIES:
        for name in SHARED:
            (MODULE / folder / name).write_text((MODULE / "modules" / "function" / name).read_text())
    file = MODULE / "README.md"
    file.write_text(tables.readme(MODULE, file.read_text()))


def form() -> list[str]:
    """Returns what is wrong with the files as text."""
    wrong = []
    for folder in COPIES:
        for name in SHARED:
            if not filecmp.cmp(MODULE / folder / name, MODULE / "modules" / "function" / name, shallow=False):
                wrong.append(f"{folder}/{name} is not as in modules/function: tests/deploy/run --write")
    file = MODULE / "README.md"
    if file.read_text() != tables.readme(MODULE, file.read_text()):
        wrong.append("the README's tables are not as the files: tests/deploy/run --write")
    for folder in [".", *folders("modules/*"), *folders("examples/*")]:
        for block in blocks(MODULE / folder, "variable"):
            wrong += [f"{folder}: variable {block.name} {what}" for what in variable(block, folder.startswith("examples/"))]
        for block in blocks(MODULE / folder, "output"):
            if not sentence(block.description()):
                wrong.append(f"{folder}: output {block.name} has no description that is a sentence")
    return wrong


def variable(block, example: bool) -> list[str]:
    """Returns what a variable lacks. Those of examples need no validation."""
    lacks = []
    if not sentence(block.description()):
        lacks.append("has no description that is a sentence")
    if not block.value("type"):
        lacks.append("has no type")
    messages = re.findall(r'error_message = "(.*)"$', block.text, re.MULTILINE)
    if not example and not messages:
        lacks.append("has no validation")
    lacks += [f"says what is no sentence: {message}" for message in messages if not message.endswith(".")]
    return lacks


def sentence(text: str) -> bool:
    """Tells whether a description says something, as a sentence."""
    return len(text) > 10 and text.endswith((".", ").")) and (text[0].isupper() or text[0] == "`")


def validate(clone: Path, folder: str) -> str:
    """Has Terraform check a folder and, where it has tests, run them. Returns what they counted."""
    place = clone / "deploy" / "terraform" / folder
    terraform.run(place, "init", "-backend=false")
    terraform.run(place, "validate")
    if not (place / "tests").is_dir():
        return f"{folder}: valid"
    printed = terraform.run(place, "test")
    return f"{folder}: valid, {re.findall(r'[0-9]+ passed, [0-9]+ failed', printed)[-1]}"


def check() -> None:
    """Runs all of it."""
    wrong = form()
    if wrong:
        raise AssertionError("\n".join(wrong))
    for folder in [MODULE, POSTS]:
        terraform.run(folder, "fmt", "-check", "-recursive", "-diff")
    clone = terraform.copy("module")
    places = [place for place in [".", *folders("modules/*"), *folders("examples/*")] if place not in UNTESTED]
    places.append(os.path.relpath(POSTS, MODULE))
    # The two with the most tests first: they take as long as the others together.
    with ThreadPoolExecutor(2) as pool:
        longest_first = sorted(places, key=lambda place: place not in (".", "modules/function"))
        for line in pool.map(lambda place: validate(clone, place), longest_first):
            print(line, flush=True)
