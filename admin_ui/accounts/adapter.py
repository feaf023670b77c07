"""What we ask of allauth beyond its settings."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc, unused-ignore]
    """Accounts are made by an admin or by command, never by whoever comes along."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
