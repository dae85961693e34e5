"""The tables of variables and outputs in deploy/terraform/README.md, made of the files."""

import re
from pathlib import Path

from hcl import Block, blocks

# Sub-modules whose variables the README lists; what they share with the main module is in its table.
SECTIONS = [".", "modules/http-api", "modules/function-url", "modules/cloudfront", "modules/jwt-rule"]

# What a reader looks for first comes first.
FILES = ["inputs_function", "inputs_listener", "inputs_access", "inputs_login", "inputs_operation"]


def readme(root: Path, text: str) -> str:
    """Returns the README with its tables as the files have them now."""
    shared = {block.name for block in blocks(root / "modules" / "function", "variable")}
    for section in SECTIONS:
        own = [block for block in blocks(root / section, "variable") if section == "." or block.name not in shared]
        text = between(text, f"inputs {section}", inputs(own))
        text = between(text, f"outputs {section}", outputs(blocks(root / section, "output")))
    return text


def between(text: str, marker: str, table: str) -> str:
    """Puts a table between its two markers."""
    pattern = rf"(<!-- {re.escape(marker)} -->\n).*?(<!-- end -->)"
    if not re.search(pattern, text, re.DOTALL):
        raise AssertionError(f"the README has no place for `{marker}`")
    return re.sub(pattern, lambda found: found[1] + table + found[2], text, count=1, flags=re.DOTALL)


def inputs(found: list[Block]) -> str:
    """Returns the table of variables: the required ones first."""
    lines = ["| variable | type | default | |\n", "|---|---|---|---|\n"]
    for block in sorted(found, key=place):
        default = block.value("default")
        shown = "required" if default is None else f"`{default}`"
        lines.append(f"| `{block.name}` | {kind(block.value('type') or '')} | {shown} | {cell(block.description())} |\n")
    return "".join(lines)


def place(block: Block) -> tuple:
    """Returns what variables are sorted by: those that are required, then by file."""
    return block.value("default") is not None, FILES.index(block.file) if block.file in FILES else len(FILES)


def outputs(found: list[Block]) -> str:
    """Returns the table of outputs."""
    lines = ["| output | |\n", "|---|---|\n"]
    return "".join(lines + [f"| `{block.name}` | {cell(block.description())} |\n" for block in found])


def cell(text: str) -> str:
    """Returns a text that does not end its cell."""
    return text.replace("|", "\\|")


def kind(text: str) -> str:
    """Returns a type as short as a cell needs it: an object by its fields, those that may be left out with a `?`."""
    found = re.fullmatch(r"(map\()?object\(\{\n(.*?)\n\s*\}\)\)?", text, re.DOTALL)
    if not found:
        return f"`{text}`"
    fields = []
    for name, rest in re.findall(r"^    (\w+)\s*=\s*(.*)$", found[2], re.MULTILINE):
        default = re.fullmatch(r"optional\(.*, (.+)\)", rest) if not rest.startswith("optional(object") else None
        fields.append(f"{name}{'?' if rest.startswith('optional(') else ''}{f' = {default[1]}' if default else ''}")
    return f"{'map of ' if found[1] else ''}`{{ {', '.join(fields)} }}`"
