"""Reads message catalogues: each text, its plural and the files that hold it."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"


@dataclass(frozen=True)
class Message:
    """One entry of a catalogue. `files` and `context` may be empty."""

    context: str
    text: str
    plural: str
    files: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text, self.plural) if self.plural else (self.text,)

    @property
    def key(self) -> tuple[str, str, str]:
        """What a program looks the entry up by."""
        return (self.context, self.text, self.plural)


def read(path: Path) -> list[Message]:
    """Return every entry of a `.po` file but its header and those that are out of use."""
    entries = map(_entry, path.read_text(encoding="utf-8").split("\n\n"))
    return [entry for entry in entries if entry.text]


def _entry(block: str) -> Message:
    parts = {"msgctxt": "", "msgid": "", "msgid_plural": ""}
    files: list[str] = []
    keyword = ""
    for line in block.splitlines():
        if line.startswith("#:"):
            files += (place.rpartition(":")[0] or place for place in line[2:].split())
        elif line.startswith('"'):
            parts[keyword] = parts.get(keyword, "") + ast.literal_eval(line)
        elif line and not line.startswith("#"):
            keyword, _space, quoted = line.partition(" ")
            parts[keyword] = ast.literal_eval(quoted)
    return Message(parts["msgctxt"], parts["msgid"], parts["msgid_plural"], tuple(files))
