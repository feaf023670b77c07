"""The past: who wrote the lines of a text, and what was live at a moment."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from assistants.models import Assistant
from assistants.services.history.line_origins import trace_lines
from bench.pages import Page, Visitor
from bench.report import Row

MOST_SECONDS = 300.0
"""For tracing a history that nobody has looked at; the task `lines_due` does it otherwise."""


def past(visitor: Visitor) -> Iterator[Row]:
    for assistant in (visitor.long_history, visitor.long_text):
        assistant.refresh_from_db()
        version = assistant.live_version
        trace_lines(assistant=assistant, version=version, seconds=MOST_SECONDS)
    return visitor.compare_all(pages(visitor))


def pages(visitor: Visitor) -> Iterator[Page]:
    day = f"{timezone.now() - timedelta(days=90):%Y-%m-%d}"
    for assistant in (visitor.long_history, visitor.long_text):
        root, plain = f"assistants/{assistant.pk}", f"/detail/{assistant.remote_id}/"
        what = _size(assistant)
        yield Page(f"who wrote each line, {what}", f"{root}/lines/", plain, most_ms=20)
        yield Page(f"as of a day, {what}", f"{root}/as-of/?date={day}", plain, most_ms=20)
    plain = f"/assistants/{visitor.workspace.pk}/"
    yield Page("as of a day, all", f"as-of/?date={day}", plain, most_ms=20)


def _size(assistant: Assistant) -> str:
    return f"{assistant.live_version:,} versions"
