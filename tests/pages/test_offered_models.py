"""What the editor and the review say about a model, from the connection's own list."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.forms.advising.advice import advise
from assistants.forms.offered.models import advise_on_model
from assistants.models import Assistant, Connection, OfferList
from assistants.selectors.offers import offers_of
from assistants.services.connections.offers import refresh_offers
from tests.conftest import Cast
from tests.pages.conftest import Make
from tests.pages.editing import address, keep, open_form
from tests.pages.offering import MODELS, asked_behind, offering
from tests.pages.reviewing import text_of, write_draft
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def editor(cast: Cast, assistant: Assistant) -> str:
    return text_of(cast.client("editor").get(address(assistant)))


@pytest.mark.parametrize(
    ("today", "model", "fields", "expected"),
    [
        ("2026-11-27", "gpt-4o", {"temperature": 1, "top_p": 1}, []),
        (
            "2026-11-27",
            "gpt-5",
            {},
            ["“gpt-5” retires on 11 Dec 2026. Change to “gpt-5.2” before that day."],
        ),
        ("2026-09-11", "gpt-5", {}, []),
        (
            "2026-09-12",
            "gpt-5",
            {},
            ["“gpt-5” retires on 11 Dec 2026. Change to “gpt-5.2” before that day."],
        ),
        (
            "2026-12-11",
            "gpt-5",
            {},
            ["“gpt-5” retired on 11 Dec 2026, so requests may fail. Change to “gpt-5.2” now."],
        ),
        (
            "2026-11-27",
            "gone",
            {},
            ["“gone” retired on 26 Aug 2026, so requests may fail. Choose another model now."],
        ),
        (
            "2026-11-27",
            "thinker",
            {"temperature": 0, "top_p": 0.5, "reasoning_effort": "low"},
            [
                "“thinker” does not take: Temperature, Top-p. Clear what it does not take, or"
                " choose another model."
            ],
        ),
        ("2026-11-27", "thinker", {"reasoning_effort": "none", "tools": []}, []),
        ("2026-11-27", "", {}, []),
        ("2026-11-27", 7, {}, []),
    ],
)
def test_what_is_said_about_a_model(
    connection_to: Connection,
    remote: Upstream,
    today: str,
    model: Any,
    fields: dict[str, Any],
    expected: list[str],
) -> None:
    offering(remote, connection_to)
    definition = Definition.parse({"model": model, **fields})
    offers = offers_of(connection_to, [str(model)])
    told = advise_on_model(definition, offers, date.fromisoformat(today))
    assert told == expected


def test_an_unlisted_model_is_named_with_when_the_list_was_read(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to, model="gtp-4o")
    assert "does not list" not in editor(cast, assistant), "no list was read yet"
    offering(remote, connection_to)
    OfferList.objects.update(read_at=datetime(2026, 11, 27, 2, 20, tzinfo=UTC))
    page = editor(cast, assistant)
    assert "gtp-4o” (list read 27 Nov 2026, 02:20 UTC). Check the spelling" in page
    notice = page[page.index('id="notice_model"') :]
    assert "This connection does not list" in notice[: notice.index("</div>")]
    assert 'aria-describedby="help_model notice_model"' in page


@pytest.mark.parametrize("fault", [{"status": 404}, {"status": 500}, {"body": "<p>Hello"}])
def test_a_list_that_was_not_read_says_nothing(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream, fault: dict[str, Any]
) -> None:
    assistant = published(connection_to, model="gtp-4o")
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(**fault))
    refresh_offers(connection=connection_to)
    page = editor(cast, assistant)
    assert "does not list" not in page
    assert 'id="models"' in page


def test_a_list_that_was_cut_says_nothing_of_what_it_may_have(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to, model="gtp-4o")
    offering(remote, connection_to)
    OfferList.objects.update(is_whole=False)
    assert "does not list" not in editor(cast, assistant)


def test_listed_models_are_suggested_beside_those_in_use_at_most_200(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to, model="our <own>")
    offering(remote, connection_to)
    page = editor(cast, assistant)
    suggested = page[page.index('<datalist id="models">') : page.index("</datalist>")]
    for name in ("gpt-4o", "gpt-5", "thinker", "our &lt;own&gt;"):
        assert f'<option value="{name}"></option>' in suggested
    assert "gone" not in suggested
    remote.models = [{"id": f"m{number}"} for number in range(9000)]
    OfferList.objects.all().delete()
    refresh_offers(connection=connection_to)
    page = editor(cast, assistant)
    assert page[: page.index("</datalist>")].count("<option value=") == 200


def test_autosave_says_it_at_the_field_and_takes_it_back(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    offering(remote, connection_to)
    client = cast.client("editor")
    fields = open_form(client, assistant)
    told = text_of(keep(client, address(assistant), fields, model="gpt-5"))
    assert "retires on 11 Dec 2026" in told
    told = text_of(keep(client, address(assistant), fields, model="gpt-4o", noticed="model"))
    assert "retires" not in told
    assert 'id="notice_model" hx-swap-oob="innerHTML"' in told


def test_typed_text_is_always_allowed_and_the_review_says_it_too(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    offering(remote, connection_to)
    write_draft(cast.publisher, assistant, model="no such model")
    client = cast.client("publisher")
    page = text_of(client.get(address(assistant, "review")))
    assert "This connection does not list “no such model”" in page
    sent = client.post(address(assistant, "review"), {"note": ""})
    assert sent.status_code == 303
    assert Assistant.objects.get(pk=assistant.pk).model == "no such model"


def test_the_page_asks_no_gateway_and_its_fragment_does_without_a_worker(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to, model="gpt-5")
    remote.models = [*MODELS]
    remote.requests.clear()
    page = editor(cast, assistant)
    assert remote.requests == []
    told = text_of(asked_behind(cast, page, {"model": "gpt-5"}))
    paths = [path for _method, path, _body in remote.requests]
    assert paths == ["/v1/models", "/v1/files", "/v1/vector_stores?limit=100"]
    assert '<datalist id="models" hx-swap-oob="innerHTML"><option value="gpt-4o">' in told
    assert "retires on 11 Dec 2026" in told
    assert "load delay" not in told
    assert "try=" not in editor(cast, assistant), "the lists are fresh now"


def test_a_gateway_that_says_nothing_costs_the_fragment_a_bounded_time(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_CHECK_DEADLINE = 0.3
    assistant = published(connection_to)
    page = editor(cast, assistant)
    remote.silent = True
    told = text_of(asked_behind(cast, page, {"model": "x"}))
    remote.silent = False
    assert "does not list" not in told
    assert OfferList.objects.get(kind="models").failure == "timed_out"


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("viewer", 403), ("editor", 200), ("admin", 200)]
)
def test_who_may_ask(
    cast: Cast, connection_to: Connection, who: str, status: int, remote: Upstream
) -> None:
    path = f"/w/main/connections/{connection_to.pk}/offers/"
    assert cast.client(who).post(path, {}).status_code == status
    assert remote.requests == []


def test_another_connection_of_a_new_assistant_is_asked_instead(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    offering(remote, connection_to)
    registry = cast.workspace.connections.get(profile="registry")
    path = f"/w/main/connections/{registry.pk}/offers/"
    told = text_of(
        cast.client("editor").post(path, {"connection": str(connection_to.pk), "model": "x"})
    )
    assert "This connection does not list “x”" in told
    assert 'value="thinker"' in told


def test_an_effort_and_a_temperature_exclude_each_other() -> None:
    def told(**fields: Any) -> list[str]:
        return [entry.text for entry in advise(Definition.parse({"model": "m", **fields}))]

    assert told(reasoning_effort="low", temperature=0.5, top_p=0.5)[-1] == (
        "Reasoning models refuse these settings: Temperature, Top-p. Clear them, or set the"
        " reasoning effort to “Not set”."
    )
    assert told(reasoning_effort="none", temperature=1) == []
    assert told(reasoning_effort="low") == []
