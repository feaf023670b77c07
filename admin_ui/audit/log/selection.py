"""Which events a page of the audit log shows: what its address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.audit.models import AuditEvent, EventKind

LONGEST_SEARCH = 254
"""Characters of a search; names of people and things have no more."""


@dataclass(frozen=True)
class Selection:
    """A kind of event, a first and a last day in the reader's time zone, and a text to look for."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "Selection":
        """Read a query string; what makes no sense in it selects nothing less."""
        kind = params.get("kind", "")
        return cls(
            kind=kind if kind in EventKind.values else "",
            since=_day(params.get("since", "")),
            until=_day(params.get("until", "")),
            text=params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        )

    def rows(self, chain: int) -> QuerySet[AuditEvent]:
        """Return the events of a chain of this kind and these days, whatever their text."""
        rows = AuditEvent.objects.filter(chain=chain)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.since:
            rows = rows.filter(at__gte=_midnight(self.since))
        if self.until and self.until < date.max:
            rows = rows.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return rows

    def params(self) -> dict[str, str]:
        """Return it as parameters of an address, without what selects nothing."""
        days = {"since": self.since, "until": self.until}
        shown = {name: day.isoformat() for name, day in days.items() if day}
        texts = {"kind": self.kind, "q": self.text}
        return {**{name: text for name, text in texts.items() if text}, **shown}

    @property
    def query(self) -> str:
        """The same as a query string without a question mark."""
        return urlencode(self.params())


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9998 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
