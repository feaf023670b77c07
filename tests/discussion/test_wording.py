"""How a discussion is said: every reason, places, and comments within their time."""

import pytest

from assistants.definition import LIMITS
from assistants.diff.following.anchors import LineRange
from assistants.models import ThreadStep
from assistants.services.change_requests.refusals import Why
from assistants.wording.talk.discussion import (
    DONE,
    TALK_REFUSALS,
    accepted_text,
    comment_html,
    place_label,
    refusal_text,
    suggestion_html,
)
from assistants.wording.talk.mentions import find_mentions


def test_every_reason_and_every_step_has_its_words() -> None:
    assert set(TALK_REFUSALS) == {why.value for why in Why}
    assert set(DONE) == {kind.value for kind in ThreadStep.Kind} - {*ThreadStep.SAID}
    assert f"{LIMITS.note:,}" in refusal_text("long")
    assert f"{LIMITS.suggestion:,}" in refusal_text("long_suggestion")
    assert "%(" not in "".join(map(refusal_text, TALK_REFUSALS))


def test_places() -> None:
    assert place_label("", None) == "The whole change"
    assert place_label("temperature", None) == "Temperature"
    assert place_label("of_theirs", None) == "of_theirs"
    assert place_label("instructions", LineRange(1_200, 1_200)) == "Instructions, line 1,200"
    assert place_label("instructions", LineRange(2, 4)) == "Instructions, lines 2–4"


def test_what_was_accepted() -> None:
    assert accepted_text(1, 0) == "1 suggestion is in your draft now."
    assert accepted_text(2, 1) == (
        "2 suggestions are in your draft now. 1 was left, because its lines have changed."
    )
    assert accepted_text(0, 2) == "2 were left, because their lines have changed."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ask @Pia.", '<p dir="auto">Ask <b>@Pia</b>.</p>\n'),
        ("Ask @pia *@Pia*", '<p dir="auto">Ask <b>@pia</b> <em><b>@Pia</b></em></p>\n'),
        ("`@Pia` a@Pia @Pias", '<p dir="auto"><code>@Pia</code> a@Pia @Pias</p>\n'),
        ("# A *b*\n\nc", '<p dir="auto"><strong>A <em>b</em></strong></p>\n<p dir="auto">c</p>\n'),
        ("@R&D <i>", '<p dir="auto"><b>@R&amp;D</b> &lt;i&gt;</p>\n'),
    ],
)
def test_mentions_are_marked(text: str, html: str) -> None:
    assert comment_html(text, ["Pia", "R&D"], seconds=1) == html


def test_without_time_left_a_comment_is_shown_as_it_was_written() -> None:
    assert comment_html("*a*\n<b>", [], seconds=-1) == (
        '<p class="prose" dir="auto">*a*\n&lt;b&gt;</p>'
    )


def test_a_suggestion_marks_its_words() -> None:
    assert suggestion_html("Be kind.", "Be <very> kind.") == "Be <ins>&lt;very&gt; </ins>kind."


def test_the_longest_name_is_meant() -> None:
    found = [match[0] for match in find_mentions("@Ann Lee, @ann, @Anna", ["Ann", "Ann Lee"])]
    assert found == ["@Ann Lee", "@ann"]
    assert not list(find_mentions("@", ["", "x"]))
