"""What is scheduled and asked for: for the header of an assistant, rows of the list, and Home."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from admin_ui.accounts.models import Workspace
from assistants.models import Assistant, ChangeRequest, Schedule
from assistants.selectors.change_requests.addresses import ChangeRequestPages

SCHEDULE_COLUMNS = {False: "scheduled_at", True: "returns_at"}
"""What `Assistant` keeps of its schedules, by `is_return`."""


def _for_later(rows: QuerySet[Schedule]) -> QuerySet[Schedule]:
    """Return what is still to be carried out and was chosen for a later time."""
    return rows.filter(next_at__isnull=False, publish_at__gt=F("created_at"))


def times_columns(**of: OuterRef) -> dict[str, Any]:
    """Return annotations with the first time that each of `SCHEDULE_COLUMNS` is scheduled for,
    among the schedules that `of` finds."""
    rows = _for_later(Schedule.objects.filter(**of)).order_by("publish_at")
    return {
        name: Subquery(rows.filter(is_return=is_return).values("publish_at")[:1])
        for is_return, name in SCHEDULE_COLUMNS.items()
    }


def scheduled_columns() -> dict[str, Any]:
    """Return `times_columns` of assistants."""
    return times_columns(workspace=OuterRef("workspace"), assistant=OuterRef("pk"))


def open_request_column(row: str = "pk") -> Subquery:
    """Return what `Assistant.open_request` says, for the assistant to which `row` of a query leads.

    Of several, that is a deletion, else the newest.
    """
    rows = ChangeRequest.objects.filter(assistant=OuterRef(row), is_open=True)
    found = JSONObject(number="number", kind="kind", state="state")
    return Subquery(rows.order_by("-kind", "-pk").values(found=found)[:1])


def note_open_requests(rows: Collection[Assistant]) -> None:
    """Set `open_request` on the assistants of a list, as `open_request_column`. One query."""
    by_pk = {row.pk: row for row in rows}
    asked = ChangeRequest.objects.filter(assistant__in=by_pk, is_open=True)
    found = asked.order_by("kind", "pk").values_list("assistant", "number", "kind", "state")
    for pk, number, kind, state in found if rows else ():
        by_pk[pk].open_request = {"number": number, "kind": kind, "state": state}


def note_schedules(workspace: Workspace, rows: Collection[Assistant]) -> None:
    """Set `SCHEDULE_COLUMNS` on the assistants of a list, which are of `workspace`. One query."""
    if not rows:
        return
    by_pk = {row.pk: row for row in rows}
    found = _for_later(Schedule.objects.filter(workspace=workspace, assistant__in=by_pk))
    for schedule in found.only("assistant", "publish_at", "is_return").order_by("-publish_at"):
        name = SCHEDULE_COLUMNS[schedule.is_return]
        setattr(by_pk[schedule.assistant_id], name, schedule.publish_at)


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    """A change that is scheduled, on Home."""

    title: str
    url: str
    assistant: str
    who: str
    at: datetime
    is_return: bool
    draft: tuple[int, int]
    """The assistant and the author: whose draft it came from."""


def scheduled_next(workspace: Workspace, most: int) -> list[ScheduledRow]:
    """Return what is carried out next in a workspace. One query."""
    pages = ChangeRequestPages.of(workspace.slug)
    rows = _for_later(Schedule.objects.filter(workspace=workspace))
    rows = rows.select_related("change_request", "assistant").only(
        "publish_at",
        "is_return",
        "user_name",
        "change_request__number",
        "change_request__title",
        "change_request__author",
        "assistant__name",
        "assistant__remote_id",
    )
    return [
        ScheduledRow(
            title=row.change_request.title,
            url=pages.request(row.change_request.number),
            assistant=str(row.assistant),
            who=row.user_name,
            at=row.publish_at,
            is_return=row.is_return,
            draft=(row.assistant_id, row.change_request.author_id),
        )
        for row in rows.order_by("publish_at", "pk")[:most]
    ]
