"""Finding out which version introduced each line of the instructions, a part at a time.

What was found is kept: for the newest version, and for every fiftieth. So a page works out few
versions, and a long history is never read from its start again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time
from typing import NamedTuple

from django.db.models import F
from django.db.models.functions import Mod

from admin_ui.serving.best_effort import best_effort
from assistants.definition import LIMITS
from assistants.diff.origins import Origins, next_origins
from assistants.models import Assistant, LineOrigins, Outcome, begun

KEPT_EVERY = 50
"""Of how many versions the origins of one are kept for good."""
VERSIONS_AT_ONCE = 20
"""How many versions are read at once: with the longest instructions, five megabytes."""


@dataclass(frozen=True)
class TracedLines:
    """The instructions of `version`, and the version that introduced each of their lines."""

    version: int
    text: str
    origins: Origins
    is_done: bool
    """Whether `version` is the one asked for: the time may have ended before."""


class _Instructions(NamedTuple):
    """The instructions of a version: their text, or the digest under which it is stored."""

    version: int
    digest: str
    text: str


def trace_lines(*, assistant: Assistant, version: int, seconds: float) -> TracedLines:
    """Find the origins of the lines that the instructions had as of `version`.

    Works for about `seconds` of processor time and keeps what it found, so the next call goes on
    from there. A version that does not exist has no lines.
    """
    until = thread_time() + seconds
    known = LineOrigins.objects.filter(assistant=assistant, version__lte=version)
    start = known.order_by("-version").first()
    origins, reached = (start.origins, start.version) if start else (Origins(), 0)
    last, text = _Instructions(reached, "", ""), ""
    for read in _instructions(assistant, max(reached, 1), version):
        new = text if _same(read, last) else _text(read)
        if read.version > reached:
            if new != text:
                origins = next_origins(origins, text, new, version=read.version)
            if read.version % KEPT_EVERY == 0:
                _keep(assistant, read.version, origins)
        last, text = read, new
        if read.version > reached and thread_time() > until:
            break
    is_done = last.version >= version
    newer = LineOrigins.objects.filter(assistant=assistant, version__gt=last.version)
    if last.version > reached and last.version % KEPT_EVERY and not (is_done and newer.exists()):
        _keep(assistant, last.version, origins)
    return TracedLines(last.version, text, origins, is_done)


def instructions_of(assistant: Assistant, version: int) -> str:
    """Return the instructions as of a version; "" for none."""
    found = next(_instructions(assistant, version, version), None)
    return _text(found) if found else ""


def _instructions(assistant: Assistant, first: int, last: int) -> Iterator[_Instructions]:
    """Yield the instructions of each version from `first` to `last`, in order."""
    rows = Outcome.objects.filter(assistant=assistant, version__lte=last).order_by("version")
    columns = (
        "version",
        begun.as_text("values"),
        "texts",
        begun.as_text("revision__values"),
        "revision__texts",
    )
    while True:
        batch = list(rows.filter(version__gte=first).values_list(*columns)[:VERSIONS_AT_ONCE])
        for version, values, texts, sent_values, sent_texts in batch:
            own = values is not None
            yield _read(version, values if own else sent_values, (texts if own else sent_texts))
        if len(batch) < VERSIONS_AT_ONCE:
            return
        first = batch[-1][0] + 1


def _read(version: int, values: str, texts: dict[str, str] | None) -> _Instructions:
    if digest := (texts or {}).get("instructions"):
        return _Instructions(version, digest, "")
    content = (
        json.loads(values)
        if len(values) <= LIMITS.size
        else begun.join_beginnings(values, {}, {}).content()
    )
    text = content.get("instructions")
    return _Instructions(version, "", text if isinstance(text, str) else "")


def _same(one: _Instructions, other: _Instructions) -> bool:
    return (one.digest, one.text) == (other.digest, other.text)


def _text(read: _Instructions) -> str:
    """Return the text; the beginning of one that is far over the limits."""
    if not read.digest:
        return read.text
    found = begun.fetch_beginnings([read.digest])[read.digest]
    value = found.value if found.is_whole else found.beginning
    return value if isinstance(value, str) else ""


def _keep(assistant: Assistant, version: int, origins: Origins) -> None:
    """Store the origins as of `version`, and drop older ones that are not kept for good."""
    rows = LineOrigins.objects.filter(assistant=assistant, version__lt=version)
    with best_effort("Which version introduced a line"):
        row = LineOrigins(assistant=assistant, version=version, packed=origins.pack())
        LineOrigins.objects.bulk_create([row], ignore_conflicts=True)
        rows.annotate(rest=Mod(F("version"), KEPT_EVERY)).exclude(rest=0).delete()
