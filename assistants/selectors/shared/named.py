"""Versions by what people call them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from admin_ui.accounts.models import Workspace
from admin_ui.compiled import CompiledQuery
from assistants.models import Assistant, Outcome, RevisionName, newest_names
from assistants.selectors.addresses import WorkspacePages

MOST_NAMES = 200
"""Names of versions that are looked through, the newest first."""


@dataclass(frozen=True, slots=True)
class NamedVersion:
    """A revision that has a name, ready to be shown."""

    name: str
    version: str
    """The number it got when it took effect; "" without that."""
    number: int
    assistant: str
    url: str


def versions_named(workspace: Workspace, typed: str, *, most: int) -> list[NamedVersion]:
    """Return the newest versions whose names fit what was `typed`; none if nothing was.

    Three queries, one if none fits.
    """
    if not typed.strip():
        return []
    found = [pk for name, pk in _NAMES_IN(workspace.pk) if fits(name, typed)][:most]
    if not found:
        return []
    rows = RevisionName.objects.filter(pk__in=found).order_by("-revision").values_list(*_SHOWN)
    taken = Outcome.objects.filter(revision__in=[row[1] for row in rows], version__isnull=False)
    versions = dict(taken.values_list("revision", "version"))
    pages = WorkspacePages.of(workspace.slug)
    return [
        NamedVersion(
            name,
            str(versions.get(revision) or ""),
            number,
            str(Assistant(name=assistant, remote_id=remote_id)),
            pages.assistant(pk).revision(number),
        )
        for name, revision, number, pk, assistant, remote_id in rows
    ]


def fits(label: str, typed: str) -> bool:
    """Return whether some word of `label` begins with each word that was `typed`."""
    words = label.casefold().split()
    return all(any(word.startswith(begun) for word in words) for begun in typed.casefold().split())


def _names_in(workspace: int) -> QuerySet[RevisionName, tuple[str, int]]:
    rows = newest_names().filter(workspace=workspace).exclude(name="").order_by("-revision")
    return rows.values_list("name", "pk")[:MOST_NAMES]


_NAMES_IN = CompiledQuery(_names_in)
_SHOWN = (
    "name",
    "revision",
    "revision__number",
    "assistant",
    "assistant__name",
    "assistant__remote_id",
)
"""Of those that fit. A join for each name that is looked through would take longer."""
