"""Reading the answers of the Assistants API: strict about the subject, tolerant about the form."""

import json
import logging
import re
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn

from assistants.definition import REMOTE_ID, Definition
from assistants.definition.checks.outline import passed
from assistants.definition.limits import LIMITS
from assistants.gateway.errors import UnexpectedAnswer

logger = logging.getLogger(__name__)

_MILLISECONDS = 1e11  # as seconds, this would be the year 5138
_STRONG_ETAG = re.compile(r'"[^"]{0,98}"')  # a longer one would not fit where it is kept

MOST_VALUES = 1_000_000
"""The most values in a body. A parsed value may take a hundred bytes and more."""
MOST_LISTED_ENTRIES = 1_000
"""The most entries on one page; we ask for a hundred assistants or a thousand changes."""
MOST_LISTED_MODELS = 5_000


@dataclass(frozen=True)
class Answer:
    """A successful answer: the body as it came, and the headers we use."""

    status: int
    body: bytes
    etag: str | None
    request_id: str | None


@dataclass(frozen=True)
class RemoteAssistant:
    """An assistant as the remote returned it. `created_at` is in seconds since 1970."""

    id: str
    created_at: float | None
    definition: Definition
    etag: str | None = None
    """Names this state, for `if_match`. Only a remote that can check it gives one."""
    request_id: str | None = None


@dataclass(frozen=True)
class ListPage:
    """Some of a remote's assistants, and the cursor of the next page (None at the end)."""

    items: list[RemoteAssistant]
    next_after: str | None
    is_cut: bool = False
    """The remote says that more follows, but gives no cursor for it."""


@dataclass(frozen=True)
class ChangeEntry:
    """One write in the journal of the built-in registry. `at` is in seconds since 1970."""

    sequence: int
    remote_id: str
    action: str
    key_name: str | None
    trace_id: str | None
    at: float
    definition: Definition | None


@dataclass(frozen=True)
class JournalPage:
    """A part of the registry's journal, oldest first, and the number of its newest entry."""

    entries: list[ChangeEntry]
    last_sequence: int


def is_id(value: Any) -> bool:
    """Whether this is the ID of an assistant and safe in an address."""
    return isinstance(value, str) and REMOTE_ID.fullmatch(value) is not None


def read_assistant(answer: Answer, expected_id: str | None = None) -> RemoteAssistant:
    """Read one assistant, the one with `expected_id` if given. Raises `UnexpectedAnswer`."""
    data = _object(answer)
    if data.get("object") != "assistant":
        _unexpected("the answer is not an assistant")
    if not is_id(data.get("id")) or data["id"] != (expected_id or data["id"]):
        _unexpected("the answer is about another assistant")
    return RemoteAssistant(
        id=data["id"],
        created_at=seconds_of(data.get("created_at")),
        definition=Definition.parse(data),
        etag=answer.etag if _STRONG_ETAG.fullmatch(answer.etag or "") else None,
        request_id=answer.request_id,
    )


def read_deletion(answer: Answer, expected_id: str) -> None:
    """Check that the answer says the assistant is deleted. Raises `UnexpectedAnswer`."""
    data = _object(answer)
    if data.get("deleted") is not True or data.get("id", expected_id) != expected_id:
        _unexpected("the answer does not say that the assistant is deleted")


def read_page(answer: Answer, after: str | None) -> ListPage:
    """Read the page of the list that follows the cursor `after`.

    Some servers leave `has_more` out. So only `has_more: false`, an empty page or an unchanged
    cursor ends the list. Entries without a usable ID are left out and logged.
    """
    data = _object(answer)
    rows = _rows(data)
    usable = [row for row in rows if is_id(row.get("id")) and _is_assistant(row)]
    if len(usable) < len(rows):
        logger.warning("left out %d entries of a list without a usable id", len(rows) - len(usable))
    items = [
        RemoteAssistant(
            id=row["id"],
            created_at=seconds_of(row.get("created_at")),
            definition=Definition.parse(row),
            request_id=answer.request_id,
        )
        for row in usable
    ]
    last = items[-1].id if items else None
    ended = data.get("has_more") is False or last == after
    next_after = None if ended else last
    is_cut = next_after is None and data.get("has_more") is True
    return ListPage(items=items, next_after=next_after, is_cut=is_cut)


def read_models(answer: Answer) -> list[str]:
    """Read the names of the models, each once, in the order given. Raises `UnexpectedAnswer`."""
    names = (row.get("id") for row in _rows(_object(answer), MOST_LISTED_MODELS))
    short = (name for name in names if isinstance(name, str) and 0 < len(name) <= LIMITS.model)
    return list(dict.fromkeys(short))


def read_changes(answer: Answer) -> JournalPage:
    """Read a part of the registry's journal. Raises `UnexpectedAnswer`."""
    data = _object(answer)
    try:
        entries = [_read_change(row) for row in _rows(data)]
        return JournalPage(entries=entries, last_sequence=int(data["last_sequence"]))
    except (KeyError, TypeError, ValueError):
        raise UnexpectedAnswer("the answer is not a record of changes") from None


def _read_change(row: dict[str, Any]) -> ChangeEntry:
    return ChangeEntry(
        sequence=int(row["sequence"]),
        remote_id=str(row["assistant_id"]),
        action=str(row["action"]),
        key_name=row.get("key_name"),
        trace_id=row.get("trace_id"),
        at=float(row["at"]),
        definition=Definition.parse(row["assistant"]) if row.get("assistant") else None,
    )


def parse_json(answer: Answer) -> Any:
    """Return the value in a body; None if it is no JSON. Raises `UnexpectedAnswer` for too many
    values."""
    if passed(answer.body, values=MOST_VALUES):
        _unexpected("the answer holds too many values")
    try:
        return json.loads(answer.body, parse_constant=_no_number, parse_float=_number)
    except (ValueError, RecursionError):
        return None


def _object(answer: Answer) -> dict[str, Any]:
    data = parse_json(answer)
    if not isinstance(data, dict):
        _unexpected("the answer is not a JSON object")
    return data


def _rows(data: dict[str, Any], most: int = MOST_LISTED_ENTRIES) -> list[dict[str, Any]]:
    rows = data.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        _unexpected("the answer is not a list")
    if len(rows) > most:
        _unexpected("the answer lists more than was asked for")
    return rows


def _is_assistant(row: dict[str, Any]) -> bool:
    return bool(row.get("object", "assistant") == "assistant")


def seconds_of(value: Any) -> float | None:
    """Read a time, also one in milliseconds, as seconds since 1970; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value < _MILLISECONDS * 1000:
        return None
    return value / 1000 if value >= _MILLISECONDS else float(value)


def _number(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError(f"{digits[:20]} is too large a number")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unexpected(message: str) -> NoReturn:
    raise UnexpectedAnswer(message)
