"""Whether an e-mail address is proven to be that of the person who signs in with it."""

from allauth.account.models import EmailAddress
from django.db.models import F

from admin_ui.accounts.models import User

PROVEN = EmailAddress.objects.filter(verified=True, email=F("user__email"))
"""The addresses of accounts at which a mail has reached somebody."""


def prove_address(user: User) -> None:
    """Note that a mail has reached the owner of the account at its address."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def has_proven_address(user: User) -> bool:
    """Return whether a mail has reached the owner of the account at its address."""
    return PROVEN.filter(user=user).exists()
