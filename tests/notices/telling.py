"""Announcing in tests."""

from typing import Any

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.notices.announcing import announce
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening, Notice
from tests.conftest import Cast


def tell(cast: Cast, *members: Member, **values: Any) -> Happening:
    """Announce to `members` that the publisher published something; `values` say otherwise."""
    said: dict[str, Any] = {
        "kind": NoticeKind.PUBLISHED,
        "workspace": cast.workspace,
        "people": [member.user_id for member in members],
        "subject": "Returns and repairs",
        "path": "/w/main/",
        "actor": cast.publisher.user,
    }
    with transaction.atomic():
        return announce(**(said | values))


def told(happening: Happening) -> list[str]:
    """Return the names of those who have a notice of it."""
    rows = Notice.objects.filter(happening=happening).order_by("user__name")
    return list(rows.values_list("user__name", flat=True))
