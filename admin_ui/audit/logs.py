"""What log lines say about a request that was refused."""

import logging

from django.http import HttpRequest

NAMED = frozenset({403, 429})


class NameTheRefused(logging.Filter):
    """Add the user (or the API key) and the address to Django's lines about a 403 or a 429."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        refused = getattr(record, "status_code", None) in NAMED
        if refused and isinstance(request, HttpRequest):
            from admin_ui.address import address_of  # logging starts before the applications

            user = getattr(request, "user", None)
            email = user.email if user is not None and user.is_authenticated else "-"
            name = getattr(request, "audit_name", "") or email
            record.msg = f"{record.msg} user=%s address=%s"
            record.args = (*(record.args or ()), escaped(name), escaped(address_of(request)))
        return True


def escaped(text: str) -> str:
    """Return the text on one line, in ASCII, so that nobody writes lines of their own."""
    return ascii(text)[1:-1]
