"""Long values are stored as differences where that pays, and read exactly as they were written."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants import triggers
from assistants.definition import Definition
from assistants.models import Text, begun
from assistants.models.text import DELTA, fetch_bodies, fetch_texts, keep_texts, split
from assistants.services.erasing.unused import remove_unused

pytestmark = pytest.mark.django_db(transaction=True)


def edits(count: int) -> list[tuple[str, str]]:
    """A text and its edits, as digest and JSON; each is stored next to the one before."""
    source, found = random.Random(count), list[tuple[str, str]]()
    lines = [f"Line {number}: {source.random()} 数据 🔑" for number in range(400)]
    for number in range(count):
        lines[source.randrange(400)] = f"Edit {number} {source.random()}\ud800"
        _values, _texts, bodies = split(Definition.parse({"instructions": "\n".join(lines)}))
        ((digest, body),) = bodies.items()
        keep_texts(bodies, {digest: found[-1][0]} if found else None)
        found.append((digest, body))
    return found


def test_a_chain_is_read_exactly_and_in_one_query() -> None:
    found = dict(edits(120))
    depths = list(Text.objects.values_list("base_id", "base__base_id", "base__base__base_id"))
    assert {depth[2] for depth in depths} == {None}
    assert sum(depth[1] is not None for depth in depths) > 60
    assert 1 <= sum(depth[0] is None for depth in depths) < 10
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert fetch_bodies(found) == found
        shown = begun.fetch_beginnings(found)
    assert len(queries) == 2
    assert {digest: each.start for digest, each in shown.items()} == found
    sizes = [len(bytes(row.body)) for row in Text.objects.all()]
    assert sum(sizes) < 15 * max(sizes)  # 120 whole texts otherwise


def test_a_damaged_difference_is_not_read_as_another_text() -> None:
    (first, _), (second, _) = edits(2)
    assert bytes(Text.objects.get(pk=second).body).startswith(DELTA)
    triggers.remove(connection)
    other, _body = edits(1)[0]
    keep_texts({"f" * 64: '"' + "other " * 500 + '"'})
    Text.objects.filter(pk=second).update(base="f" * 64)
    triggers.install(connection)
    assert first in fetch_texts([first, second, other])
    assert second not in fetch_texts([first, second])


def test_what_is_a_difference_to_a_removed_text_stays() -> None:
    found = edits(30)
    removed = [digest for digest, _body in found[:20]]
    assert Text.objects.filter(base__in=removed).exclude(pk__in=removed).exists()
    with pytest.MonkeyPatch.context() as patch:
        kept = {digest for digest, _body in found[20:]}
        patch.setattr("assistants.services.erasing.unused._referred_to", lambda: kept)
        assert remove_unused(digest for digest, _body in found) == 20
    assert set(Text.objects.values_list("pk", flat=True)) == kept
    assert fetch_bodies(kept) == dict(found[20:])
