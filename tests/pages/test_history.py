"""The history of an assistant, one revision, and the changes of the whole workspace."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistants.gateway import Refused
from assistants.models import Assistant, Revision
from assistants.services.setup.first_start import create_workspace_with_registry
from assistants.wording import gateway_error
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

CHANGES = "/w/main/changes/"


def address(assistant: Assistant, page: str = "history/") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}"


def foreign(cast: Cast) -> Assistant:
    """An assistant of a workspace in which only the stranger is a member."""
    return make_assistant(create_workspace_with_registry(slug=cast.stranger.workspace.slug))


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def versions(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'name="pick" value="(\d+)"', text)]


def test_a_row_tells_who_did_what_and_why(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.admin.user)
    change(
        assistant,
        by=cast.publisher.user,
        drafter=cast.editor.user,
        note="Customers <asked>",
        model="gpt-5.2",
        instructions="Be kind.\nBe very brief.",
    )
    text = text_of(cast.client("viewer"), address(assistant))
    assert versions(text) == [2, 1]
    for expected in (
        "Model gpt-4o → gpt-5.2; Instructions +1 word",
        "Customers &lt;asked&gt;",
        "Pia",
        "drafted by<bdi>Emil</bdi>",
        "Ada",
        "Created",
    ):
        assert expected in tight(text)
    assert text.count("Live</span>") == 1


def test_every_kind_of_outcome_is_told(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    error = Refused("Invalid 'temperature'.", code="decimal_above_max_value", param="temperature")
    change(assistant, status="rejected", error=error, temperature=1)
    change(assistant, status="not_delivered", temperature=1)
    change(assistant, status="unconfirmed", temperature=1)
    change(assistant, status="pending", temperature=1)
    change(assistant, kind=Revision.Kind.OUTSIDE, temperature=1)
    change(assistant, temperature=2, stored={"temperature": 1.5, "top_p": 0.1})
    text = text_of(cast.client("viewer"), address(assistant))
    for expected in (
        "Refused",
        "Invalid &#x27;temperature&#x27;.",
        "Not delivered",
        "Unconfirmed",
        "Sending",
        "Changed outside",
        "Stored differently",
        "The gateway stored something different in: Temperature, Top-p.",
    ):
        assert expected in text
    assert text.count("Stored differently") == 2, "in the header and in the row"
    assert versions(text) == [3, 2, 1]


def test_what_had_no_effect_is_not_said_to_have_happened(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    change(assistant, kind=Revision.Kind.DELETE, status="not_delivered")
    assert "Not deleted" in text_of(cast.client("viewer"), address(assistant))


def test_actions_of_a_row_depend_on_the_role(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), temperature=1)
    root = address(assistant, "")
    for who in ("viewer", "editor", "publisher"):
        text = text_of(cast.client(who), address(assistant))
        assert f'href="{root}compare/1..live/"' in text
        assert f'href="{root}compare/1..2/"' in text
        assert (f'href="{root}restore/1/"' in text) is (who == "publisher")
        assert f'href="{root}restore/2/"' not in text, "what is live need not be restored"


def test_two_picked_versions_are_compared_older_first(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), temperature=1)
    response = cast.client("viewer").get(address(assistant) + "?pick=8&pick=1")
    assert response.status_code == 302
    assert response["Location"] == address(assistant, "compare/1..8/")


@pytest.mark.parametrize("query", ["?pick=1", "?pick=x&pick=2", "?pick=", f"?pick={'9' * 5000}"])
def test_a_pick_that_makes_no_pair_shows_the_history(cast: Cast, query: str) -> None:
    assistant = make_assistant(cast.workspace)
    assert versions(text_of(cast.client("viewer"), address(assistant) + query)) == [1]


def test_filters_by_person_and_kind(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.admin.user)
    change(assistant, by=cast.publisher.user, drafter=cast.editor.user, temperature=1)
    change(assistant, kind=Revision.Kind.OUTSIDE, temperature=2)
    client = cast.client("viewer")

    def found(query: str) -> list[int]:
        return versions(text_of(client, address(assistant) + query))

    assert found(f"?person={cast.editor.user.pk}") == [2]
    assert found(f"?person={cast.admin.user.pk}") == [1]
    assert found("?kind=outside") == [3]
    assert found("?kind=nonsense") == [3, 2, 1]
    assert found("?person=nobody") == []
    text = text_of(client, address(assistant) + "?kind=restore")
    assert "No changes match these filters" in text


def test_the_filter_offers_whoever_appears_in_the_history(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.admin.user)
    change(assistant, by=cast.stranger.user, drafter=cast.editor.user, temperature=1)
    change(assistant, kind=Revision.Kind.OUTSIDE, temperature=2)
    make_assistant(cast.workspace, by=cast.publisher.user)
    client = cast.client("viewer")
    people = client.get(address(assistant)).context["people"]
    outside = Revision.objects.get(number=3).author_name
    assert {name for _, name in people} == {"Ada", "Sam", "Emil", outside}
    response = client.get(address(assistant), {"person": dict(map(reversed, people))[outside]})
    assert versions(response.content.decode()) == [3]
    assert f'<option value="{outside}" selected>' in response.content.decode()


def test_pages_of_a_long_history(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    for number in range(1, 60):
        change(assistant, temperature=number / 50)
    client = cast.client("viewer")
    first = client.get(address(assistant)).context["page"]
    second = client.get(address(assistant) + first.older).context["page"]
    third = client.get(address(assistant) + second.older).context["page"]
    numbers = [[row.number for row in page.rows] for page in (first, second, third)]
    assert numbers == [
        list(range(60, 35, -1)),
        list(range(35, 10, -1)),
        list(range(10, 0, -1)),
    ]
    assert not first.newer
    assert not third.older
    again = client.get(address(assistant) + second.newer).context["page"]
    assert [row.number for row in again.rows] == numbers[0]


def test_history_as_json(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.admin.user, instructions="x" * 5000)
    change(
        assistant,
        by=cast.publisher.user,
        drafter=cast.editor.user,
        note="Why",
        temperature=1,
        stored={"temperature": 0.5},
    )
    change(assistant, status="pending", temperature=2)
    found = cast.client("viewer").get(address(assistant) + "?format=json").json()
    assert found["next"] is None
    sending, second, first = found["revisions"]
    assert (first["revision"], first["version"], first["author"], first["kind"]) == (
        1,
        1,
        "Ada",
        "create",
    )
    assert first["definition"]["instructions"] == "x" * 5000
    assert second["author"] == "Pia"
    assert second["drafter"] == "Emil"
    assert second["note"] == "Why"
    assert second["outcome"] == "applied"
    assert second["changed"] == ["temperature"]
    assert second["stored_differently"] == ["temperature"]
    assert second["definition"]["temperature"] == 0.5
    assert second["trace_id"].startswith("aa-")
    assert (sending["version"], sending["outcome"], sending["drafter"]) == (None, "pending", None)
    one = cast.client("viewer").get(address(assistant, "history/2/?format=json")).json()
    assert one == second


def test_json_goes_on_where_a_page_ends(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    for number in range(1, 30):
        change(assistant, temperature=number / 50)
    client = cast.client("viewer")
    first = client.get(address(assistant) + "?format=json").json()
    rest = client.get(address(assistant) + first["next"]).json()
    numbers = [row["revision"] for row in first["revisions"] + rest["revisions"]]
    assert numbers == list(range(30, 0, -1))


def test_one_revision_can_be_read_in_full(cast: Cast) -> None:
    parameters = {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Where?", "enum": ["Rome", "Oslo"]}
        },
        "required": ["city"],
    }
    assistant = make_assistant(
        cast.workspace,
        by=cast.admin.user,
        name="Weather",
        instructions="Line <1>\n  indented",
        temperature=0,
        tools=[
            {"type": "function", "function": {"name": "look", "parameters": parameters}},
            {"type": "file_search", "file_search": {"max_num_results": 7}},
            {"type": "mystery", "mystery": {"deep": 1}},
        ],
        tool_resources={"file_search": {"vector_store_ids": ["vs_1"]}},
        metadata={"team": "sky"},
        response_format={"type": "json_schema", "json_schema": {"name": "answer"}},
        something_new={"kept": True},
    )
    text = text_of(cast.client("viewer"), address(assistant, "history/1/"))
    for expected in (
        "Version 1",
        "Line &lt;1&gt;\n  indented",
        "look",
        "Where?",
        "one of: Rome, Oslo",
        "Maximum results: <bdi>7</bdi>",
        "mystery",
        "vs_1",
        "sky",
        "JSON that follows a schema: answer",
        "something_new",
        "<bdi>0</bdi>\n",
    ):
        assert expected in text


def test_a_refused_revision_shows_what_it_wanted(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    change(assistant, status="rejected", error=Refused("No."), temperature=1)
    text = text_of(cast.client("viewer"), address(assistant, "history/2/"))
    assert "What it would have changed" in text
    assert gateway_error("refused", "No.").split(" It said")[0] in text
    assert "Definition that was sent" in text


def test_revisions_of_others_are_not_found(cast: Cast) -> None:
    ours, other = make_assistant(cast.workspace), foreign(cast)
    client = cast.client("viewer")
    assert client.get(address(ours, "history/2/")).status_code == 404
    assert client.get(address(other)).status_code == 404
    assert client.get(address(other, "history/1/")).status_code == 404


def test_changes_of_the_workspace(cast: Cast) -> None:
    first = make_assistant(cast.workspace, by=cast.admin.user, name="Front <desk>")
    change(first, by=cast.publisher.user, note="For the fair", temperature=1)
    change(first, kind=Revision.Kind.OUTSIDE, temperature=2)
    change(first, by=cast.publisher.user, status="rejected", temperature=0)
    change(first, by=cast.publisher.user, status="pending", temperature=0)
    text = text_of(cast.client("viewer"), CHANGES)
    link = f'<a dir="auto" href="{address(first, page="")}">Front &lt;desk&gt;</a>'
    for expected in (
        f'<b dir="auto">Ada</b> created {link}',
        f'<b dir="auto">Pia</b> published {link}',
        f"{link} was changed outside this dashboard",
        f'<b dir="auto">Pia</b> tried to publish {link}',
        f'<b dir="auto">Pia</b> is sending a change to {link}',
        "For the fair",
        "Temperature set to 1",
    ):
        assert expected in text


def test_changes_of_other_workspaces_are_not_told(cast: Cast) -> None:
    make_assistant(cast.workspace, name="Ours only")
    response = cast.client("stranger").get("/w/elsewhere/changes/")
    assert "Ours only" not in response.content.decode()
    assert "No changes yet" in response.content.decode()


def test_pages_of_many_changes(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    for number in range(1, 40):
        change(assistant, temperature=number / 50)
    client = cast.client("viewer")
    first = client.get(CHANGES).context["page"]
    second = client.get(CHANGES + first.older).context["page"]
    numbers = [change.row.number for change in first.changes + second.changes]
    assert numbers == list(range(40, 0, -1))
    assert client.get(CHANGES + second.newer).context["page"].changes[0].row.number == 40


def count(client: Client, path: str) -> tuple[int, list[str]]:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured), [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("page", ["history", "changes"])
def test_more_revisions_cost_no_more_queries_and_load_no_content(cast: Cast, page: str) -> None:
    assistant = make_assistant(cast.workspace, instructions="x" * 5000)
    path = CHANGES if page == "changes" else address(assistant)
    client = cast.client("viewer")
    few, _ = count(client, path)
    for number in range(40):
        change(assistant, instructions=f"{number}" * 5000)
    many, statements = count(client, path)
    assert many == few
    assert many <= 12
    assert not any("assistants_text" in sql for sql in statements)
    rows = [sql for sql in statements if 'FROM "assistants_revision"' in sql]
    assert not any('"assistants_revision"."values"' in sql for sql in rows)


def test_a_history_nobody_has_begun(cast: Cast) -> None:
    assistant = Assistant.objects.create(
        workspace=cast.workspace, connection=make_assistant(cast.workspace).connection
    )
    assert "No history yet" in text_of(cast.client("viewer"), address(assistant))
