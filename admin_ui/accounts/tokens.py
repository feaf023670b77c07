"""The tokens in the links with which a person sets a password."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class LinkTokens(PasswordResetTokenGenerator):
    """allauth's tokens, which end with the account's epoch as well (see `User.session_epoch`)."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        # allauth's module asks for this class while it is being loaded.
        from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

        value: str = EmailAwarePasswordResetTokenGenerator()._make_hash_value(user, timestamp)
        return f"{value}|{user.session_epoch}" if user.session_epoch else value
