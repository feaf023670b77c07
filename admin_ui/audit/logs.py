"""Log lines: they name the person behind a refused request, and nobody can forge one."""

import logging
import re
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from logging import _SysExcInfoType

NAMED = frozenset({403, 429})
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line ends, what turns the direction of a text, and half characters."""
INDENT = "  "
LINKS = re.compile(r"(/accounts/invitation/|/accounts/password/reset/key/|/setup/)[^/\s?]+")
"""Links that give access to anybody who has them."""


class NameTheRefused(logging.Filter):
    """Add the user (or the API key) and the address to Django's lines about a 403 or a 429."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        refused = getattr(record, "status_code", None) in NAMED
        if refused and isinstance(request, HttpRequest):
            from admin_ui.request.address import (
                client_address,  # logging starts before the applications
            )

            user = getattr(request, "user", None)
            email = user.email if user is not None and user.is_authenticated else "-"
            name = getattr(request, "audit_name", "") or email
            record.msg = f"{record.msg} user=%s address=%s"
            record.args = (*(record.args or ()), name, client_address(request))
        return True


class OneLine(logging.Formatter):
    """Write each record on one line, without control characters and without secret links.

    Lines of a traceback follow, indented, so that none looks like a record.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return LINKS.sub(r"\1…", escaped(super().formatMessage(record)))

    def formatException(self, ei: "_SysExcInfoType") -> str:
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _indented(super().formatStack(stack_info))


def escaped(text: str) -> str:
    """Return the text with its control characters written out, so that it is on one line."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def _indented(text: str) -> str:
    return "\n".join(INDENT + escaped(line) for line in text.split("\n"))
