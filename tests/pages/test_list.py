"""The list of assistants: what stands in a row, searching, filtering, paging."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistants.definition import Definition
from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Draft
from assistants.selectors import models_of
from assistants.services.connections.saving import write_connection
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.conftest import Cast
from tests.factories import make_workspace
from tests.pages.past import change, make_assistant

LIST = "/w/main/assistants/"


def names(client: Client, query: str = "", **headers: Any) -> list[str]:
    """Return the names in the table, in order."""
    response = client.get(LIST + query, headers=headers)
    assert response.status_code == 200
    return re.findall(r'class="row-link" href="[^"]+">([^<]+)<', response.content.decode())


def page_text(client: Client, query: str = "") -> str:
    return client.get(LIST + query).content.decode()


def test_a_row_says_what_is_worth_knowing(cast: Cast) -> None:
    tools = [{"type": "file_search"}, {"type": "function", "function": {"name": "find"}}]
    make_assistant(
        cast.workspace,
        by=cast.publisher.user,
        name="Order <desk>",
        description="Orders",
        tools=tools,
    )
    text = page_text(cast.client("viewer"))
    for expected in ("Order &lt;desk&gt;", "Orders", "gpt-4o", "File search", "Functions", "Pia"):
        assert expected in text
    assert "just now" in text


def test_the_newest_change_comes_first_or_names_by_alphabet(cast: Cast) -> None:
    first = make_assistant(cast.workspace, name="Zebra")
    make_assistant(cast.workspace, name="Apple")
    client = cast.client("viewer")
    assert names(client) == ["Apple", "Zebra"]
    change(first, temperature=1)
    assert names(client) == ["Zebra", "Apple"]
    assert names(client, "?sort=name") == ["Apple", "Zebra"]


def test_other_workspaces_are_not_listed(cast: Cast) -> None:
    make_assistant(cast.workspace, name="Ours")
    assert names(cast.client("viewer")) == ["Ours"]
    response = cast.client("stranger").get("/w/elsewhere/assistants/")
    assert "Ours" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "excerpt"),
    [
        ("refund", "Say yes to a <mark>refund</mark>."),
        ("refu", "Say yes to a <mark>refund</mark>."),
        ("REFUND yes", "Say <mark>yes</mark> to a <mark>refund</mark>."),
        ("logistics", "team: <mark>logistics</mark>"),
    ],
)
def test_the_line_that_matches_is_shown_with_the_match_marked(
    cast: Cast, query: str, excerpt: str
) -> None:
    make_assistant(
        cast.workspace,
        name="Desk",
        instructions="Be kind.\nSay yes to a refund.\n<b>Never</b> wait.",
        metadata={"team": "logistics"},
    )
    make_assistant(cast.workspace, name="Other")
    text = page_text(cast.client("viewer"), f"?q={query}")
    assert names(cast.client("viewer"), f"?q={query}") == ["Desk"]
    assert excerpt in text


def test_an_id_is_found_too(cast: Cast) -> None:
    wanted = make_assistant(cast.workspace, name="Wanted")
    make_assistant(cast.workspace, name="Other")
    assert names(cast.client("viewer"), f"?q={wanted.remote_id}") == ["Wanted"]


def test_what_stands_in_the_text_is_escaped_around_the_match(cast: Cast) -> None:
    make_assistant(cast.workspace, instructions="<script>alert(1)</script> refund <i>x</i>")
    text = page_text(cast.client("viewer"), "?q=refund")
    assert "&lt;/script&gt; <mark>refund</mark> &lt;i&gt;x" in text


@pytest.mark.parametrize("query", ['"', "'", "a OR", "NEAR(", "*", "(", "%", "\\", "a:b", "&|!"])
def test_no_sign_in_a_search_is_an_error(cast: Cast, query: str) -> None:
    make_assistant(cast.workspace)
    response = cast.client("viewer").get(LIST, {"q": query})
    assert response.status_code == 200


def test_nothing_found_leads_back_to_everything(cast: Cast) -> None:
    make_assistant(cast.workspace)
    assert "No matches" in page_text(cast.client("viewer"), "?q=nowhere")


def test_filters(cast: Cast) -> None:
    elsewhere = write_connection(
        Connection(workspace=cast.workspace),
        name="Production",
        endpoint=Endpoint(profile="openai", base_url="https://x.test/v1"),
        is_default=False,
    )
    plain = make_assistant(cast.workspace, name="Plain")
    make_assistant(cast.workspace, name="Far", connection=elsewhere, model="gpt-5")
    gone = make_assistant(cast.workspace, name="Gone")
    Assistant.objects.filter(pk=gone.pk).update(state="deleted")
    failed = make_assistant(cast.workspace, name="Failed")
    change(failed, status="rejected", temperature=1)
    Draft.objects.create(assistant=plain, user=cast.editor.user, content={"name": "x"})
    client = cast.client("editor")
    assert names(client, "?sort=name") == ["Failed", "Far", "Plain"]
    assert names(client, "?model=gpt-5") == ["Far"]
    assert names(client, f"?connection={elsewhere.pk}") == ["Far"]
    assert names(client, "?status=deleted") == ["Gone"]
    assert names(client, "?status=trouble") == ["Failed"]
    assert names(client, "?status=mine") == ["Plain"]
    assert names(client, "?status=live&q=kind&model=gpt-4o&sort=name") == ["Failed", "Plain"]
    assert len(names(client, "?connection=abc&status=what&sort=odd")) == 3


def test_drafts_are_shown_to_their_person_and_counted_for_others(cast: Cast) -> None:
    row = make_assistant(cast.workspace)
    Draft.objects.create(assistant=row, user=cast.editor.user, content={})
    Draft.objects.create(assistant=row, user=cast.admin.user, content={})
    assert "Your draft" in page_text(cast.client("editor"))
    assert "2 drafts" in page_text(cast.client("publisher"))


@pytest.mark.parametrize("sort", ["changed", "name"])
def test_pages_go_forth_and_back_and_lose_nobody(cast: Cast, sort: str) -> None:
    rows = [make_assistant(cast.workspace, name=f"Number {n // 2:02}") for n in range(60)]
    moment = rows[0].changed_at
    for number, row in enumerate(rows):  # every two share the time of their change
        when = moment + timedelta(seconds=number // 2)
        Assistant.objects.filter(pk=row.pk).update(changed_at=when)
    client, address, seen = cast.client("viewer"), f"{LIST}?sort={sort}", []
    back = []
    while True:
        back.append(address)
        response = client.get(address)
        page = response.context["page"]
        seen += [row.url for row in page.rows]
        if not page.older:
            break
        address = LIST + page.older
    assert len(seen) == len(set(seen)) == 60
    assert len(back) == 3
    previous = client.get(LIST + page.newer).context["page"]
    assert [row.url for row in previous.rows] == seen[25:50]
    first = client.get(LIST + previous.newer).context["page"]
    assert [row.url for row in first.rows] == seen[:25]
    assert not first.newer
    assert f"sort={sort}" in first.older


@pytest.mark.parametrize("place", ["x", "1~x", "1~", "9" * 40, "~", "1~2025-01-01", "1~\x00"])
@pytest.mark.parametrize("sort", ["changed", "name"])
def test_a_place_that_makes_no_sense_is_the_first_page(cast: Cast, place: str, sort: str) -> None:
    make_assistant(cast.workspace)
    client = cast.client("viewer")
    for name in ("after", "before"):
        response = client.get(LIST, {name: place, "sort": sort})
        assert response.status_code == 200


def test_htmx_gets_the_table_alone_and_a_clean_address(cast: Cast) -> None:
    make_assistant(cast.workspace)
    response = cast.client("viewer").get(
        f"{LIST}?q=kind&model=&status=", headers={"HX-Request": "true"}
    )
    text = response.content.decode()
    assert text.strip().startswith('<div id="table">')
    assert "<html" not in text
    assert response["HX-Push-Url"] == f"{LIST}?q=kind"
    assert "HX-Request" in response["Vary"]


def test_going_back_gets_the_whole_page(cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    response = cast.client("viewer").get(LIST, headers=headers)
    assert "<html" in response.content.decode()


@pytest.mark.parametrize(("who", "may"), [("viewer", False), ("editor", True)])
def test_new_is_offered_to_those_who_may(cast: Cast, who: str, may: bool) -> None:
    make_assistant(cast.workspace)
    assert ("New assistant" in page_text(cast.client(who))) is may


def test_an_empty_workspace_says_what_to_do_next(cast: Cast) -> None:
    assert "Bring in assistants" in page_text(cast.client("publisher"))
    assert "stays a draft" in page_text(cast.client("editor"))
    assert "New assistant" not in page_text(cast.client("viewer"))


def queries(client: Client, address: str) -> list[str]:
    client.get(address)  # the first visit may fill caches
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("query", ["", "?q=kind"])
def test_more_rows_cost_no_more_queries_and_load_no_long_text(cast: Cast, query: str) -> None:
    client = cast.client("viewer")
    make_assistant(cast.workspace)
    few = queries(client, LIST + query)
    for number in range(30):
        row = make_assistant(cast.workspace, name=f"Number {number}")
        Draft.objects.create(assistant=row, user=cast.editor.user, content={})
    many = queries(client, LIST + query)
    assert len(many) == len(few)
    assert len(many) <= (9 if query else 8)
    assert not any('"content"' in sql or "assistants_text" in sql for sql in many)


def test_a_definition_that_breaks_every_type_is_listed(cast: Cast) -> None:
    odd = Definition.parse({"name": ["x"], "model": {"a": 1}, "tools": "none", "metadata": 3})
    make_assistant(cast.workspace, **odd.to_dict())
    assert len(names(cast.client("viewer"))) == 1


def test_the_filter_offers_the_models_in_use_here(cast: Cast) -> None:
    for model in ("gpt-5", "gpt-4o", "gpt-5", "", "o3"):
        make_assistant(cast.workspace, model=model)
    elsewhere = create_workspace_with_registry(slug="elsewhere")
    make_assistant(elsewhere, model="theirs")
    assert models_of(cast.workspace) == ["gpt-4o", "gpt-5", "o3"]
    assert models_of(make_workspace()) == []
    assert "<option>gpt-5</option>" in page_text(cast.client("viewer"))


def test_a_text_cannot_leave_a_mark_open(cast: Cast) -> None:
    make_assistant(cast.workspace, instructions="\x02a refund\x02 \x03 b\x03 \x02c")
    text = page_text(cast.client("viewer"), "?q=refund")
    assert "a <mark>refund</mark>" in text
    assert text.count("<mark>") == text.count("</mark>") == 1


def test_a_long_line_is_cut_around_the_match(cast: Cast) -> None:
    make_assistant(cast.workspace, instructions=f"{'before ' * 80}refunds {'after ' * 80}")
    text = page_text(cast.client("viewer"), "?q=refund")
    excerpt = re.search(r'class="sub match">([^\n]*?)</span>', text)
    assert excerpt
    assert "<mark>refunds</mark>" in excerpt[1]
    assert excerpt[1].startswith("…")
    assert excerpt[1].endswith("…")
    assert len(excerpt[1]) < 300


@pytest.mark.parametrize("name", ["", "  ", "\n", "\u00a0", "\u2028", "\u200b\ufeff", "\u202e"])
def test_a_name_that_nobody_sees_gives_way_to_the_id(name: str) -> None:
    assert str(Assistant(name=name, remote_id="asst_1")) == "asst_1"
    assert str(Assistant(name=name)) == "Untitled assistant"
    assert str(Assistant(name=f"{name}é", remote_id="asst_1")) == f"{name}é"
