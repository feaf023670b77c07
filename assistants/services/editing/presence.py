"""Who has an editor open. It blocks nobody; a write that fails is skipped.

A tab is the name of one open page, `<user's pk>-<random>`; the server assigns it with the form.
"""

import re
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.models import User
from admin_ui.serving.best_effort import best_effort
from assistants.models import Assistant, Presence

FORGET = timedelta(minutes=5)
"""A page that is silent for this long is deleted. Pages stop showing it much earlier."""


def new_tab(user: User) -> str:
    """Return a name for a new page; only this person can save from it."""
    return f"{user.pk}-{secrets.token_urlsafe(9)}"


def own_tab(user: User, name: str) -> str:
    """Return `name` if `user` opened the page with that name, else ""."""
    return name if re.fullmatch(rf"{user.pk}-[\w-]{{1,40}}", name, re.ASCII) else ""


def silent_pages() -> QuerySet[Presence]:
    """Return the open pages that have not asked for long, and were probably closed."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - FORGET)


def note_presence(*, user: User, assistant: Assistant, tab: str) -> None:
    """Record that `tab` of `user` has `assistant` open now; ignores a tab of another person."""
    if not own_tab(user, tab):
        return
    now = timezone.now()
    with best_effort("Presence"):
        if Presence.objects.filter(tab=tab, assistant=assistant).update(seen_at=now):
            return
        with transaction.atomic():
            silent_pages().delete()
            Presence.objects.bulk_create(
                [Presence(assistant=assistant, user=user, tab=tab, seen_at=now)],
                update_conflicts=True,
                unique_fields=["tab"],
                update_fields=["assistant", "seen_at"],
            )


def leave(*, user: User, tab: str) -> None:
    """Record that `tab` of `user` was closed; ignores a tab of another person."""
    if own_tab(user, tab):
        with best_effort("Presence"):
            Presence.objects.filter(tab=tab).delete()
