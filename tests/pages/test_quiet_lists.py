"""Lists say what there is to do and no more, and show as many rows as a person likes."""

import re

import pytest
from django.test import Client

from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Draft
from assistants.services.connections.saving import write_connection
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

HOME = "/w/main/"
LIST = "/w/main/assistants/"
CHOOSE = "/account/choose/"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return re.sub("[\u2066-\u2069]", "", response.content.decode())


def states(client: Client) -> list[str]:
    cells = re.findall(r'<td class="state">(.*?)</td>', text_of(client, LIST), re.S)
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


def test_a_row_has_a_status_only_where_something_is_to_do(cast: Cast) -> None:
    make_assistant(cast.workspace, name="A")
    change(make_assistant(cast.workspace, name="B"), status="rejected", temperature=1)
    drafted = make_assistant(cast.workspace, name="C")
    Draft.objects.create(assistant=drafted, user=cast.editor.user, content={})
    gone = make_assistant(cast.workspace, name="D")
    Assistant.objects.filter(pk=gone.pk).update(state="missing")
    Assistant.objects.update(changed_at=gone.changed_at)  # so the newest row is first
    assert states(cast.client("editor")) == ["Missing", "Your draft", "Refused", ""]
    assert states(cast.client("publisher")) == ["Missing", "1 draft", "Refused", ""]


def test_a_history_names_no_status_of_what_went_well(cast: Cast) -> None:
    row = make_assistant(cast.workspace)
    change(row, temperature=1)
    change(row, status="not_delivered", temperature=2)
    text = text_of(cast.client("viewer"), f"{LIST}{row.pk}/history/")
    cells = re.findall(r'<td class="state">(.*?)</td>', text, re.S)
    assert [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells] == ["Not delivered", "", ""]


def test_the_connection_has_a_column_where_there_are_several(cast: Cast) -> None:
    make_assistant(cast.workspace)
    client = cast.client("viewer")
    assert "Built-in registry" not in text_of(client, LIST)
    far = write_connection(
        Connection(workspace=cast.workspace),
        name="Production",
        endpoint=Endpoint(profile="openai", base_url="https://x.test/v1"),
        is_default=False,
    )
    make_assistant(cast.workspace, connection=far)
    cells = re.findall(r'<td class="place"><bdi>(.*?)</bdi>', text_of(client, LIST))
    assert cells == ["Production", "Built-in registry"]
    fragment = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert len(re.findall('<td class="place">', fragment)) == 2


def test_filters_are_counted_and_each_can_be_taken_off(cast: Cast) -> None:
    make_assistant(cast.workspace, model="gpt-5")
    client = cast.client("viewer")
    plain = text_of(client, LIST)
    assert '<span class="count">' not in plain
    assert "Filters that are on" not in plain
    text = tight(text_of(client, f"{LIST}?q=kind&model=gpt-5&status=live&connection=x&sort=name"))
    assert '<span class="count">2<' in text
    assert 'href="?q=kind&amp;status=live&amp;connection=x&amp;sort=name"' in text
    assert 'href="?q=kind&amp;model=gpt-5&amp;connection=x&amp;sort=name"' in text
    assert "Model:<bdi>gpt-5</bdi>" in text
    assert "Status:<bdi>Live</bdi>" in text


def test_htmx_gets_the_count_beside_the_table(cast: Cast) -> None:
    make_assistant(cast.workspace)
    answer = cast.client("viewer").get(f"{LIST}?status=live", headers={"HX-Request": "true"})
    text = tight(answer.content.decode())
    assert '<span id="filter-count" hx-swap-oob="true"><span class="count">1<' in text


def test_the_filters_of_a_history_are_counted_too(cast: Cast) -> None:
    row = make_assistant(cast.workspace, by=cast.admin.user)
    client, page = cast.client("viewer"), f"{LIST}{row.pk}/history/"
    text = tight(text_of(client, f"{page}?person={cast.admin.user.pk}&kind=create"))
    assert '<span class="count">2<' in text
    assert "Person:<bdi>Ada</bdi>" in text
    assert f'href="?person={cast.admin.user.pk}"' in text
    assert '<span class="count">' not in text_of(client, f"{page}?kind=nonsense")


def test_a_row_of_the_history_compares_with_the_version_before(cast: Cast) -> None:
    row = change(make_assistant(cast.workspace), temperature=1)
    text = tight(text_of(cast.client("viewer"), f"{LIST}{row.pk}/history/"))
    link = f'<a class="button quiet small" href="{LIST}{row.pk}/compare/1..2/">Compare<'
    assert text.count(link) == 1


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_how_high_rows_are_is_chosen_for_oneself(cast: Cast, who: str) -> None:
    make_assistant(cast.workspace)
    client, other = cast.client(who), cast.client("stranger")
    here = f"{LIST}?q=kind"
    assert "data-density" not in text_of(client, here)
    answer = client.post(CHOOSE, {"density": "compact", "next": here})
    assert (answer.status_code, answer["Location"]) == (303, here)
    assert 'data-density="compact"' in text_of(client, here)
    assert "data-density" not in text_of(other, "/w/elsewhere/assistants/")
    client.post(CHOOSE, {"density": "comfortable"})
    assert "data-density" not in text_of(client, here)


@pytest.mark.parametrize("form", [{}, {"density": "huge"}, {"is_owner": "1"}, {"theme": "\x00"}])
def test_nothing_else_can_be_chosen(cast: Cast, form: dict[str, str]) -> None:
    assert cast.client("viewer").post(CHOOSE, form).status_code == 400
    cast.viewer.user.refresh_from_db()
    assert (cast.viewer.user.density, cast.viewer.user.theme) == ("comfortable", "")


def test_a_choice_leads_to_pages_of_this_site_only(cast: Cast) -> None:
    form = {"density": "compact", "next": "https://evil.test/"}
    assert cast.client("viewer").post(CHOOSE, form)["Location"] == "/"


def test_what_waits_has_its_author_its_size_and_a_button(cast: Cast) -> None:
    row = make_assistant(cast.workspace, name="Desk")
    more = {"field": "", "kind": "more", "count": 3}
    changes = [{"field": "top_p", "kind": "added", "old": None, "new": 0.5}, more]
    Draft.objects.create(
        assistant=row, user=cast.editor.user, base=row.live, content={}, changes=changes
    )
    begun = Assistant.objects.create(
        workspace=cast.workspace, connection=row.connection, name="Begun", state="draft"
    )
    Draft.objects.create(assistant=begun, user=cast.editor.user, content={})
    mine, theirs = (tight(text_of(cast.client(who), HOME)) for who in ("editor", "publisher"))
    review = f"{LIST}{row.pk}/review/?drafter={cast.editor.user.pk}"
    for text in (mine, theirs):
        assert "4 fields" in text
        assert "Emil" in text
        assert '<span class="size">New</span>' in text
    assert f'<a class="button small" href="{LIST}{row.pk}/edit/">Continue<' in mine
    assert f'<a class="button small" href="{review}">Review<' in theirs
    assert theirs.index("Drafts by others") < theirs.index("Latest changes")
