"""What people decide about their own account: their name, and how pages look to them."""

from typing import Any

from django.db import transaction

from admin_ui.accounts.models import Density, Theme, User
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

OWN_LOOKS = {"theme": frozenset(Theme.values), "density": frozenset(Density.values)}
"""What may be chosen in one step, from any page."""


def choose_look(*, user: User, name: str, value: str) -> None:
    """Store one choice of `OWN_LOOKS`. Raises `ValueError` for anything else."""
    if value not in OWN_LOOKS.get(name, ()):
        raise ValueError(name)
    User.objects.filter(pk=user.pk).update(**{name: value})


def hide_steps(*, user: User) -> None:
    """Show the first steps on Home no more."""
    User.objects.filter(pk=user.pk).update(hides_steps=True)


@transaction.atomic
def save_own(*, user: User, **chosen: Any) -> None:
    """Store the name and the choices of `OwnForm`, and record a new name or time zone.

    Names in the history stay as they were when somebody did something.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    named = {field: chosen[field] for field in ("name", "zone") if field in chosen}
    before = {field: getattr(row, field) for field in named}
    for field, value in chosen.items():
        setattr(row, field, value)
    row.save(update_fields=list(chosen))
    if named != before:
        details = {f"{field}_before": value for field, value in before.items()}
        record(EventKind.PROFILE, actor=row, about=row.email, details=named | details)
