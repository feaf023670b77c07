"""One assistant of a workspace, and the page of them that a list shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.paging import Order, ResultPage, all_rows, is_number, page
from assistants.models import Assistant, Draft, State
from assistants.search import Query, parse
from assistants.selectors import search
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.scheduled import note_open_requests, note_schedules
from assistants.selectors.one_assistant import LISTED_ASIDES
from assistants.selectors.rights.scope import changeable_by, closed_to
from assistants.wording import (
    CHANGEABLE,
    Chip,
    ago,
    join_html,
    listed_chips,
    tool_mark,
    view_only,
    your_draft,
)

ASSISTANTS_A_PAGE = 25
LISTED_COLUMNS = (
    "name",
    "description",
    "model",
    "tool_kinds",
    "state",
    "trouble",
    "live_version",
    "slot_id",
    "remote_id",
    "changed_at",
    "changed_by",
    "connection_id",
)
FEW_COLUMNS = ("name", "remote_id", "model", "changed_at", "live_version")
MOST_OWNERS = 100
"""Assistants to choose functions of; the name narrows them down."""
MATCH = Order(("in_name", "changed_at", "pk"))
"""What a search finds: where the name holds all of it first, then as it was changed."""
ORDERS = {
    "changed": Order(("changed_at", "pk")),
    "name": Order(("name", "pk"), descending=False),
}


def function_owners(workspace: Workspace, text: str = "") -> list[tuple[int, str]]:
    """Return the assistants with functions that are live, by name, each with its primary key.

    With `text`, those whose name holds it; the first `MOST_OWNERS`. No long text is read.
    """
    rows = Assistant.objects.filter(workspace=workspace, tool_kinds__contains="function")
    rows = rows.exclude(state=State.DELETED).exclude(live=None).only("name", "remote_id")
    if text := text.replace("\0", "").strip():
        rows = rows.filter(name__icontains=text)
    return [(row.pk, str(row)) for row in rows.order_by("name", "pk")[:MOST_OWNERS]]


@dataclass(frozen=True, slots=True)
class AssistantRow:
    """One line of the list, ready to be shown."""

    pk: int
    name: str
    url: str
    description: str
    model: str
    connection: str
    """Its name; "" where the workspace has no other."""
    tools: SafeString
    when: SafeString
    who: str
    """Who changed it last, or that nobody here has since it was brought in."""
    chips: SafeString
    """What there is to do; "" for what is live and well."""
    match: SafeString = field(default_factory=SafeString)


@dataclass(frozen=True)
class AssistantPage:
    rows: list[AssistantRow]
    newer: str
    older: str
    query: Query
    """What was searched."""
    near: str = ""
    """The words that are searched in its place, since nothing holds those of `query`."""


def assistants_page(
    *,
    workspace: Workspace,
    user: User,
    params: Mapping[str, str],
    connections: Mapping[int, str],
    member: Member | None = None,
) -> AssistantPage:
    """Return the page of assistants that the query string `params` asks for.

    `q`, `model`, `connection` (a primary key), `status` and `sort` filter and order, `before` and
    `after` page. `connections` names those of the workspace. Deleted ones are
    shown only when the status asks for them. A constant number of queries, no long text in them.
    If the rights of `member` are narrowed, rows of which they can change nothing say so.
    Where no assistant of the workspace holds some word, those that hold one near it are found.
    """
    rows = filtered_assistants(workspace, user, params)
    query = used = parse(params.get("q", ""))
    found = _search(rows, query, params)
    if query and not found.rows and (near := search.nearest(workspace, query)):
        found, used = _search(rows, near, params), near
    pks = [row.pk for row in found.rows]
    matches = search.excerpts(pks, used) if used and pks else {}
    drafts = _drafts(pks)
    note_schedules(workspace, found.rows)
    note_open_requests(found.rows)
    closed = closed_to(member, pks)
    pages = WorkspacePages.of(workspace.slug)
    requests, now = ChangeRequestPages.of(workspace.slug), timezone.now()
    has_several = len(connections) > 1

    def shown(row: Assistant) -> AssistantRow:
        match = matches.get(row.pk)
        place = f"?{urlencode({'q': used.text})}#hit" if match and match.is_in_text else ""
        return AssistantRow(
            pk=row.pk,
            name=str(row),
            url=f"{pages.assistant(row.pk).detail}{place}",
            description=row.description,
            model=row.model,
            connection=connections[row.connection_id] if has_several else "",
            tools=join_html(map(tool_mark, filter(None, row.tool_kinds.split(",")))),
            when=ago(row.changed_at, now),
            who=row.changed_by or _("Brought in"),
            chips=join_html(
                [
                    *listed_chips(row, pages.assistant(row.pk).revision, requests.request),
                    *([view_only()] if row.pk in closed else []),
                    *_draft_chips(drafts.get(row.pk, ()), user, row),
                ]
            ),
            match=match.html if match else SafeString(""),
        )

    return AssistantPage(
        rows=[shown(row) for row in found.rows],
        newer=found.newer,
        older=found.older,
        query=query,
        near=used.text if used is not query else "",
    )


def filtered_assistants(
    workspace: Workspace, user: User, params: Mapping[str, str]
) -> QuerySet[Assistant]:
    """Return the assistants with the `status`, `model` and `connection` that `params` name."""
    rows = Assistant.objects.filter(workspace=workspace).only(*LISTED_COLUMNS)
    rows = _by_status(rows.annotate(**LISTED_ASIDES), params.get("status", ""), workspace, user)
    if model := params.get("model", "").replace("\0", ""):
        rows = rows.filter(model=model)
    if is_number(chosen := params.get("connection", "")):
        rows = rows.filter(connection_id=int(chosen))
    return rows


def listed_assistants(
    *,
    workspace: Workspace,
    user: User,
    params: Mapping[str, str],
    only: Sequence[str] = (),
    size: int = ASSISTANTS_A_PAGE,
) -> ResultPage[Assistant]:
    """Return a page of assistants as rows of the database, as `assistants_page` finds them.

    With `only`, those with these remote IDs.
    """
    rows = filtered_assistants(workspace, user, params)
    if only:
        rows = rows.filter(remote_id__in=only)
    return _search(rows, parse(params.get("q", "")), params, size=size)


def first_assistants(workspace: Workspace, typed: str, most: int) -> list[Assistant]:
    """Return the first that a search for `typed` finds, else those that changed last."""
    rows = Assistant.objects.filter(workspace=workspace).exclude(state=State.DELETED)
    query = parse(typed)
    return _search(rows.only(*FEW_COLUMNS), query, {}, size=most).rows


class WithRemoteId:
    """The assistants to which an API key can be limited: by their IDs on the remote."""

    def find(
        self, workspace: Workspace, text: str, most: int, *, everywhere: bool
    ) -> dict[str, str]:
        rows = self._rows(workspace, everywhere).filter(state=State.LIVE)
        found = _search(rows, parse(text), {}, size=most)
        return {str(row.remote_id): str(row) for row in found.rows}

    def name(self, workspace: Workspace, ids: Iterable[str], *, everywhere: bool) -> dict[str, str]:
        rows = self._rows(workspace, everywhere).filter(remote_id__in=list(ids))
        return {str(row.remote_id): str(row) for row in rows.order_by("name", "pk")}

    def _rows(self, workspace: Workspace, everywhere: bool) -> QuerySet[Assistant]:
        rows = Assistant.objects.filter(workspace=workspace)
        rows = rows if everywhere else rows.filter(connection__profile="registry")
        return rows.exclude(remote_id=None).only("name", "remote_id", "changed_at")


def _search(
    rows: QuerySet[Assistant],
    query: Query,
    params: Mapping[str, str],
    *,
    size: int = ASSISTANTS_A_PAGE,
) -> ResultPage[Assistant]:
    """Return the page of `rows` that hold `query`; of all where nothing was typed."""
    if query.text and not query:
        rows = rows.none()
    order = ORDERS.get(params.get("sort", ""), MATCH if query else ORDERS["changed"])
    read = search.searching(query) if query else all_rows
    return page(rows, order, params, size=size, read=read)


def _by_status(
    rows: QuerySet[Assistant], status: str, workspace: Workspace, user: User
) -> QuerySet[Assistant]:
    if status == "mine":
        mine = Draft.objects.filter(user=user).values("assistant_id")
        return rows.filter(pk__in=mine).exclude(state=State.DELETED)
    if status == CHANGEABLE:
        members = Member.objects.filter(workspace=workspace, user=user)
        rows = changeable_by(members.first() or Member(), rows)
    if status == "trouble":
        return rows.exclude(trouble="").exclude(state=State.DELETED)
    if status in State.values:
        return rows.filter(state=status)
    return rows.exclude(state=State.DELETED)


def _drafts(pks: Iterable[int]) -> dict[int, list[int]]:
    """Return who holds drafts of these assistants: user ids by assistant id."""
    holders: dict[int, list[int]] = {}
    rows = Draft.objects.filter(assistant_id__in=pks).values_list("assistant_id", "user_id")
    for assistant_id, user_id in rows:
        holders.setdefault(assistant_id, []).append(user_id)
    return holders


def _draft_chips(holders: Iterable[int], user: User, row: Assistant) -> Iterable[Chip]:
    if row.state == State.DRAFT:
        return
    others = len([holder for holder in holders if holder != user.pk])
    if user.pk in holders:
        yield your_draft()
    elif others:
        yield Chip("", "pencil", ngettext("%d draft", "%d drafts", others) % others)
