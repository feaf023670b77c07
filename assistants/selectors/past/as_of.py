"""What was live at a moment: of one assistant, and of all assistants of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import at
from admin_ui.paging import Order, page
from assistants.definition import Definition
from assistants.models import (
    GONE_STATES,
    REMOVAL_KINDS,
    Assistant,
    Outcome,
    Revision,
    RevisionName,
    names_of,
)
from assistants.selectors.addresses import AssistantPages, WorkspacePages
from assistants.selectors.history import DETECTED_KINDS
from assistants.selectors.versions import both_sides

LIVE_A_PAGE = 50
MOMENT = ("date", "time", "zone")
"""Parameters of an address that say a moment."""
BY_NAME_NOW = Order(("name", "pk"), descending=False)
_ROW = ("assistant", "version", "created_at", "revision__number", "revision__kind")
_WHO = ("revision__author_name", "revision__drafter_name")


@dataclass(frozen=True, slots=True)
class VersionThen:
    """A version and when it took effect."""

    number: int
    at: datetime
    who: str
    drafter: str
    url: str
    detected: bool
    """Whether somebody else made the change: it took effect some time before `at`."""
    is_removal: bool
    name: str
    """What people call it; "" for most."""

    @property
    def label(self) -> str:
        return f"v{self.number}"

    @property
    def when(self) -> SafeString:
        return at(self.at)


@dataclass(frozen=True)
class LiveThen:
    """What was live at a moment. Without a `definition`, nothing was."""

    version: VersionThen | None
    following: VersionThen | None
    """The version that replaced it; None while it is live."""
    definition: Definition | None
    with_live: str
    """Where it is compared with what is live; "" if it is, or nothing was."""


def live_at(assistant: Assistant, moment: datetime) -> LiveThen:
    """Return what was live of `assistant` at `moment`, as far as this database knows.

    Five queries, whatever the length of the history.
    """
    rows = _versions().filter(assistant=assistant)
    pages = AssistantPages.of(assistant)
    then = _at(rows, moment).first()
    next_ = rows.filter(version=(then.version or 0) + 1 if then else 1).first()
    names = names_of(row.revision_id for row in (then, next_) if row)
    shown = _shown(then, pages, names) if then else None
    following = _shown(next_, pages, names) if next_ else None
    if then is None or shown is None or shown.is_removal:
        return LiveThen(shown, following, None, "")
    definition = both_sides([then.revision])[then.revision_id].stored
    there = following is not None and assistant.state not in GONE_STATES
    with_live = pages.compare(shown.number, "live") if there else ""
    return LiveThen(shown, following, definition, with_live)


@dataclass(frozen=True, slots=True)
class AssistantThen:
    """An assistant that was live at a moment."""

    assistant: Assistant
    version: VersionThen
    url: str
    """Where its definition at that moment is shown."""


@dataclass(frozen=True)
class WorkspaceThen:
    rows: list[AssistantThen]
    newer: str
    older: str


def all_live_at(workspace: Workspace, moment: datetime, params: Mapping[str, str]) -> WorkspaceThen:
    """Return a page of the assistants that were live at `moment`, by the names they have now.

    `before` and `after` in `params` page; the others, which say the moment, go to each assistant's
    own page. Three queries.
    """
    newest = _at(Outcome.objects.filter(assistant=OuterRef("pk"), version__isnull=False), moment)
    rows = Assistant.objects.filter(workspace=workspace).annotate(
        outcome_then=Subquery(newest.values("pk")[:1]),
        kind_then=Subquery(newest.values("revision__kind")[:1]),
    )
    rows = rows.filter(outcome_then__isnull=False).exclude(kind_then__in=REMOVAL_KINDS)
    found = page(rows.only("name", "remote_id"), BY_NAME_NOW, params, size=LIVE_A_PAGE)
    outcomes = _versions().in_bulk([vars(row)["outcome_then"] for row in found.rows])
    names = names_of(row.revision_id for row in outcomes.values())
    pages = WorkspacePages.of(workspace.slug)
    query = urlencode({key: params[key] for key in MOMENT if params.get(key)})
    shown = []
    for row in found.rows:
        own = pages.assistant(row.pk)
        version = _shown(outcomes[vars(row)["outcome_then"]], own, names)
        shown.append(AssistantThen(row, version, f"{own.as_of}?{query}"))
    return WorkspaceThen(shown, found.newer, found.older)


def _versions() -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(version__isnull=False).select_related("revision")
    return rows.only(*_ROW, *_WHO)


def _at(rows: QuerySet[Outcome], moment: datetime) -> QuerySet[Outcome]:
    """Order what took effect by `moment`, newest first; an index has this order."""
    return rows.filter(created_at__lte=moment).order_by(F("created_at").desc(), F("version").desc())


def _shown(
    outcome: Outcome, pages: AssistantPages, names: Mapping[int, RevisionName]
) -> VersionThen:
    revision: Revision = outcome.revision
    named = names.get(revision.pk)
    return VersionThen(
        number=outcome.version or 0,
        at=outcome.created_at,
        who=revision.author_name,
        drafter=revision.drafter_name,
        url=pages.revision(revision.number),
        detected=revision.kind in DETECTED_KINDS,
        is_removal=revision.kind in REMOVAL_KINDS,
        name=named.name if named else "",
    )
