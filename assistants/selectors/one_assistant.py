"""One assistant, with what its pages say beside its row, in the query that reads the row."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from admin_ui.accounts.models import User, Workspace
from admin_ui.compiled import CompiledQuery
from assistants.models import Assistant, Clearance, Draft, Follow, Revision
from assistants.selectors.change_requests.scheduled import open_request_column, scheduled_columns

HEAVY = tuple(f"{row}__{column}" for row in ("live", "slot") for column in Revision.HEAVY)
"""What only lists show, or is read with care: there may be any amount."""


def asides(reader: int, *, row: str = "pk", live: str = "live") -> dict[str, Any]:
    """Return what to annotate an assistant with: `is_followed` by a user, and `unapproved`.

    `row` and `live` lead from the rows of the query to the assistant and its live revision.
    """
    return {"is_followed": is_followed_by(reader, row=row), "unapproved": unapproved_live(live)}


def is_followed_by(user: int, *, row: str = "pk") -> Coalesce:
    """Return whether `user` (an id) follows the assistant to which `row` of a query leads.

    As they decided, else whether they have a draft of it or ever made or wrote a change.
    """
    here = {"assistant": OuterRef(row)}
    decided = Follow.objects.filter(**here, user=user).values("is_on")[:1]
    writes = (
        Exists(Draft.objects.filter(**here, user=user))
        | Exists(Revision.objects.filter(**here, author=user))
        | Exists(Revision.objects.filter(**here, drafter=user))
    )
    return Coalesce(Subquery(decided), Case(When(writes, then=Value(True)), default=Value(False)))


def unapproved_live(live: str = "live") -> Subquery:
    """Return the number of the revision to which `live` of a query leads, if it is live without
    the approvals that it needed."""
    rows = Clearance.objects.filter(revision=OuterRef(live), kind=Clearance.Kind.WITHOUT)
    return Subquery(rows.values("revision__number")[:1])


LISTED_ASIDES: dict[str, Any] = {"unapproved": unapproved_live()}
"""What a list of assistants reads of what pages say."""


def made_change(assistant: int, user: str) -> Q:
    """Return the condition that the user to whom `user` of a query leads made or wrote a change."""
    rows = Revision.objects.filter(assistant=assistant)
    return Exists(rows.filter(author=OuterRef(user))) | Exists(rows.filter(drafter=OuterRef(user)))


def get_assistant(
    workspace: Workspace, pk: int, *, content: bool = True, reader: User | None = None
) -> Assistant:
    """Return that assistant of `workspace` with its connection and, for its `content`, the live
    revision and the one being sent. It says what is scheduled and asked for, and whether `reader`
    follows it.

    Raises `Http404` for anybody else's.
    """
    read = _WITH_CONTENT if content else _WITHOUT_CONTENT
    found = read(workspace.pk, pk, reader.pk if reader else 0)
    if not found:
        raise Http404
    return found[0]


def _of_workspace(workspace: int, pk: int, reader: int) -> QuerySet[Assistant]:
    rows = Assistant.objects.select_related("connection").filter(workspace=workspace, pk=pk)
    more = {"open_request": open_request_column(), **asides(reader)}
    return rows.annotate(**scheduled_columns(), **more)


def _with_content(workspace: int, pk: int, reader: int) -> QuerySet[Assistant]:
    rows = _of_workspace(workspace, pk, reader).select_related("live", "slot")
    return rows.annotate(**Assistant.STARTS).defer(*HEAVY)


_WITHOUT_CONTENT = CompiledQuery(_of_workspace)
_WITH_CONTENT = CompiledQuery(_with_content)
