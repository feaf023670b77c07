"""Email addresses: whether mail reaches them, and whether their owner has proven them."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from admin_ui.accounts.models import User
from admin_ui.compiled import CompiledQuery

PROVEN = EmailAddress.objects.filter(verified=True, email=F("user__email"))
"""The addresses of accounts at which a mail has reached somebody."""


PROVEN_AMONG = CompiledQuery(
    lambda *users: PROVEN.filter(user__in=users).values_list("user_id", flat=True)
)
"""Returns which of the accounts with these keys have proven their address."""


def prove_address(user: User) -> None:
    """Note that a mail has reached the owner of the account at its address."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def has_proven_address(user: User) -> bool:
    """Return whether a mail has reached the owner of the account at its address."""
    return PROVEN.filter(user=user).exists()


def check_arrives(email: str) -> None:
    """Raise `ValidationError` for an address whose mail would be delivered to another one.

    Mail is sent to the domain in ASCII, and that spelling may be somebody else's: `straße.de`
    becomes `strasse.de`. What comes before the @ would be sent encoded, which no server takes for
    the same. Django's validator has passed the address before.
    """
    local, _at, domain = email.strip().lower().rpartition("@")
    if not local.isascii():
        raise ValidationError(
            _("Email cannot reach this address. Use only plain letters before the @.")
        )
    try:
        arrives = domain.encode("idna").decode("idna") == domain
    except UnicodeError:
        arrives = False
    if not (arrives or domain.startswith("[")):
        raise ValidationError(
            _(
                "Email to this address could reach someone else, because mail software replaces"
                " a letter in its domain. Use the spelling with plain letters."
            )
        )
