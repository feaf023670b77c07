"""Restoring fields and single places of an older version: what is ticked, and nothing else."""

from typing import Any

import pytest
from django.http import HttpResponse

from assistants.definition import Definition
from assistants.forms.offered.references import advise_on_functions, advise_on_references
from assistants.models import Assistant, Draft, OfferList
from assistants.selectors.offers import KnownOffers
from assistants.selectors.offers.known import OfferState
from assistants.services.editing.drafts import draft_of
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.pages.schema_form import address, opened, post, text_of
from tests.rights.narrowing import narrowed

pytestmark = pytest.mark.django_db

OLD = "# Tone\nBe kind.\n\n# Refunds\nRefund in 30 days.\n\n# End\nSay goodbye."
NEW = OLD.replace("kind", "brief").replace("30", "10").replace("goodbye", "bye")


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    row = make_assistant(cast.workspace, instructions=OLD, temperature=0)
    return change(row, instructions=NEW, temperature=1, model="gpt-5.2")


def ticks(cast: Cast, assistant: Assistant, follow: bool = False, **fields: str) -> HttpResponse:
    path, client = address(assistant, "restore/1/parts"), cast.client("publisher")
    page = client.get(path)
    assert page.status_code == 200
    answer: Any = client.post(path, {**fields_of(page), **fields}, follow=follow)
    return answer


def draft(cast: Cast, assistant: Assistant) -> Definition:
    found = draft_of(user=cast.publisher.user, assistant=assistant)
    assert found
    return found.definition


@pytest.mark.parametrize(
    ("ticked", "instructions", "temperature"),
    [
        (["pick-instructions-2"], NEW.replace("10", "30"), 1),
        (["pick-instructions-1", "pick-instructions-3"], OLD.replace("30", "10"), 1),
        (["choice-temperature"], NEW, 0),
        (["choice-instructions", "choice-temperature"], OLD, 0),
    ],
)
def test_what_is_ticked_becomes_the_draft_and_the_rest_is_live(
    cast: Cast, assistant: Assistant, ticked: list[str], instructions: str, temperature: float
) -> None:
    answer = ticks(cast, assistant, **dict.fromkeys(ticked, "mine"))
    assert answer["Location"].endswith("/review/?parts=1")
    wanted = draft(cast, assistant)
    assert wanted.value("instructions") == instructions
    assert wanted.value("temperature") == temperature
    assert wanted.value("model") == "gpt-5.2"
    review = text_of(cast.client("publisher").get(answer["Location"]))
    assert "Restores parts of v1." in review


def test_the_page_names_each_place_and_each_field(cast: Cast, assistant: Assistant) -> None:
    page = text_of(cast.client("publisher").get(address(assistant, "restore/1/parts")))
    for text in ("Place 2 of 3", "“Refunds”", "Temperature", "<del>10</del><ins>30</ins>"):
        assert text in page


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({}, 422, "Nothing is ticked."),
        ({"choice-model": "mine", "live": "1"}, 409, "Another version is live by now."),
        ({"pick-instructions-1": "mine", "places-instructions": "x"}, 409, "Another version"),
    ],
)
def test_what_cannot_be_meant_is_asked_again(
    cast: Cast, assistant: Assistant, fields: dict[str, str], status: int, text: str
) -> None:
    answer = ticks(cast, assistant, **fields)
    assert answer.status_code == status
    assert text in text_of(answer)
    assert fields_of(answer).get("choice-model") == fields.get("choice-model")
    assert not Draft.objects.exists()


def test_a_draft_is_replaced_only_after_a_question(cast: Cast, assistant: Assistant) -> None:
    path = address(assistant, "restore/1/parts")
    asked = fields_of(cast.client("publisher").get(path)) | {"choice-model": "mine"}
    post(cast, assistant, opened(cast, assistant, instructions="Mine"), "keep")
    answer = cast.client("publisher").post(path, asked)
    assert answer.status_code == 409
    assert "You have a draft of this assistant" in text_of(answer)
    assert draft(cast, assistant).value("instructions") == "Mine"
    assert cast.client("publisher").post(path, fields_of(answer)).status_code == 303
    assert draft(cast, assistant).value("model") == "gpt-4o"


def test_fields_that_are_not_theirs_are_not_offered(cast: Cast, assistant: Assistant) -> None:
    narrowed(cast, "publisher", assistants=[assistant], fields=["instructions"])
    page = text_of(cast.client("publisher").get(address(assistant, "restore/1/parts")))
    assert 'name="choice-model"' not in page
    assert page.count("You cannot change this.") == 2
    page = text_of(ticks(cast, assistant, follow=True, **{"choice-model": "mine"}))
    assert "You cannot restore this version, because you cannot change Model." in page
    assert ticks(cast, assistant, **{"pick-instructions-1": "mine"}).status_code == 303


def test_a_rewritten_text_is_restored_as_a_whole(cast: Cast) -> None:
    words = "\n".join(f"word {number}" for number in range(20_000))
    row = make_assistant(cast.workspace, instructions=words)
    row = change(row, instructions=words.replace("word", "term"))
    page = cast.client("publisher").get(address(row, "restore/1/parts"))
    assert "pick-instructions" not in text_of(page)
    assert len(page.content) < 250_000
    ticks(cast, row, **{"choice-instructions": "mine"})
    assert draft(cast, row).value("instructions") == words


# What is referred to and no longer there.

WEATHER: dict[str, Any] = {"type": "function", "function": {"name": "get_weather"}}
ASK: dict[str, Any] = {"type": "function", "function": {"name": "ask"}}


def test_a_function_that_the_restored_text_mentions_is_missed(cast: Cast) -> None:
    row = make_assistant(cast.workspace, instructions="Use get_weather.\nBe kind.", tools=[WEATHER])
    row = change(row, instructions="Be kind.", tools=None)
    review = text_of(ticks(cast, row, follow=True, **{"choice-instructions": "mine"}))
    assert "mention the function “get_weather”, which is not among the tools." in review


@pytest.mark.parametrize(
    ("text", "tools", "lost"),
    [
        ("Call get_weather.", [], ["get_weather"]),
        ("Call get_weather.", [WEATHER], []),
        ("Call get_weather_now.", [], []),
        ("Please ask twice.", [], []),
        ("Please `ask` twice, ask(you).", [], ["ask"]),
    ],
)
def test_only_functions_that_are_named_are_missed(
    text: str, tools: list[Any], lost: list[str]
) -> None:
    wanted = Definition.parse({"instructions": text, "tools": tools})
    found = list(advise_on_functions(wanted, Definition.parse({"tools": [WEATHER, ASK]}), None))
    assert len(found) == len(lost)
    assert all(name in text for name, text in zip(lost, found, strict=True))


def test_files_and_stores_that_the_connection_lacks_are_named(cast: Cast) -> None:
    state = OfferState(None, None, "", is_whole=True, suggestions="")
    read = OfferState(None, cast.workspace.created_at, "", is_whole=True, suggestions="")
    offers = KnownOffers(1, False, {"files": read, OfferList.Kind.STORES: state})
    resources = {
        "code_interpreter": {"file_ids": ["file_a"]},
        "file_search": {"vector_store_ids": ["vs_a"]},
    }
    wanted = Definition.parse({"model": "m", "tool_resources": resources})
    assert list(advise_on_references(wanted, offers)) == [
        "Files for the code interpreter: “file_a”. Not among the files of this connection"
    ]
