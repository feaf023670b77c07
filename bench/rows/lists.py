"""Lists without a filter: assistants, histories of several lengths, changes, home, connections."""

from collections.abc import Iterator

from assistants.models import Assistant
from bench.pages import Page, Visitor
from bench.report import Row

DEEP = 40
"""Pages to turn for a row that is deep in a list."""


def lists(visitor: Visitor) -> Iterator[Row]:
    return visitor.compare_all(pages(visitor))


def pages(visitor: Visitor) -> Iterator[Page]:
    workspace = visitor.workspace.pk
    listed, changed = f"/assistants/{workspace}/", f"/changes/{workspace}/"
    yield Page("home", "", changed, most_ms=20)
    yield Page("connections", "connections/", f"/connections/{workspace}/", most_ms=20)
    yield Page("list, first page", "assistants/", listed, most_ms=20, most_ratio=3)
    old = visitor.deep_page("assistants/", pages=DEEP)
    yield Page(f"list, page {DEEP}", old, listed, most_ms=20, most_ratio=3)
    for assistant in lengths(visitor):
        yield from histories(visitor, assistant)
    yield Page("all changes", "changes/", changed, most_ms=20, most_ratio=3)
    old = visitor.deep_page("changes/", pages=DEEP)
    yield Page(f"all changes, page {DEEP}", old, changed, most_ms=20, most_ratio=3)


def lengths(visitor: Visitor) -> Iterator[Assistant]:
    """Yield assistants with a short history, with a long one, and with a copied one if there is."""
    rows = Assistant.objects.filter(workspace=visitor.workspace)
    yield rows.order_by("remote_id")[2]
    copy = rows.filter(name=visitor.long_history.name).exclude(pk=visitor.long_history.pk)
    yield from copy.order_by("remote_id")[:1]
    yield visitor.long_history


def histories(visitor: Visitor, assistant: Assistant) -> Iterator[Page]:
    address, plain = f"assistants/{assistant.pk}/history/", f"/history/{assistant.pk}/"
    measure = f"history of {assistant.last_number:,}"
    yield Page(f"{measure}, first page", address, plain, most_ms=20, most_ratio=3)
    if assistant.last_number > 25 * DEEP:
        old = visitor.deep_page(address, pages=DEEP)
        yield Page(f"{measure}, page {DEEP}", old, plain, most_ms=20, most_ratio=3)
