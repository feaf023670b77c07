"""Searches of the list beside the bare list: a rare word, common ones, none, several, a letter."""

from collections.abc import Iterator
from urllib.parse import urlencode

from assistants.models import Assistant
from bench.pages import HERE, Visitor
from bench.report import Row

MOST_MS, MOST_MS_COMMON = 20.0, 30.0
COMMON = {
    "a common word": "number",
    "a common word, by name": ("order", "name"),
    "a word of every twentieth name": "tracking",
    "three words": "order number colleague",
    "one letter": "r",
    "two letters": "re",
    "a misspelt word": "colleageu",
}
"""Words of the demo's texts and names, some with an order."""


def searches(visitor: Visitor) -> Iterator[Row]:
    some = Assistant.objects.order_by("pk")[5000 % Assistant.objects.count()]
    text = str(some.live.definition.value("instructions") if some.live else "")
    _, _, after = text.partition("reference ")
    yield _row(visitor, "a rare word", after.partition(".")[0], most_ms=MOST_MS)
    yield _row(visitor, "a word that nobody has", "zzyqxzzy", most_ms=MOST_MS)
    for what, words in COMMON.items():
        query, order = (words, "") if isinstance(words, str) else words
        yield _row(visitor, what, query, order=order, most_ms=MOST_MS_COMMON)


def _row(visitor: Visitor, what: str, query: str, *, most_ms: float, order: str = "") -> Row:
    return visitor.compare(
        f"search for {what}",
        f"{HERE}/assistants/?{urlencode({'q': query, 'sort': order})}",
        f"/assistants/{visitor.workspace.pk}/",
        most_ms=most_ms,
    )
