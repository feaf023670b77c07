"""Versions that can come back after a round, to choose one of."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from admin_ui.display.isolation import isolated
from admin_ui.display.times import exact
from assistants.models import Assistant, Kind, Outcome, Round, names_of
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.versions import version_of

MOST_VERSIONS = 25
"""Versions that are offered, the newest first; what is live is the first of them."""


@dataclass(frozen=True, slots=True)
class ReturnChoice:
    """A version of the history that can come back."""

    number: int
    """Of its revision."""
    label: str


def return_choices(assistant: Assistant) -> list[ReturnChoice]:
    """Return the newest versions of an assistant, each with its name if it has one. Two queries."""
    rows = Outcome.objects.filter(revision__assistant=assistant, version__isnull=False)
    rows = rows.exclude(revision__kind=Kind.DOCUMENTS).select_related("revision")
    rows = rows.only("version", "revision__number", "revision__created_at", "revision__assistant")
    found = list(rows.order_by("-version")[:MOST_VERSIONS])
    names = names_of([row.revision_id for row in found])
    choices = []
    for row in found:
        is_live = row.revision_id == assistant.live_id
        named = names.get(row.revision_id)
        parts = [
            f"v{row.version}",
            _("live now") if is_live else exact(row.revision.created_at),
            isolated(named.name) if named else "",
        ]
        choices.append(ReturnChoice(row.revision.number, " · ".join(filter(None, parts))))
    return choices


@dataclass(frozen=True, slots=True)
class Return:
    """What comes back after a round, as its page shows it."""

    version: int
    url: str
    compared: str
    """The address that compares it with what was live before; "" if that is the same."""


def return_after(of: Round, pages: AssistantPages) -> Return | None:
    """Return what comes back after `of`, if anything does. Two queries at most."""
    if of.back_to is None:
        return None
    version = version_of(of.back_to)
    before = 0 if of.back_to_id == of.base_id else version_of(of.base)
    compared = pages.compare(before, version) if before and version else ""
    return Return(version, pages.revision(of.back_to.number), compared)
