"""One thing that is wrong with a definition, in the codes and words of the real API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistants.definition.text import quotable

JsonLocation = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a definition.

    `field` is the top-level field, `path` its path as the API writes it (tools[2].function.name),
    `code` the API's error code, `params` the numbers and names of the message (limit, actual,
    expected, got, values, name, pattern, character; at, whole for schemas), `message` the API's
    English sentence.
    """

    field: str
    path: str
    code: str
    params: Mapping[str, Any]
    message: str


def make_problem(location: JsonLocation, code: str, message: str, **params: Any) -> Problem:
    """Make a problem; `{path}` in the message becomes the path of the location."""
    path = path_of(location)
    return Problem(quotable(location[0]), path, code, params, message.replace("{path}", path))


def path_of(location: JsonLocation) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{quotable(part)}" for part in location]
    return "".join(parts).removeprefix(".")
