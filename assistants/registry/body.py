"""Reads a request body: the fields of an assistant, checked, or a refusal that says why not."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from assistants.definition import (
    IDENTITY_FIELDS,
    Definition,
    Problem,
    problems,
    quotable,
    text_problems,
)
from assistants.registry import errors

PLACEHOLDER_MODEL = "portkey-default"
"""Sent by Portkey's SDK for Python with each change that names no model, a rename for example."""
NOT_NULLABLE = {
    "model": "a string",
    "tools": "an array of objects",
    "response_format.json_schema.schema": "an object",
}


def read_fields(request: HttpRequest, *, whole: bool) -> dict[str, Any]:
    """Return the fields sent in the body of `request`, exactly as sent, all within their limits.

    `whole` says that they make up an assistant, so that required ones may not lack. What identifies
    an assistant is left out: a retrieved one may be sent back as it is. Raises `ApiError`.
    """
    sent = {
        name: value for name, value in _read_object(request).items() if name not in IDENTITY_FIELDS
    }
    for path, expected in NOT_NULLABLE.items():
        if _is_null(sent, *path.split(".")):
            raise errors.wrong_type(path, expected, "null")
    if sent.get("model") == PLACEHOLDER_MODEL:
        raise errors.placeholder_model(PLACEHOLDER_MODEL)
    refuse(problems(Definition.parse(sent), None if whole else sent))
    return sent


def refuse(found: Iterable[Problem]) -> None:
    """Raise an `ApiError` for the first of the problems that were found, if there is one."""
    for problem in found:
        raise errors.ApiError(400, problem.message, code=problem.code, param=problem.path)


def _is_null(value: Any, *path: str) -> bool:
    """Return whether null was sent at this place, rather than nothing."""
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return value is None


def _read_object(request: HttpRequest) -> dict[str, Any]:
    try:
        text = request.body
    except RequestDataTooBig:
        raise errors.body_too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from None
    except UnreadablePostError:
        raise errors.unreadable_body() from None
    found = text_problems(text)
    refuse(problem for problem in found if problem.field)
    value = None if found else _parse(text)
    if not isinstance(value, dict):
        raise errors.unreadable_body()
    return value


def _parse(text: bytes) -> Any:
    """Return what some JSON says; None where it says nothing."""
    try:
        return json.loads(text.decode(), parse_constant=_not_json, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; what comes twice would go by the last, and the first would be lost."""
    members = dict(pairs)
    if len(members) < len(pairs):
        (name, _times), *_ = Counter(name for name, _value in pairs).most_common(1)
        raise errors.duplicate_key(quotable(name))
    return members


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)
