"""Log lines: they name the person behind a refused request, and nobody can forge one."""

import json
import logging
import re
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

if TYPE_CHECKING:
    from logging import _SysExcInfoType

NAMED = frozenset({403, 404, 429})
"""A workspace answers 404 to people who may not enter it."""
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line ends, what turns the direction of a text, and half characters."""
INDENT = "  "
LINKS = re.compile(
    r"(/accounts/invitation/|/accounts/join/|/accounts/password/reset/key/|/notices/unsubscribe/|/setup/)"
    r"[^/\s?]+"
)
"""Links that give access to anybody who has them."""
QUOTES = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=\n\nThe above exception was |\n\nDuring handling of |\Z)", re.M | re.S
)
"""The lines of a PostgreSQL error that quote rows and parameters."""
FIELDS = ("status", "code", "param", "request_id", "trace_id", "otel_trace_id")
"""Attributes of a record that are fields of their own in JSON."""


class NameTheRefused(logging.Filter):
    """Add the user (or the API key) and the address to Django's lines about a refusal.

    A page that a role does not allow is no error, so its line has no traceback.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        request = getattr(record, "request", None)
        status = getattr(record, "status_code", None)
        if status in NAMED and isinstance(request, HttpRequest) and _is_refusal(status, request):
            from admin_ui.request.address import (
                client_address,  # logging starts before the applications
            )

            user = getattr(request, "user", None)
            email = user.email if user is not None and user.is_authenticated else "-"
            name = getattr(request, "audit_name", "") or email
            record.msg = f"{record.msg} user=%s address=%s"
            record.args = (*(record.args or ()), name, client_address(request))
        return True


def _is_refusal(status: int, request: HttpRequest) -> bool:
    """Return whether somebody was refused; most pages that do not exist are mistyped."""
    return status != HTTPStatus.NOT_FOUND or request.path.startswith("/w/")


class OneLine(logging.Formatter):
    """Write each record on one line, without control characters and without secret links.

    Lines of a traceback follow, indented, so that none looks like a record. Times are in UTC.
    """

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s,%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:
        trace = getattr(record, "otel_trace_id", None)
        line = super().formatMessage(record) + (f" otel_trace_id={trace}" if trace else "")
        return without_links(escaped(line))

    def formatException(self, ei: "_SysExcInfoType") -> str:
        return _indented(without_rows(super().formatException(ei)))

    def formatStack(self, stack_info: str) -> str:
        return _indented(super().formatStack(stack_info))


class OneObject(logging.Formatter):
    """Write each record as one JSON object on a line, in ASCII; a traceback is a field of it."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        fields = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": escaped(record.getMessage()),
            **{name: getattr(record, name, None) for name in FIELDS},
        }
        if record.exc_info:
            fields["traceback"] = without_rows(self.formatException(record.exc_info))
        if record.stack_info:
            fields["stack"] = self.formatStack(record.stack_info)
        return json.dumps(
            {
                name: value if isinstance(value, int) else _lines(str(value))
                for name, value in fields.items()
                if value is not None
            }
        )


def without_links(text: str) -> str:
    """Return the text with the secret part of links that give access left out."""
    return LINKS.sub(r"\1…", text)


def without_rows(traceback: str) -> str:
    """Return the traceback without what a database quotes of its rows."""
    return QUOTES.sub(r"\1: …", traceback)


def escaped(text: str) -> str:
    """Return the text with its control characters written out, so that it is on one line."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def _lines(text: str, indent: str = "") -> str:
    return without_links("\n".join(indent + escaped(line) for line in text.split("\n")))


def _indented(text: str) -> str:
    return _lines(text, INDENT)
