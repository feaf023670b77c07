"""The versions of an assistant along time, in a bounded number of marks however many there are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import connection
from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.display.times import at, exact
from assistants.models import Assistant, Outcome, newest_names
from assistants.selectors.addresses import AssistantPages

MARKS = 40
MOST_NAMES_MARKED = 20
LEVELS = (1, 2, 5, 20)
"""Up to how many versions a mark is of the first height, the second, and so on."""


@dataclass(frozen=True, slots=True)
class StripMark:
    """The versions of one stretch of time."""

    first: int
    last: int
    when: str
    """When the last of them took effect."""
    who: str
    url: str
    """Where it is shown; of several versions, where the list of them begins."""
    is_live: bool
    is_shown: bool
    """Whether the list below begins here."""
    names: list[str]

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def height(self) -> int:
        """From 1 to 5, by how many versions there are."""
        return 1 + sum(self.count > most for most in LEVELS)


@dataclass(frozen=True)
class VersionStrip:
    """One mark for each stretch of time, from the first version to now; None where nothing was."""

    marks: list[StripMark | None]
    begin: SafeString
    end: SafeString


def strip_of(assistant: Assistant, shown: int | None = None) -> VersionStrip | None:
    """Return the strip of an assistant; None before its first version. Four queries.

    `shown` is the version with which the list below it begins, the newest unless given.
    """
    outcomes = Outcome.objects.filter(assistant=assistant)
    begin = outcomes.filter(version=1).values_list("created_at", flat=True).first()
    if begin is None:
        return None
    end = max(timezone.now(), begin + timedelta(seconds=MARKS))
    step = (end - begin) / MARKS
    edges = [begin + step * place for place in range(1, MARKS)] + [end]
    newest = [0, *_newest_by(assistant, edges)]
    shown = min(shown or newest[-1], newest[-1])
    rows = outcomes.filter(version__in=set(newest)).select_related("revision")
    by_version = {
        row.version: row
        for row in rows.only("version", "created_at", "revision__number", "revision__author_name")
    }
    names, pages = _names(assistant, begin, step), AssistantPages.of(assistant)
    marks: list[StripMark | None] = []
    for place, (before, last) in enumerate(pairwise(newest)):
        if last <= before:
            marks.append(None)
            continue
        row = by_version[last]
        number = row.revision.number
        one, several = pages.revision(number), f"{pages.history}?after={number + 1}"
        marks.append(
            StripMark(
                first=before + 1,
                last=last,
                when=exact(row.created_at),
                who=row.revision.author_name,
                url=one if last == before + 1 else several,
                is_live=last == assistant.live_version,
                is_shown=before < shown <= last,
                names=names.get(place, []),
            )
        )
    return VersionStrip(marks, at(begin), at(end))


def _newest_by(assistant: Assistant, moments: list[datetime]) -> list[int]:
    """Return the newest version at each of the `moments`, by one look into an index for each."""
    adapt = connection.ops.adapt_datetimefield_value
    kind = "timestamptz" if connection.vendor == "postgresql" else "text"
    values = ", ".join(f"({place}, CAST(%s AS {kind}))" for place in range(len(moments)))
    statement = f"""
        WITH moments(place, moment) AS (VALUES {values})
        SELECT (
            SELECT version FROM assistants_outcome
            WHERE assistant_id = %s AND version IS NOT NULL AND created_at <= moments.moment
            ORDER BY created_at DESC, version DESC LIMIT 1
        ) FROM moments ORDER BY place
    """  # noqa: S608  # numbers and names of this module
    with connection.cursor() as cursor:
        cursor.execute(statement, [*map(adapt, moments), assistant.pk])
        found = [version or 0 for (version,) in cursor.fetchall()]
    # A clock that was put back must not make the line go back.
    return [max(found[: place + 1]) for place in range(len(found))]


def _names(assistant: Assistant, begin: datetime, step: timedelta) -> dict[int, list[str]]:
    """Return the newest names of versions, by the place of their mark."""
    rows = newest_names().filter(assistant=assistant).exclude(name="").order_by("-revision")
    found: dict[int, list[str]] = {}
    for name, moment in rows.values_list("name", "revision__created_at")[:MOST_NAMES_MARKED]:
        place = min(max(int((moment - begin) / step), 0), MARKS - 1)
        found.setdefault(place, []).append(name)
    return found
