"""Lists of change requests: those of a workspace, and those that wait for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.compiled import CompiledQuery
from admin_ui.display.isolation import isolated
from admin_ui.paging import Order, ResultPage, is_number, page
from assistants.approval.flow import RequestState
from assistants.models import Assistant, ChangeRequest, Reviewer, Round
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.scheduled import times_columns
from assistants.selectors.one_assistant import asides
from assistants.wording import ago
from assistants.wording.approval.change_requests import state_chip
from assistants.wording.chips import Chip

A_PAGE = 25
MOST_WAITING = 10
"""Those that wait, on Home."""
NEWEST_CHANGE_FIRST = Order(("changed_at", "pk"))
LISTS = ("waiting", "mine", "open", "closed", "all")
"""Which change requests a list shows, as its address says."""
ROW_COLUMNS = (
    "workspace_id",
    "number",
    "kind",
    "title",
    "author",
    "author_name",
    "state",
    "round_number",
    "changed_at",
    "assistant__name",
    "assistant__remote_id",
)


@dataclass(frozen=True, slots=True)
class ChangeRequestRow:
    """A change request in a list."""

    number: int
    url: str
    title: str
    assistant: str
    author: str
    chip: Chip
    round: int
    when: SafeString
    is_deletion: bool
    scheduled_at: datetime | None
    returns_at: datetime | None
    draft: tuple[int, int]
    """The assistant and the author: whose draft it came from."""

    @property
    def about(self) -> str:
        """What it asks for a change of, or to delete."""
        if self.is_deletion:
            return _("Deletion of %(name)s") % {"name": isolated(self.assistant)}
        return self.assistant


def requests_page(
    member: Member, params: Mapping[str, str], *, size: int = A_PAGE
) -> ResultPage[ChangeRequest]:
    """Return the page of change requests that `params` ask for, newest change first.

    `show` is one of `LISTS`, open ones unless given; `assistant` a pk; `after` and `before` page.
    """
    rows = shown_to(member, params.get("show", ""))
    assistant = params.get("assistant", "")
    if is_number(assistant):
        rows = rows.filter(assistant=int(assistant))
    return page(_as_rows(rows), NEWEST_CHANGE_FIRST, params, size=size)


def shown_to(member: Member, show: str) -> QuerySet[ChangeRequest]:
    """Return the change requests of the member's workspace that `show` names."""
    rows = ChangeRequest.objects.filter(workspace=member.workspace)
    if show == "waiting":
        return rows.filter(_waits_for(member.user.pk))
    if show == "mine":
        return rows.filter(author=member.user)
    if show == "closed":
        return rows.filter(is_open=False)
    if show == "all":
        return rows
    return rows.filter(is_open=True)


def _waits_for(user: int) -> Q:
    """Return the condition for what waits for a user: a review, or an answer to one."""
    asked = Reviewer.objects.filter(change_request=OuterRef("pk"), user=user, is_waiting=True)
    back = [RequestState.CHANGES_REQUESTED.value, RequestState.FAILED.value]
    return Q(Exists(asked)) | Q(author=user, state__in=back)


def _as_rows(rows: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """Return change requests with what a row shows, and when they are published or end."""
    times = times_columns(change_request=OuterRef("pk"))
    return rows.select_related("assistant").only(*ROW_COLUMNS).annotate(**times)


def request_rows(rows: list[ChangeRequest], slug: str) -> list[ChangeRequestRow]:
    """Return change requests ready to be shown. No query."""
    pages, now = ChangeRequestPages.of(slug), timezone.now()
    return [
        ChangeRequestRow(
            number=row.number,
            url=pages.request(row.number),
            title=row.title,
            assistant=str(row.assistant),
            author=row.author_name,
            chip=state_chip(row),
            round=row.round_number,
            when=ago(row.changed_at, now),
            is_deletion=row.kind == ChangeRequest.Kind.DELETE,
            scheduled_at=row.scheduled_at,
            returns_at=row.returns_at,
            draft=(row.assistant_id, row.author_id),
        )
        for row in rows
    ]


def waiting_for(member: Member, most: int) -> list[ChangeRequestRow]:
    """Return the first change requests that wait for a member, for Home. One query."""
    rows = _WAITING(member.workspace.pk, member.user.pk)[:most]
    return request_rows(rows, member.workspace.slug)


def _waiting_in(workspace: int, user: int) -> QuerySet[ChangeRequest]:
    rows = ChangeRequest.objects.filter(_waits_for(user), workspace=workspace)
    return _as_rows(rows).order_by("-changed_at", "-pk")[:MOST_WAITING]


def sent_by(member: Member, most: int) -> list[ChangeRequestRow]:
    """Return the member's own change requests that wait for others, for Home. One query."""
    rows = _SENT_BY(member.workspace.pk, member.user.pk)[:most]
    return request_rows(rows, member.workspace.slug)


def _sent_by(workspace: int, user: int) -> QuerySet[ChangeRequest]:
    waiting = [RequestState.OPEN.value, RequestState.APPROVED.value]
    rows = ChangeRequest.objects.filter(workspace=workspace, author=user, state__in=waiting)
    return _as_rows(rows.filter(is_open=True)).order_by("-changed_at", "-pk")[:MOST_WAITING]


_WAITING, _SENT_BY = CompiledQuery(_waiting_in), CompiledQuery(_sent_by)


def request_of_draft(assistant: Assistant, user: int) -> ChangeRequest | None:
    """Return the open change request that the draft of `user` (an id) was submitted with.

    It says when it is published, and the digest of its newest round as `asked_digest`. One query;
    none where `assistant` says that nothing is asked for.
    """
    if assistant.open_request is None:
        return None
    kind = ChangeRequest.Kind.CHANGE
    rows = ChangeRequest.objects.filter(assistant=assistant, author=user, is_open=True, kind=kind)
    newest = Round.objects.filter(change_request=OuterRef("pk")).order_by("-number")
    digest = {"asked_digest": Subquery(newest.values("digest")[:1])}
    return _as_rows(rows).annotate(**digest).first()


def get_request(workspace: Workspace, number: int, *, reader: User | None = None) -> ChangeRequest:
    """Return a change request of the workspace with its assistant. Raises `Http404`.

    For a `reader`, the assistant says what `get_assistant` says. One query.
    """
    if number > 2**31 - 1:
        raise Http404
    rows = ChangeRequest.objects.select_related(
        "author", "assistant__connection", "assistant__live", "assistant__slot", "workspace"
    )
    more = asides(reader.pk, row="assistant", live="assistant__live") if reader else {}
    found = get_object_or_404(rows.annotate(**more), workspace=workspace, number=number)
    for name in more:
        setattr(found.assistant, name, getattr(found, name))
    return found
