"""Security events of second factors, from the signals of allauth."""

from typing import TYPE_CHECKING, Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from admin_ui.accounts.factors.factor_state import codes_left
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

if TYPE_CHECKING:
    from admin_ui.accounts.models import User

CODES = Authenticator.Type.RECOVERY_CODES


def factor_added(user: "User", authenticator: Authenticator, **_kwargs: Any) -> None:
    """Record a new factor; recovery codes that came with the first one are an event too."""
    kind = EventKind.RECOVERY_CODES if authenticator.type == CODES else EventKind.FACTOR_ADDED
    record(kind, actor=user, about=user.email, details=_said(authenticator))


def factor_removed(user: "User", authenticator: Authenticator, **_kwargs: Any) -> None:
    record(EventKind.FACTOR_REMOVED, actor=user, about=user.email, details=_said(authenticator))


def codes_made(user: "User", **_kwargs: Any) -> None:
    record(EventKind.RECOVERY_CODES, actor=user, about=user.email)


def factor_used(user: "User", authenticator: Authenticator, **_kwargs: Any) -> None:
    """Record the use of a recovery code. Other factors are named by the event of the sign-in."""
    if authenticator.type != CODES:
        return
    authenticator.refresh_from_db()
    details = {"left": codes_left(authenticator)}
    record(EventKind.RECOVERY_CODE_USED, actor=user, about=user.email, details=details)


def ways_of(request: HttpRequest, user: Any) -> dict[str, str]:
    """Return what `user` has proved in this session: `by` comes first, `factor` after it."""
    steps = [
        entry
        for entry in get_authentication_records(request, user)
        if not entry.get("reauthenticated")
    ]
    ways = dict.fromkeys(str(entry.get("type") or entry["method"]) for entry in steps)
    provider = next((str(entry["provider"]) for entry in steps if "provider" in entry), "")
    named = {"provider": provider} if provider else {}
    return dict(zip(("by", "factor"), ways, strict=False)) | named


def _said(authenticator: Authenticator) -> dict[str, str]:
    if authenticator.type == CODES:
        return {}
    name = authenticator.data.get("name", "")
    return {"factor": authenticator.type} | ({"name": name} if name else {})
