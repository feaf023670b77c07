"""What was not chosen in a conflict is kept for who wrote it."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from admin_ui.request.posted import CONTENT_TYPE
from assistants.definition import Definition
from assistants.models import Assistant
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.ledger.reading import live_definition
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


NAMES = ["x\ny", "x\r\ny", "\0", "\ud800", "", " ", '"', '"quoted"', "choice-", "é\u2028", "<b>"]


def test_a_field_of_any_name_can_be_chosen(cast: Cast, assistant: Assistant) -> None:
    """Only a gateway names such fields, and a draft gets them by restoring."""
    mine, theirs = (dict.fromkeys(NAMES, side) for side in ("mine", "theirs"))
    row = change(assistant, **mine)
    wanted = live_definition(row)
    row = change(row, **dict.fromkeys(NAMES, "base"))
    save_draft(author=cast.publisher, assistant=row, definition=wanted, base=row.live)
    change(row, **theirs)
    client, path = cast.client("publisher"), address(assistant, "review")

    page = client.get(path)
    names = dict.fromkeys(re.findall(r'<input type="radio" name="([^"]*)"', page.content.decode()))
    picked = {unescape(name): "mine" for name in names}
    sent = urlencode(as_browser({**fields_of(page), **picked, "action": "resolve"}))
    answer = client.post(path, sent, content_type=CONTENT_TYPE)

    assert answer.status_code == 303
    draft = draft_of(user=cast.publisher.user, assistant=assistant)
    assert draft
    assert {name: draft.definition.value(name) for name in NAMES} == mine
    assert 'name="choice-' not in client.get(path).content.decode()
