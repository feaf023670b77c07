"""Spreading what happened: a notice for each person to tell, and a word to other receivers."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.selectors import sends_mail
from admin_ui.notices.kinds import TELLS_THE_ACTOR
from admin_ui.notices.mails.mail_choices import mail_of
from admin_ui.notices.mails.mail_tasks import queue_mail
from admin_ui.notices.models import Happening, Mail, Notice

READ_KEPT_FOR = timedelta(days=90)
SPREAD_KEPT_FOR = timedelta(days=30)

AUDIENCES: list[Callable[[Happening], Iterable[int]]] = []
"""Name more people to tell, by id. Apps add functions when they start."""
RECEIVERS: list[Callable[[Happening], None]] = []
"""Hear of each happening once, in the transaction that marks it as spread, and so must only write
to the database. Apps add functions when they start."""


def spread_happening(pk: int) -> int:
    """Tell everybody of a happening, unless that is done; returns how many people were told.

    One transaction: if it is interrupted, nobody has been told, and it can begin again. Nobody
    hears of an archived workspace.
    """
    with transaction.atomic():
        rows = Happening.objects.select_for_update(of=("self",), no_key=True)
        happening = rows.select_related("workspace").filter(pk=pk, spread_at=None).first()
        if happening is None:
            return 0
        told: list[int] = []
        if happening.workspace.archived_at is None:
            told = _people_to_tell(happening)
            _insert_notices(happening, told)
            for receive in RECEIVERS:
                receive(happening)
        happening.spread_at = timezone.now()
        happening.save(update_fields=["spread_at"])
    return len(told)


def _insert_notices(happening: Happening, people: list[int]) -> None:
    """Insert a notice for each of them, and queue the mails of those who want one at once."""
    wishes = mail_of(people, happening.kind) if sends_mail() else {}
    rows = [
        Notice(
            user_id=user,
            happening=happening,
            workspace_id=happening.workspace_id,
            kind=happening.kind,
            mail=wishes.get(user, ""),
        )
        for user in people
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    for user in (user for user, mail in wishes.items() if mail == Mail.AT_ONCE):
        queue_mail(happening.pk, user)


def _people_to_tell(happening: Happening) -> list[int]:
    """Return the ids of those to tell who are active and in the workspace, owners included."""
    wanted = set(happening.people).union(*(audience(happening) for audience in AUDIENCES))
    if happening.kind not in TELLS_THE_ACTOR:
        wanted.discard(happening.actor_id)
    # Held, so that nobody is removed meanwhile and keeps a notice of a workspace that they left.
    rows = Member.objects.select_for_update(no_key=True).order_by("pk")
    held = rows.filter(workspace_id=happening.workspace_id, user__in=wanted)
    members = set(held.values_list("user_id", flat=True))
    people = User.objects.filter(pk__in=wanted, is_active=True, is_service=False)
    found = people.order_by("pk").values_list("pk", "is_owner")
    return [pk for pk, is_owner in found if is_owner or pk in members]


def to_spread() -> QuerySet[Happening]:
    """Return what has yet to be spread, the oldest first."""
    return Happening.objects.filter(spread_at=None).order_by("pk")


def forget_notices(user: User, workspace: Workspace | None, kept: Collection[int]) -> None:
    """Delete the notices of a person who loses `workspace`, or all but the `kept` ones."""
    rows = Notice.objects.filter(user=user).exclude(workspace__in=kept)
    (rows.filter(workspace=workspace) if workspace else rows).delete()


def old_notices() -> QuerySet[Notice]:
    """Return the notices that were read and are older than 90 days."""
    return Notice.objects.filter(
        read_at__isnull=False, created_at__lt=timezone.now() - READ_KEPT_FOR
    )


def old_happenings() -> QuerySet[Happening]:
    """Return what was spread over 30 days ago and no notice tells of any more."""
    tells = Notice.objects.filter(happening=OuterRef("pk"))
    spread = Happening.objects.filter(spread_at__lt=timezone.now() - SPREAD_KEPT_FOR)
    return spread.filter(~Exists(tells))
