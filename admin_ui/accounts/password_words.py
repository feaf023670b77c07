"""Refuses passwords that are little more than words which anybody connects with this server."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import Role

PRODUCT_WORDS = ("assistants", "assistant", "admin", "dashboard", "gateway", "portkey", "owner")
"""Beside the names of roles, and the parts of the host that people type."""
SHORTEST_HOST_WORD = 4
FEWEST_OTHER_CHARACTERS = 8
"""Characters that a password needs beside these words."""


def refused_words() -> list[str]:
    """Return the words in lower case, longest first."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    parts = [part for part in host.split(".") if len(part) >= SHORTEST_HOST_WORD]
    return sorted({*PRODUCT_WORDS, *Role.values, *parts}, key=len, reverse=True)


class OwnWordsValidator:
    """A validator of passwords, for `AUTH_PASSWORD_VALIDATORS`."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        """Raise `ValidationError` when too little is left without the words."""
        typed = rest = password.casefold()
        for word in refused_words():
            rest = rest.replace(word, "")
        if rest != typed and len(rest) < FEWEST_OTHER_CHARACTERS:
            raise ValidationError(
                _(
                    "This password is mostly made of the names of this dashboard, of its address"
                    " or of a role. Use other words."
                ),
                code="own_words",
            )

    def get_help_text(self) -> str:
        return _("Your password cannot be mostly the name of this dashboard or of its address.")
