"""What was not chosen in a conflict is kept for who wrote it."""

import re

import pytest

from assistants.definition import Definition
from assistants.models import Assistant
from assistants.services.drafts import draft_of, save_draft
from assistants.services.outside import live_definition
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import as_browser, fields_of
from tests.pages.schema_form import address, text_of

pytestmark = pytest.mark.django_db

ODD = {"type": "function", "function": {"name": "f", "parameters": {"x": 1}, "odd": [1]}}
MINE = {"instructions": "Mine\nand mine", "tools": [ODD], "temperature": 1}


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    """One of which Emil has a draft, and Pia has published something else since."""
    row = make_assistant(cast.workspace)
    wanted = live_definition(row).replace(**MINE)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    return change(row, by=cast.publisher.user, instructions="Theirs", tools=None, model="gpt-5")


def choose(cast: Cast, assistant: Assistant, who: str, **choices: str) -> Definition:
    """Pick sides on the page of the conflict; returns Emil's draft as it is then."""
    path = address(assistant, "review") + f"?drafter={cast.editor.user.pk}"
    client = cast.client(who)
    fields = fields_of(client.get(path))
    picked = {f"choice-{name}": side for name, side in choices.items()}
    assert client.post(path, {**fields, **picked, "action": "resolve"}).status_code == 303
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    return draft.definition


def offered(cast: Cast, assistant: Assistant) -> list[str]:
    page = text_of(cast.client("editor").get(address(assistant)))
    return re.findall(r'href="[^"]*edit/(\?typed=\d+)"', page)


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_a_text_that_was_given_up_is_offered_and_taken_back(
    cast: Cast, assistant: Assistant, who: str
) -> None:
    draft = choose(cast, assistant, who, instructions="theirs")
    assert draft.value("instructions") == "Theirs"

    client = cast.client("editor")
    shown = fields_of(client.get(address(assistant)), address(assistant))
    assert shown["instructions"] == "Theirs", "the draft as it is now is what the editor shows"
    [query] = offered(cast, assistant)
    kept = fields_of(client.get(address(assistant) + query), address(assistant))
    assert kept["instructions"] == MINE["instructions"]
    client.post(address(assistant), {**as_browser(kept), "action": "draft", "replace": "1"})

    again = draft_of(user=cast.editor.user, assistant=assistant)
    assert again
    assert {name: again.definition.value(name) for name in MINE} == MINE
    assert not offered(cast, assistant)


def test_what_was_kept_or_merged_is_not_offered(cast: Cast, assistant: Assistant) -> None:
    draft = choose(cast, assistant, "publisher", instructions="mine")

    assert {name: draft.value(name) for name in MINE} == MINE
    assert draft.value("model") == "gpt-5"
    assert not offered(cast, assistant)
