"""Which factors a person has, as their account page shows them."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db.models import Exists, OuterRef

from admin_ui.accounts.models import User
from admin_ui.encryption import Undecryptable

HAS_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
"""Whether a person of a query has any factor."""


@dataclass(frozen=True)
class FactorState:
    """The app, passkeys and recovery codes of a person."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None
    """None without recovery codes, or where no key reads them."""

    @property
    def is_on(self) -> bool:
        """Whether signing in with the password asks for more."""
        return bool(self.app or self.passkeys)


def factors_of(user: User) -> FactorState:
    """Return the factors of `user`, in one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    types = Authenticator.Type
    by_type = {kind: [row for row in rows if row.type == kind] for kind in types}
    return FactorState(
        app=next(iter(by_type[types.TOTP]), None),
        passkeys=by_type[types.WEBAUTHN],
        codes_left=_left(by_type[types.RECOVERY_CODES]),
    )


def _left(rows: list[Authenticator]) -> int | None:
    try:
        return codes_left(rows[0]) if rows else None
    except Undecryptable:
        return None


def codes_left(row: Authenticator) -> int:
    """Return how many recovery codes were not used. Raises `Undecryptable` when no key fits."""
    return len(RecoveryCodes(row).get_unused_codes())
