"""A remote that fills in documented defaults: noted quietly, and no draft is left of it."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Draft, Outcome, needs_a_look
from assistants.services.editing.drafts import draft_of, new_assistant, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from assistants.services.remote.settle import check_remote, settle_all
from tests.conftest import Cast
from tests.services.conftest import START, Make
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = {name: value for name, value in START.items() if name != "temperature"}
TEMPERATURE = {"field": "temperature", "sent": None, "stored": 1, "kind": "default"}
TOP_P = {"field": "top_p", "sent": None, "stored": 1, "kind": "default"}
FORMAT = {"field": "response_format", "sent": None, "stored": "auto", "kind": "default"}
TOLD = (
    "The gateway filled in its defaults: temperature 1, top-p 1, response format “The gateway"
    " decides”."
)


def like_openai(row: dict[str, Any]) -> dict[str, Any]:
    """What the real API made of fields that were not set."""
    filled = {"temperature": 1.0, "top_p": 1.0, "response_format": "auto"}
    return {name: row.get(name) or value for name, value in filled.items()}


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def begun(cast: Cast, connection: Connection, **fields: Any) -> Assistant:
    wanted = Definition.parse({**PLAIN, **fields})
    return new_assistant(author=cast.publisher, connection=connection, definition=wanted)


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def send(cast: Cast, assistant: Assistant, who: str = "publisher", query: str = "") -> str:
    """Publish the person's draft in a browser, and return the page that follows."""
    client = cast.client(who)
    response = client.post(f"/w/main/assistants/{assistant.pk}/review/{query}", {"note": ""})
    assert response.status_code == 303, text_of(response)
    return text_of(client.get(response["Location"]))


def test_a_new_assistant_with_defaults_filled_in_is_published_without_trouble(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.rewrite = like_openai
    assistant = begun(cast, connection_to)
    page = send(cast, assistant)

    after = fresh(assistant)
    outcome = Outcome.objects.get(assistant=assistant)
    assert outcome.differences == [TEMPERATURE, TOP_P, FORMAT]
    assert (after.trouble, after.state) == ("", "live")
    assert not Draft.objects.exists()
    assert not needs_a_look(outcome.revision, outcome)
    assert live_definition(after) == Definition.parse(like_openai({}) | PLAIN)
    assert list(verify(assistant=after)) == []
    assert f"Published as v1. It is in effect for everyone now. {TOLD}" in page
    for said in ("Stored differently", "something different", "Send again", "as your draft"):
        assert said not in page
    assert page.count(TOLD) == 2, "once as the answer, once in the history"
    assert check_remote(assistant=after).found == "same"


def test_a_cleared_value_that_became_its_default_is_published_without_trouble(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to, top_p=1, response_format="auto")
    remote.rewrite = like_openai
    wanted = live_definition(assistant).replace(temperature=None)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    page = send(cast, assistant)

    assert remote.requests[-1][2] == {"temperature": None}
    assert Outcome.objects.latest("pk").differences == [TEMPERATURE]
    assert fresh(assistant).trouble == ""
    assert not Draft.objects.exists()
    assert "The gateway filled in its default: temperature 1." in page


def test_a_value_that_was_sent_and_came_back_otherwise_stays_trouble_beside_defaults(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.rewrite = lambda row: {**like_openai(row), "top_p": 1}
    assistant = begun(cast, connection_to, top_p=0.3)
    page = send(cast, assistant)

    outcome = Outcome.objects.get(assistant=assistant)
    changed = {"field": "top_p", "sent": 0.3, "stored": 1}
    assert outcome.differences == [TEMPERATURE, changed, FORMAT]
    assert fresh(assistant).trouble == "differs"
    kept = Draft.objects.get(assistant=assistant).definition
    assert kept == Definition.parse({**PLAIN, **like_openai({}), "top_p": 0.3})
    assert (
        "Published as v1, but the gateway stored something different: Top-p. Your text is kept"
        " as your draft."
    ) in page
    assert "The gateway stored something different in: Top-p." in page
    row = cast.client("viewer").get(f"/w/main/assistants/{assistant.pk}/history/1/?format=json")
    assert row.json()["stored_differently"] == ["top_p"]
    assert row.json()["filled_in"] == ["temperature", "response_format"]


def test_what_is_said_of_a_kept_draft_names_whose_it_is(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    remote.rewrite = lambda row: {"temperature": 1}
    wanted = live_definition(assistant).replace(temperature=1.7)
    save_draft(author=cast.editor, assistant=assistant, definition=wanted, base=assistant.live)
    page = send(cast, assistant, query=f"?drafter={cast.editor.user.pk}")
    page = page.replace("\u2068", "").replace("\u2069", "")
    said = "stored something different: Temperature. Emil&#x27;s text is kept as their draft."
    assert said in page


def test_no_draft_is_promised_where_none_is_left(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    remote.rewrite = lambda row: {"metadata": {"team": "support", "by": "gateway"}}
    wanted = live_definition(assistant).replace(instructions="New")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    page = send(cast, assistant)
    assert not Draft.objects.exists()
    assert "Published as v2, but the gateway stored something different: Metadata." in page
    assert "as your draft" not in page


@pytest.mark.slow
def test_only_what_comes_from_a_draft_says_that_the_draft_is_kept(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    client = cast.client("admin")
    remote.blind = True
    answer = client.post(f"/w/main/assistants/{assistant.pk}/delete/", {"note": ""})
    assert "Nothing was sent." in text_of(answer)
    assert "draft is kept" not in text_of(answer)
    wanted = live_definition(assistant).replace(instructions="New")
    save_draft(author=cast.admin, assistant=assistant, definition=wanted, base=assistant.live)
    answer = client.post(f"/w/main/assistants/{assistant.pk}/review/", {"note": ""})
    assert "Nothing was sent, and the draft is kept." in text_of(answer)


def test_what_is_typed_on_meanwhile_is_not_taken_for_a_default(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    """The draft clears what was sent: that is a wish, although what is stored is the default."""
    assistant = published(connection_to, top_p=1, response_format="auto")
    remote.rewrite = like_openai
    wanted = live_definition(assistant).replace(temperature=1)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    remote.fail_next("POST", FaultSpec(applied=True, reset=True, blind=True))
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.status == "unconfirmed"
    later = wanted.replace(temperature=None, instructions="More")
    save_draft(author=cast.publisher, assistant=assistant, definition=later, base=assistant.live)
    remote.blind = False
    check_remote(assistant=fresh(assistant))
    assert Outcome.objects.latest("pk").status == "applied"
    kept = draft_of(user=cast.publisher.user, assistant=assistant)
    assert kept is not None
    assert kept.definition == later


def test_defaults_that_turn_up_later_are_noted_as_filled_in(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    """The answer to the write does not show them yet, the next reading does."""
    assistant = published(connection_to, temperature=None)
    remote.assistants[str(assistant.remote_id)].update(like_openai({}))
    assert check_remote(assistant=assistant).found == "changed"

    after = fresh(assistant)
    outcome = Outcome.objects.latest("pk")
    assert (outcome.revision.kind, outcome.differences) == ("outside", [TEMPERATURE, TOP_P, FORMAT])
    assert (after.trouble, after.live_version) == ("", 2)
    assert not needs_a_look(outcome.revision, outcome)
    assert check_remote(assistant=after).found == "same"
    assert list(verify(assistant=after)) == []
    client = cast.client("publisher")
    for path in (f"/w/main/assistants/{assistant.pk}/history/", "/w/main/"):
        page = text_of(client.get(path))
        assert TOLD in page
        assert "Changed outside" not in page.replace('<option value="outside">Changed outside', "")
        assert "was changed outside" not in page


def test_another_change_beside_late_defaults_is_a_change_outside(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to, temperature=None)
    remote.assistants[str(assistant.remote_id)].update(like_openai({}), instructions="Theirs")
    check_remote(assistant=assistant)
    outcome = Outcome.objects.latest("pk")
    assert (outcome.revision.kind, outcome.differences) == ("outside", [])
    assert fresh(assistant).trouble == "outside"


def test_a_cleared_value_that_arrives_late_as_its_default_is_credited(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to, top_p=1, response_format="auto")
    remote.rewrite = like_openai
    wanted = live_definition(assistant).replace(temperature=None)
    remote.fail_next("POST", FaultSpec(late=True, reset=True))
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.status == "unconfirmed"
    with override_settings(LATE_LANDING_SECONDS=0):
        assert settle_all()["settled"] == 1
        assert fresh(assistant).trouble == "not_delivered"
        remote.land()
        check_remote(assistant=fresh(assistant))

    outcomes = Outcome.objects.filter(revision=result.revision).order_by("pk")
    statuses = [(outcome.status, outcome.differences) for outcome in outcomes]
    assert statuses == [("unconfirmed", []), ("not_delivered", []), ("applied", [TEMPERATURE])]
    assert (fresh(assistant).trouble, fresh(assistant).live_id) == ("", result.revision.pk)


def test_what_somebody_else_changes_is_not_credited_to_a_clearing_that_never_came(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    """The default is there because it was there before."""
    assistant = published(connection_to, temperature=1)
    wanted = live_definition(assistant).replace(temperature=None)
    remote.fail_next("POST", FaultSpec(late=True, reset=True))
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.status == "unconfirmed"
    with override_settings(LATE_LANDING_SECONDS=0):
        assert settle_all()["settled"] == 1
        remote.assistants[str(assistant.remote_id)]["instructions"] = "Theirs"
        check_remote(assistant=fresh(assistant))
    live = fresh(assistant).live
    assert live is not None
    assert (live.kind, fresh(assistant).trouble) == ("outside", "outside")


def test_a_new_assistant_is_recognised_by_what_was_sent_defaults_apart(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    tools = [{"type": "function", "function": {"name": "f"}}]
    filled = [{"type": "function", "function": {"name": "f", "strict": False}}]
    remote.rewrite = lambda row: {**like_openai(row), "tools": filled}
    remote.fail_next("POST", FaultSpec(applied=True, reset=True))
    wanted = Definition.parse({**PLAIN, "tools": tools})
    assistant = new_assistant(author=cast.publisher, connection=connection_to, definition=wanted)
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=None)

    assert (result.status, len(remote.assistants)) == ("applied", 1)
    assert result.outcome is not None
    assert [entry["field"] for entry in result.outcome.filled_in] == [
        "tools",
        "temperature",
        "top_p",
        "response_format",
    ]
    assert fresh(assistant).trouble == ""
    assert not Draft.objects.exists()
    page = text_of(cast.client("viewer").get(f"/w/main/assistants/{assistant.pk}/history/"))
    assert "The gateway filled in its defaults: tools, temperature 1, top-p 1," in page
