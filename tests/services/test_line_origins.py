"""Which version introduced a line: worked out a part at a time, kept, and right at each version."""

import random

import pytest

from admin_ui.tasks.enqueue import Later
from assistants.diff.origins import Origins, next_origins
from assistants.models import Assistant, LineOrigins
from assistants.services.history import line_origins
from assistants.services.history.line_origins import TracedLines, trace_lines
from assistants.tasks import lines
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "A sentence that is long enough to be stored apart. " * 30


def history(cast: Cast, versions: int) -> tuple[Assistant, list[str]]:
    """An assistant, and what its instructions were as of each version."""
    chance, texts = random.Random(3), ["one\ntwo\nthree"]
    assistant = make_assistant(cast.workspace, by=cast.publisher.user, instructions=texts[0])
    for number in range(2, versions + 1):
        found = texts[-1].split("\n")
        found.insert(chance.randrange(len(found)), f"line {number}" + LONG * (number % 3 == 0))
        if number % 4 == 0:
            found = texts[chance.randrange(len(texts))].split("\n")
        if number % 5 == 0:
            found = texts[-1].split("\n")  # another field changes
        texts.append("\n".join(found))
        assistant = change(assistant, instructions=texts[-1], temperature=number % 2)
    return assistant, texts


def expected(texts: list[str]) -> Origins:
    found, old = Origins(), ""
    for version, new in enumerate(texts, 1):
        found = next_origins(found, old, new, version=version)
        old = new
    return found


def kept(assistant: Assistant) -> list[int]:
    rows = LineOrigins.objects.filter(assistant=assistant).order_by("version")
    return list(rows.values_list("version", flat=True))


def traced(assistant: Assistant, version: int, seconds: float = 60) -> TracedLines:
    return trace_lines(assistant=assistant, version=version, seconds=seconds)


def test_each_version_from_the_start_and_from_what_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_origins, "KEPT_EVERY", 4)
    monkeypatch.setattr(line_origins, "VERSIONS_AT_ONCE", 3)
    assistant, texts = history(cast, 14)
    for version in (14, 1, 4, 5, 13, 14, 7):
        found = traced(assistant, version)
        assert found == TracedLines(version, texts[version - 1], expected(texts[:version]), True)
    assert kept(assistant) == [4, 8, 12, 14]
    assistant = change(assistant, instructions="Anew.")
    assert traced(assistant, 15).origins.lines == (15,)
    assert kept(assistant) == [4, 8, 12, 15]


def test_what_the_remote_stored_counts_and_not_what_was_sent(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, instructions="a\nb")
    assistant = change(assistant, instructions="a\nB", stored={"instructions": "a\nother"})
    found = traced(assistant, 2)
    assert (found.text, found.origins.lines) == ("a\nother", (1, 2))


def test_a_long_history_is_traced_in_parts(cast: Cast) -> None:
    assistant, texts = history(cast, 8)
    parts = []
    while not (found := traced(assistant, 8, seconds=0)).is_done:
        parts.append(found.version)
        assert len(parts) < 9
    assert parts == [1, 2, 3, 4, 5, 6, 7]
    assert found.origins == expected(texts)


def test_an_assistant_that_was_never_published_has_no_lines(cast: Cast) -> None:
    assistant = Assistant.objects.create(
        workspace=cast.workspace, connection=cast.workspace.connections.get()
    )
    assert traced(assistant, 0) == TracedLines(0, "", Origins(), True)


def test_the_task_traces_what_is_far_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_BEHIND", 3)
    behind, _ = history(cast, 6)
    near, _ = history(cast, 3)
    assert lines.lines_due.call() == 1
    assert (kept(behind), kept(near)) == ([6], [])
    monkeypatch.setattr(lines, "A_RUN", -1)
    assert lines.lines_due.call() == 0
    change(near, instructions="more")
    with pytest.raises(Later):
        lines.lines_due.call()
