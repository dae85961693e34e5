"""Reads what the checks need of a Terraform file: its variables and outputs. Terraform itself has the grammar."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Block:
    """A variable or an output."""

    file: str
    name: str
    text: str

    def value(self, key: str) -> str | None:
        """Returns the text of an argument, to the end of its brackets."""
        found = re.search(rf"^  {key}\s*=\s*", self.text, re.MULTILINE)
        if not found:
            return None
        rest = self.text[found.end() :]
        if rest.startswith("<<-EOT"):
            return " ".join(rest.split("EOT")[1].split())
        depth, end = 0, 0
        for end, letter in enumerate(rest):
            depth += letter in "([{"
            depth -= letter in ")]}"
            if letter == "\n" and depth == 0:
                break
        return rest[:end].strip()

    def description(self) -> str:
        """Returns the description without its quotes."""
        text = self.value("description") or ""
        return text[1:-1].replace('\\"', '"') if text.startswith('"') else text


def blocks(folder: Path, kind: str) -> list[Block]:
    """Returns the blocks of a kind in the files of a folder, file by file."""
    found = []
    for file in sorted(folder.glob("*.tf")):
        for name, text in re.findall(rf'^{kind} "(\w+)" {{\n(.*?)^}}', file.read_text(), re.MULTILINE | re.DOTALL):
            found.append(Block(file.stem, name, text))
    return found
