"""Who wrote each line of the instructions, as of any version."""

import re
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_stretch_says_who_when_and_why(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.admin.user, instructions="Hello.\nBye.")
    change(
        assistant,
        by=cast.publisher.user,
        drafter=cast.editor.user,
        note="Asked by <legal>",
        instructions="Hello.\nNo refunds.\nBye.",
    )
    page = f"/w/main/assistants/{assistant.pk}/"
    client = cast.client("viewer")
    found = client.get(f"{page}lines/").context["page"]
    assert [
        (stretch.author.version, stretch.author.who, [text for _, text in stretch.lines])
        for stretch in found.stretches
    ] == [("v1", "Ada", ["Hello."]), ("v2", "Pia", ["No refunds."]), ("v1", "Ada", ["Bye."])]
    answer = client.get(f"{page}lines/")
    text = tight(answer.content.decode())
    assert "Asked by &lt;legal&gt;" in text
    assert "drafted by" in text
    assert f'href="{page}compare/1..2/"' in answer.content.decode()
    assert f'href="{page}lines/?version=1&amp;line=1#L2"' in answer.content.decode()
    earlier = client.get(f"{page}lines/?version=1").context["page"]
    assert [len(stretch.lines) for stretch in earlier.stretches] == [2]


def test_a_page_shows_so_many_lines(cast: Cast) -> None:
    text = "\n".join(f"line {number}" for number in range(1, 1201))
    assistant = make_assistant(cast.workspace, instructions=text)
    client, address = cast.client("viewer"), f"/w/main/assistants/{assistant.pk}/lines/"
    shown = []
    while address:
        page = client.get(address).context["page"]
        shown += [line for stretch in page.stretches for _, line in stretch.lines]
        assert len(shown) <= 1200
        address = f"/w/main/assistants/{assistant.pk}/lines/{page.older}" if page.older else ""
    assert "\n".join(shown) == text


@pytest.mark.parametrize("query", ["version=0", "version=3", "version=99999999999999999999"])
def test_versions_that_do_not_exist(cast: Cast, query: str) -> None:
    assistant = change(make_assistant(cast.workspace), instructions="Anew.")
    answer = cast.client("viewer").get(f"/w/main/assistants/{assistant.pk}/lines/?{query}")
    assert answer.status_code == (200 if query.endswith("9" * 20) else 404)


def test_without_instructions_the_page_says_so(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, instructions=None)
    answer = cast.client("viewer").get(f"/w/main/assistants/{assistant.pk}/lines/")
    assert "This version has no instructions" in tight(answer.content.decode())


def test_a_history_nobody_has_read_yet_is_read_while_the_page_waits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = import_module("assistants.views.history.line_authors")  # `views.history` is a function
    monkeypatch.setattr(view, "PAGE_SECONDS", 0)
    assistant = make_assistant(cast.workspace)
    for number in range(3):
        change(assistant, instructions=f"Step {number}.")
    client, address = cast.client("viewer"), f"/w/main/assistants/{assistant.pk}/lines/"
    answers = [client.get(address) for _ in range(4)]
    said = [re.findall(r"version (\d) of 4", tight(answer.content.decode())) for answer in answers]
    assert said == [["1"], ["2"], ["3"], []]
    assert f'hx-get="{address}"' in answers[0].content.decode()
    assert "Step 2." in tight(answers[3].content.decode())


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    def queries(count: int) -> int:
        assistant = make_assistant(cast.workspace)
        for number in range(count):
            assistant = change(
                assistant, instructions=f"{assistant.live_version}\n" * number + "end"
            )
        client, address = cast.client("viewer"), f"/w/main/assistants/{assistant.pk}/lines/"
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    assert queries(2) == queries(12)
