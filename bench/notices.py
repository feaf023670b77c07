"""A long inbox of the owner: every second notice is unread."""

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import User, Workspace
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening, Notice
from bench.data import SLUG

NOTICES = 50_000
RARE = NoticeKind.OVERRIDDEN
"""The kind of the first notice only: the filter has to find it behind all others."""


@transaction.atomic
def fill_notices() -> str:
    """Add the notices; returns what was done, for the head of the table."""
    workspace, owner = Workspace.objects.get(slug=SLUG), User.objects.get(is_owner=True)
    now = timezone.now()
    kinds = [kind for kind in NoticeKind if kind != RARE]
    happenings = Happening.objects.bulk_create(
        Happening(
            workspace=workspace,
            kind=kinds[number % len(kinds)] if number else RARE,
            subject=f"Assistant {number}",
            path="/",
            actor_name="Pia",
            people=[owner.pk],
            spread_at=now,
        )
        for number in range(NOTICES)
    )
    Notice.objects.bulk_create(
        Notice(
            user=owner,
            happening=row,
            workspace=workspace,
            kind=row.kind,
            read_at=now if number % 2 else None,
        )
        for number, row in enumerate(happenings)
    )
    return f"{NOTICES:,} notices of the owner."
