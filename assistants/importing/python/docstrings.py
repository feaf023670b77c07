"""Docstrings in the styles of Google, NumPy and reST: what a function does, and its parameters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_SECTION = re.compile(
    r"(?:Args|Arguments|Parameters|Params|Keyword Args|Keyword Arguments|Other Parameters"
    r"|Attributes"
    r"|Returns?|Yields?|Raises|Examples?|Notes?|See Also|References|Warns|Warnings?|Todo)\Z"
)
_OF_PARAMETERS = re.compile(r"(?:Args|Arguments|Param|Keyword|Other Parameters|Attributes)")
_GOOGLE = re.compile(r"\*{0,2}(\w+)[ \t]*(?:\([^()\n]{0,200}\))?[ \t]*:[ \t]*(.*)\Z")
_NUMPY = re.compile(r"(\*{0,2}\w+(?:, \*{0,2}\w+){0,9})[ \t]*(?::.*)?\Z")
_REST = re.compile(
    r":(?:param|parameter|arg|argument|key|keyword)[ \t]+([^:\n]{1,200}):[ \t]*(.*)\Z"
)
_REST_FIELD = re.compile(r":\w+[^:\n]{0,200}:")


@dataclass
class Docstring:
    """The text before the first section, and the texts of parameters by name."""

    text: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(text: str) -> Docstring:
    """Read a docstring that `inspect.cleandoc` has tidied."""
    lines = text.split("\n")
    found = Docstring()
    leading: list[str] = []
    number = 0
    while number < len(lines):
        title = lines[number].strip()
        is_underlined = number + 1 < len(lines) and _is_rule(lines[number + 1])
        is_section = not lines[number].startswith((" ", "\t")) and bool(
            _SECTION.match(title.removesuffix(":"))
        )
        if is_section and (is_underlined or title.endswith(":")):
            body = list(_section(lines, number + 1 + is_underlined))
            if _OF_PARAMETERS.match(title):
                read = _numpy if is_underlined else _google
                found.parameters.update(read(body))
            number += 1 + is_underlined + len(body)
            continue
        if _REST_FIELD.match(title):
            found.parameters.update(_rest(lines[number:]))
            break
        leading.append(lines[number])
        number += 1
    found.text = "\n".join(leading).strip()
    return found


def _is_rule(line: str) -> bool:
    line = line.strip()
    return len(line) > 2 and not line.strip("-=")


def _section(lines: list[str], start: int) -> Iterator[str]:
    """Yield the lines of a section: up to the title of the next."""
    for number in range(start, len(lines)):
        line = lines[number]
        title = line.strip()
        if not line.startswith((" ", "\t")) and _SECTION.match(title.removesuffix(":")):
            underlined = number + 1 < len(lines) and _is_rule(lines[number + 1])
            if underlined or title.endswith(":"):
                return
        yield line


def _google(lines: list[str]) -> dict[str, str]:
    """Read "name (type): text", with more indented lines of text."""
    indent = min((_indent(line) for line in lines if line.strip()), default=0)
    entries: list[tuple[str, list[str]]] = []
    for line in lines:
        match = _GOOGLE.match(line.strip()) if _indent(line) == indent else None
        if match:
            entries.append((match[1], [match[2]]))
        elif entries:
            entries[-1][1].append(line)
    return _joined(entries)


def _numpy(lines: list[str]) -> dict[str, str]:
    """Read "name : type", with indented lines of text."""
    entries: list[tuple[str, list[str]]] = []
    for line in lines:
        match = None if line.startswith((" ", "\t")) else _NUMPY.match(line.strip())
        if match:
            entries += [(name.strip().lstrip("*"), []) for name in match[1].split(",")]
        elif entries:
            entries[-1][1].append(line)
    return _joined(entries)


def _rest(lines: list[str]) -> dict[str, str]:
    """Read ":param type name: text", with more lines of text."""
    entries: list[tuple[str, list[str]]] = []
    for line in lines:
        stripped = line.strip()
        match = _REST.match(stripped)
        if match:
            entries.append((match[1].split()[-1].lstrip("*"), [match[2]]))
        elif _REST_FIELD.match(stripped):
            entries.append(("", []))
        elif entries:
            entries[-1][1].append(line)
    return _joined(entries)


def _joined(entries: list[tuple[str, list[str]]]) -> dict[str, str]:
    return {
        name: text
        for name, lines in entries
        if name and (text := " ".join(" ".join(lines).split()))
    }


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
