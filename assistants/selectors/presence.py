"""What an open page asks for regularly: who else is editing, and what was published since."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone

from admin_ui.accounts.models import Member, User, Workspace
from assistants.models import GONE_STATES, Assistant, Draft, Outcome, Presence
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.one_assistant import unapproved_live
from assistants.wording import editing, overtaken_headline

STILL_HERE = timedelta(seconds=75)
"""A page asks every 30 seconds, or every 60 where a browser slows down one that is not in view."""
GLANCE = (
    "name",
    "remote_id",
    "has_untold",
    "state",
    "trouble",
    "slot_id",
    "live_version",
    "changed_by",
    "workspace_id",
    "live__number",
    "live__kind",
    "live__author_id",
    "live__author_name",
)


@dataclass(frozen=True)
class Here:
    """Who else has the editor of an assistant open."""

    editing: str
    """A sentence that names them; "" for nobody."""
    another_tab: bool
    """Whether the person has it open a second time."""

    @property
    def token(self) -> str:
        """Names who it is, so that a page gets only what it does not show yet; "" for nobody."""
        return f"{self.editing}+" if self.another_tab else self.editing


@dataclass(frozen=True)
class Overtaken:
    """What happened to an assistant since a page about it was opened."""

    token: str
    """Names which it is, so that a page gets only what it does not show yet."""
    headline: str
    note: str
    gone: bool
    number: int
    """Of the revision that is live, or was live last."""
    version: int
    url: str
    """The page of that revision."""
    comparison: str
    """What changed since the version that the page was begun from; "" where that is not known."""


def glance_at(workspace: Workspace, pk: int, user: User) -> Assistant:
    """Return that assistant of `workspace` with what `overtaken_by` and `told_to` need for `user`.
    Raises `Http404`."""
    returned = Draft.objects.filter(assistant=OuterRef("pk"), user=user, is_returned=True)
    more = {**Assistant.STARTS, "has_returned": Exists(returned), "unapproved": unapproved_live()}
    rows = Assistant.objects.select_related("live").only(*GLANCE).annotate(**more)
    assistant = get_object_or_404(rows, workspace=workspace, pk=pk)
    assistant.workspace = workspace
    return assistant


def who_is_here(*, assistant: Assistant, user: User, tab: str, since: float = 0) -> Here:
    """Return who else has the editor of `assistant` open, each person once, by name.

    `tab` is the page that `user` asks from; with "" they only look, and are not told of tabs of
    their own. Another one counts if it has asked after `since` (seconds of the epoch), when `tab`
    was opened: one that was closed before, or has crashed, never asks again. Only people who can
    open the workspace are named. One query.
    """
    member = Member.objects.filter(workspace=assistant.workspace_id, user=OuterRef("user"))
    seen = Presence.objects.filter(assistant=assistant, seen_at__gt=timezone.now() - STILL_HERE)
    people = (
        seen.exclude(tab=tab)
        .exclude(user=user, seen_at__lte=datetime.fromtimestamp(since, UTC))
        .filter(Exists(member) | Q(user__is_owner=True), user__is_active=True)
        .values_list("user_id", "user__name", "user__email")
        .distinct()
    )
    names = {pk: name or email for pk, name, email in people}
    myself = names.pop(user.pk, None)
    return Here(editing(sorted(names.values(), key=str.lower)), bool(tab and myself))


def overtaken_by(*, assistant: Assistant, base: int | None, user: User) -> Overtaken | None:
    """Return what happened to `assistant` since the revision with number `base` was live.

    `assistant` comes from `glance_at` or `get_assistant`. None when that still is what is live (or,
    with None, nothing is yet). At most one query.
    """
    live = assistant.live
    gone = assistant.state in GONE_STATES
    if live is None or (live.number == base and not gone):
        return None
    older = None
    if base is not None and not gone:
        begun = Outcome.objects.filter(assistant=assistant, revision__number=base)
        older = begun.filter(version__isnull=False).values_list("version", flat=True).first()
    pages = AssistantPages.of(assistant)
    return Overtaken(
        token=f"{assistant.state}-{live.number}",
        headline=overtaken_headline(assistant, user),
        note="" if gone else assistant.live_note or "",
        gone=gone,
        number=live.number,
        version=assistant.live_version,
        url=pages.revision(live.number),
        comparison=pages.compare(older, assistant.live_version) if older is not None else "",
    )
