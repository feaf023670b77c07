"""Records on which day each person last used the dashboard, behind the request."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest

from admin_ui.accounts.guard.background_notes import BackgroundNotes
from admin_ui.accounts.models import User


def today() -> date:
    """Return the day in UTC, in which days of activity are stored."""
    return datetime.now(UTC).date()


class ActiveDays(BackgroundNotes[int]):
    """Writes at most once a day for each person: pages know the day from the user they read."""

    name = "active-days"
    what = "The last activity of people"

    def note(self, request: HttpRequest, user: AbstractBaseUser | AnonymousUser) -> None:
        """Record that `user` is active today, unless an open page asks without their doing."""
        if not isinstance(user, User) or request.headers.get("X-Background") == "true":
            return
        if user.last_active_on is None or user.last_active_on < today():
            self.add(user.pk)

    def save(self, batch: Mapping[int, datetime]) -> None:
        for pk, moment in batch.items():
            write_day(pk, moment.astimezone(UTC).date())


def write_day(pk: int, day: date) -> None:
    """Record that the person was active on `day`, unless a later day is recorded."""
    earlier = Q(last_active_on=None) | Q(last_active_on__lt=day)
    User.objects.filter(earlier, pk=pk).update(last_active_on=day)


def signed_in(user: Any, **_kwargs: Any) -> None:
    """Record a sign-in at once, since it writes anyway."""
    write_day(user.pk, today())
    user.last_active_on = today()


ACTIVE_DAYS = ActiveDays()
