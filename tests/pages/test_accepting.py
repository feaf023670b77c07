"""What was stored differently or changed outside is shown until somebody accepts it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Acceptance, Assistant, Revision
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.trouble import address, page, put_in, text_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


# Stored differently


@pytest.fixture
def differing(cast: Cast) -> Assistant:
    """Pia wanted a temperature of 1.7 and other instructions; the gateway made other ones of it."""
    assistant = make_assistant(cast.workspace)
    stored = {"temperature": 1, "instructions": "Be kind.\nBe short.", "metadata": {"old": "x"}}
    about = {"temperature": 1.7, "instructions": "Be kind.\nBe terse."}
    return change(assistant, by=cast.publisher.user, stored=stored, **about)


def test_the_revision_names_the_fields_and_both_values(cast: Cast, differing: Assistant) -> None:
    text = page(cast, "viewer", differing, "history/2/")
    section = text[text.index('id="stored"') :]
    for expected in (
        "Stored differently by the gateway",
        "Temperature",
        '<del dir="auto">1.7</del>',
        '<ins dir="auto">1</ins>',
        "<del>terse</del><ins>short</ins>",
        '<ins dir="auto">x</ins>',
    ):
        assert expected in section
    assert 'id="stored"' not in page(cast, "viewer", differing, "history/1/")
    row = cast.client("viewer").get(address(differing, "history/2/?format=json")).json()
    assert row["sent"]["instructions"] == "Be kind.\nBe terse."
    assert row["definition"]["instructions"] == "Be kind.\nBe short."
    assert (row["sent"]["temperature"], row["definition"]["temperature"]) == (1.7, 1)
    assert row["accepted_by"] is None
    first = cast.client("viewer").get(address(differing, "history/1/?format=json")).json()
    assert first["sent"] is None


@pytest.mark.parametrize("state", ["differs", "outside"])
def test_lists_point_at_it_until_somebody_accepts(cast: Cast, state: str) -> None:
    assistant = make_assistant(cast.workspace)
    put_in(state, cast, assistant)
    chip = {"differs": "Stored differently", "outside": "Changed outside"}[state]
    client = cast.client("viewer")
    trouble = "/w/main/assistants/?status=trouble"
    assert chip in text_of(client.get(trouble))
    assert "Needs attention" in text_of(client.get("/w/main/"))

    publisher = cast.client("publisher")
    response = publisher.post(address(assistant, "history/2/accept/"))

    assert response["Location"] == address(assistant, "history/2/")
    assert "Accepted. The live version stays as it is." in text_of(
        publisher.get(response["Location"])
    )
    assert "No matches" in text_of(client.get(trouble))
    assert "Needs attention" not in text_of(client.get("/w/main/"))
    for path in ("history/", "history/2/"):
        text = page(cast, "publisher", assistant, path)
        assert re.search(r"(Accepted )?by Pia,\s+<time", text)
        assert "accept/" not in text
        assert "send-again/" not in text
    row = client.get(address(assistant, "history/2/?format=json")).json()
    assert row["accepted_by"] == "Pia"


def test_accepting_twice_and_accepting_nothing_do_no_harm(cast: Cast, differing: Assistant) -> None:
    for who in ("publisher", "admin"):
        cast.client(who).post(address(differing, "history/2/accept/"))
    assert Acceptance.objects.get().name == "Pia"
    client = cast.client("publisher")
    response = client.post(address(differing, "history/1/accept/"))
    assert "There is nothing to accept here." in text_of(client.get(response["Location"]))
    assert Acceptance.objects.count() == 1


def test_acceptances_cost_the_history_no_more_queries(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    client = cast.client("viewer")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(path))
        return len(captured)

    paths = (address(assistant), address(assistant, "history/?format=json"), "/w/main/changes/")
    few = [cost(path) for path in paths]
    for number in range(12):
        row = change(assistant, temperature=number / 50, stored={"top_p": 0.5 + number / 50})
        if number % 2:
            person = cast.publisher.user
            Acceptance.objects.create(revision=row.live, user=person, name="Pia")
    Assistant.objects.update(trouble="")
    many = [cost(path) for path in paths]
    assert many == few


# Changed outside


def test_an_outside_change_is_dated_by_its_discovery_and_shown(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), by=cast.publisher.user, temperature=1)
    change(assistant, kind=Revision.Kind.OUTSIDE, instructions="Be kind.\nBe rude.")
    history = page(cast, "viewer", assistant)
    assert len(re.findall(r"detected\s+<time", history)) == 1
    text = page(cast, "viewer", assistant, "history/3/")
    assert "<dt>Detected</dt>" in text
    assert "What changed outside" in text
    assert "<del>brief</del><ins>rude</ins>" in text
    ours = page(cast, "viewer", assistant, "history/2/")
    assert "<dt>When</dt>" in ours
    assert "What changed outside" not in ours
    assert "detected" in text_of(cast.client("viewer").get("/w/main/changes/"))
    link = f'href="{address(assistant, "compare/2..3/")}"'
    assert link in page(cast, "editor", assistant)
