"""Searches and filters of History and Changes, beside the bare lists."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from admin_ui.accounts.models import Member
from assistants.models import KEY_AUTHOR, Outcome, Revision
from assistants.services.history.naming import name_revision
from assistants.services.history.older_changes import index_older_changes
from bench.pages import Page, Visitor
from bench.report import Row
from bench.rows.past import MOST_SECONDS

MOST_MS = 20.0
OLDER = 3
"""Pages to turn for an older page of what is found."""
COMMON, RARE, REMOVED, PHRASE = "answer", "zzyqxzzy", "colleague", "“promise a refund of more”"


def past_searches(visitor: Visitor) -> Iterator[Row]:
    index_older_changes(seconds=MOST_SECONDS)
    _name_some(visitor)
    return visitor.compare_all(pages(visitor))


def pages(visitor: Visitor) -> Iterator[Page]:
    assistant = visitor.long_history
    history = f"assistants/{assistant.pk}/history/"
    of_one = f"history of {assistant.last_number:,}"
    yield from _of(visitor, history, f"/history/{assistant.pk}/", of_one)
    yield from _of(visitor, "changes/", f"/changes/{visitor.workspace.pk}/", "changes")
    named = f"changes/?{urlencode({'assistant': assistant.name})}"
    plain = f"/changes/{visitor.workspace.pk}/"
    yield Page("changes of one assistant", named, plain, MOST_MS)


def _of(visitor: Visitor, address: str, plain: str, measure: str) -> Iterator[Page]:
    today = timezone.localdate()
    asked: dict[str, dict[str, Any]] = {
        "a common word": {"q": COMMON},
        "a word of none": {"q": RARE},
        "a removed word": {"q": REMOVED},
        "a phrase": {"q": PHRASE},
        "a field": {"field": "instructions"},
        "a rare field": {"field": "top_p"},
        "a word and a person": {"q": COMMON, "person": visitor.owner.pk},
        "days long ago": {
            "since": today - timedelta(days=200),
            "until": today - timedelta(days=190),
        },
        "days and a person": {"until": today - timedelta(days=190), "person": visitor.owner.pk},
        "published": {"outcome": Outcome.Status.APPLIED},
        "refused": {"outcome": Outcome.Status.REJECTED},
        "sending": {"outcome": "pending"},
        "an API key": {"key": _a_key(visitor)},
        "named": {"named": "1"},
    }
    for what, params in asked.items():
        where = f"{address}?{urlencode(params)}"
        yield Page(f"{measure}: {what}", where, plain, MOST_MS)
        if what in ("a common word", "a field", "days long ago"):
            old = visitor.deep_page(where, pages=OLDER)
            yield Page(f"{measure}: {what}, page {OLDER + 1}", old, plain, MOST_MS)


def _a_key(visitor: Visitor) -> str:
    rows = Revision.objects.filter(workspace=visitor.workspace, author_name__startswith=KEY_AUTHOR)
    found = rows.values_list("author_name", flat=True).first()
    return (found or f"{KEY_AUTHOR}Chat").removeprefix(KEY_AUTHOR)


def _name_some(visitor: Visitor) -> None:
    """Name the first version of a hundred assistants, and fifty versions of the long history."""
    author = Member(workspace=visitor.workspace, user=visitor.owner, role="admin")
    rows = Revision.objects.select_related("assistant").filter(workspace=visitor.workspace)
    chosen = [*rows.filter(number=1).order_by("pk")[:100]]
    chosen += rows.filter(assistant=visitor.long_history).order_by("pk")[:50]
    for row in chosen:
        name_revision(
            author=author, assistant=row.assistant, revision=row, name="Named", is_pinned=False
        )
