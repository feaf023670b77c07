"""Encrypting the secrets of second factors with the newest key."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from admin_ui.encryption import Undecryptable, uses_newest_key, with_newest_key

SECRETS = ("secret", "seed")
"""The details of an app and of recovery codes that are encrypted."""


def rotate_factors(unreadable: list[str]) -> int:
    """Encrypt the secrets that use an older key again; returns how many.

    Adds to `unreadable` the address of each person whose secret no configured key decrypts.
    """
    others = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    return sum(_rotate_factor(pk, unreadable) for pk in others.values_list("pk", flat=True))


@transaction.atomic
def _rotate_factor(pk: int, unreadable: list[str]) -> int:
    # Locked, because somebody may use a recovery code, which writes the same column.
    rows = Authenticator.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(pk=pk).first()
    name = next((name for name in SECRETS if row and name in row.data), "")
    if row is None or not name or uses_newest_key(row.data[name].encode()):
        return 0
    try:
        row.data[name] = with_newest_key(row.data[name].encode()).decode()
    except Undecryptable:
        unreadable.append(row.user.email)
        return 0
    row.save(update_fields=["data"])
    return 1
