"""Reads a request body: the fields of an assistant, checked, or a refusal that says why not."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from assistants.definition import Definition, Problem, problems
from assistants.registry import errors

IDENTITY = ("id", "object", "created_at")
NOT_NULLABLE = {"model": "a string", "tools": "an array of objects"}


def read_fields(request: HttpRequest, *, whole: bool) -> dict[str, Any]:
    """Return the fields sent in the body of `request`, exactly as sent, all within their limits.

    `whole` says that they make up an assistant, so that required ones may not lack. What identifies
    an assistant is left out: a retrieved one may be sent back as it is. Raises `ApiError`.
    """
    sent = {name: value for name, value in _read_object(request).items() if name not in IDENTITY}
    for name, expected in NOT_NULLABLE.items():
        if name in sent and sent[name] is None:
            raise errors.wrong_type(name, expected, "null")
    refuse(problems(Definition.parse(sent), None if whole else sent))
    return sent


def refuse(found: Iterable[Problem]) -> None:
    """Raise an `ApiError` for the first of the problems that were found, if there is one."""
    for problem in found:
        raise errors.ApiError(400, problem.message, code=problem.code, param=problem.path)


def _read_object(request: HttpRequest) -> dict[str, Any]:
    try:
        value = json.loads(request.body.decode(), parse_constant=_not_json)
    except RequestDataTooBig:
        raise errors.body_too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from None
    except (UnreadablePostError, ValueError, RecursionError):
        raise errors.unreadable_body() from None
    if not isinstance(value, dict):
        raise errors.unreadable_body()
    return value


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)
