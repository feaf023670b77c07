"""Which version brought each word of a line: followed back, whatever happened around it."""

import random
import re

import pytest

from assistants.diff.line_words import find_former
from assistants.models import Assistant
from assistants.services.history.line_origins import trace_lines
from assistants.services.history.line_words import trace_words
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

pytestmark = pytest.mark.django_db


def words_of(assistant: Assistant, number: int, seconds: float = 60) -> list[tuple[str, int]]:
    version = assistant.live_version or 0
    traced = trace_lines(assistant=assistant, version=version, seconds=60)
    return trace_words(
        assistant=assistant,
        line=traced.text.split("\n")[number - 1],
        version=traced.origins.lines[number - 1],
        seconds=seconds,
    )


@pytest.fixture
def refunds(cast: Cast) -> Assistant:
    row = make_assistant(
        cast.workspace, by=cast.admin.user, instructions="Be kind.\nRefund in 30 days."
    )
    row = change(row, by=cast.publisher.user, instructions="Be kind.\nRefund in 10 days.")
    row = change(row, temperature=1)
    row = change(row, instructions="# New\nBe kind.\nRefund in 10 days, after asking.")
    return change(row, instructions="# New\nRefund in 10 days, after asking.\nBe kind.")


def test_each_word_belongs_to_the_version_that_brought_it(refunds: Assistant) -> None:
    assert words_of(refunds, 2) == [
        ("Refund in ", 1), ("10", 2), (" days", 1), (", after asking", 4), (".", 1),
    ]  # fmt: skip
    assert words_of(refunds, 1) == [("# New", 4)]
    assert words_of(refunds, 3) == [("Be kind.", 1)]


def test_what_is_not_found_in_time_is_said_to_be_unknown(refunds: Assistant) -> None:
    assert words_of(refunds, 2, seconds=0) == [("Refund in 10 days, after asking.", 0)]


def test_the_page_shows_the_words_of_the_line_that_was_asked_about(
    cast: Cast, refunds: Assistant
) -> None:
    client, page = cast.client("viewer"), f"/w/main/assistants/{refunds.pk}/lines/"
    plain = client.get(page).content.decode()
    assert "by-version" not in plain
    (link,) = re.findall(r'<td class="number" id="L2"><a href="([^"]+)">2</a>', plain)
    shown = tight(client.get(page + link.replace("&amp;", "&")).content.decode())
    assert '<span class="by-version">10<sup>v2</sup></span>' in shown
    assert re.search(r'<ul class="word-authors.*compare/1\.\.2/">v2<.*<bdi>Pia</bdi>.*</ul>', shown)
    assert client.get(f"{page}?words=9").status_code == 200


def test_a_line_that_is_new_was_made_of_no_other() -> None:
    old, new = ["Be kind.", "Sell."], ["Be kind.", "Refund in 30 days.", "Sell."]
    assert find_former(old, new, "Refund in 30 days.") is None
    assert find_former(["Tell a joke."], ["Refund in 30 days."], "Refund in 30 days.") is None
    assert (
        find_former(["a b c", "Refund in 3 days."], ["Refund in 9 days."], "Refund in 9 days.") == 1
    )


@pytest.mark.parametrize("seed", range(3))
def test_words_that_name_their_version_are_found_in_it(cast: Cast, seed: int) -> None:
    """Each word is written once, and names the version that did it."""
    chance = random.Random(seed)
    lines = [[f"v1w{line}x{word}" for word in range(6)] for line in range(8)]
    row = make_assistant(cast.workspace, instructions="\n".join(map(" ".join, lines)))
    for version in range(2, 16):
        line = chance.choice(lines)
        line[chance.randrange(len(line))] = f"v{version}w"
        if chance.random() < 0.4:
            line.insert(chance.randrange(len(line)), f"v{version}n")
        if chance.random() < 0.3:
            lines.insert(chance.randrange(len(lines)), [f"v{version}l{n}" for n in range(6)])
        row = change(row, instructions="\n".join(map(" ".join, lines)))
    for number, line in enumerate(lines, 1):
        found = words_of(row, number)
        assert "".join(text for text, _version in found) == " ".join(line)
        for text, version in found:
            assert {int(v) for v in re.findall(r"v(\d+)", text)} <= {version}
