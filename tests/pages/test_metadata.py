"""Metadata: keys that a workspace describes, and suggestions of what is in use."""

import json
import time
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from admin_ui.audit.models import AuditEvent
from assistants.definition import LIMITS
from assistants.models import Assistant, MetadataKey, MetadataUse
from assistants.selectors.shared.metadata import suggested_keys, suggested_values
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import draft_of
from assistants.services.editing.metadata_keys import describe_key
from assistants.services.errors import Invalid
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.pages.schema_form import address, post, text_of

pytestmark = pytest.mark.django_db

KEYS = "/w/main/metadata/"
SUGGESTIONS = f"{KEYS}suggestions/"


def describe(cast: Cast, name: str = "team", help: str = "", *allowed: str) -> MetadataKey:
    return describe_key(author=cast.admin, key=None, name=name, help=help, allowed=allowed)


def section(response: HttpResponse) -> str:
    return text_of(response).split('id="metadata"')[1].split("</section>")[0]


def test_what_is_in_use_follows_each_change(cast: Cast) -> None:
    row = make_assistant(cast.workspace, metadata={"team": "support", "cost": "1"})
    make_assistant(cast.workspace, metadata={"team": "sales"})
    assert suggested_keys(cast.workspace) == ["cost", "team"]
    assert suggested_values(cast.workspace, "team") == ["sales", "support"]
    row = change(row, metadata={"team": "support", "owner": "Ada"}, name="Renamed")
    row = change(row, name="Renamed again")
    assert suggested_keys(cast.workspace) == ["owner", "team"]
    assert suggested_values(cast.workspace, "cost") == []
    change(row, metadata=None)
    assert suggested_keys(cast.workspace) == ["team"]


def test_what_a_gateway_holds_is_noted_within_the_limits(cast: Cast) -> None:
    metadata: dict[str, Any] = {f"k{n:02}": "v" for n in range(40)}
    odd = {"": "x", "n" * 65: "x", "a": 1, "b": None, "c": "v" * 513, "d": "", "e": "\0\ud800"}
    make_assistant(cast.workspace, metadata=odd | metadata)
    assert MetadataUse.objects.count() == LIMITS.metadata_pairs
    make_assistant(cast.workspace, metadata=["no object"])


def test_suggestions_are_options_and_nobodys_markup(cast: Cast) -> None:
    make_assistant(cast.workspace, metadata={'<b>"': "<i>", "team": "support"})
    describe(cast, "team", "", "sales")
    client = cast.client("editor")
    assert client.get(SUGGESTIONS).content.decode() == (
        '<option value="team"><option value="&lt;b&gt;&quot;">'
    )
    values = client.get(SUGGESTIONS, {"metadata-3-key": "team"})
    assert values.content.decode() == '<option value="sales"><option value="support">'
    assert client.get(SUGGESTIONS, {"metadata-3-key": "\0"}).content == b""
    assert cast.client("viewer").get(SUGGESTIONS).status_code == 403
    assert cast.client("stranger").get(SUGGESTIONS).status_code == 404
    assert cast.client("stranger").get("/w/elsewhere/metadata/suggestions/").content == b""


def test_no_more_than_fifty_are_suggested(cast: Cast) -> None:
    for number in range(60):
        make_assistant(cast.workspace, metadata={f"key {number:02}": "x", "team": f"{number:02}"})
    assert len(suggested_keys(cast.workspace)) == 50
    assert len(suggested_values(cast.workspace, "team")) == 50


def test_suggestions_of_ten_thousand_assistants_take_no_time(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    rows = Assistant.objects.bulk_create(
        Assistant(workspace=cast.workspace, connection=registry, name=f"A{n}")
        for n in range(10_000)
    )
    MetadataUse.objects.bulk_create(
        MetadataUse(workspace=cast.workspace, assistant=row, key=f"key{n % 3}", value=f"v{n % 40}")
        for n, row in enumerate(rows)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for look in (
        lambda: suggested_keys(cast.workspace),
        lambda: suggested_values(cast.workspace, "key1"),
    ):
        assert look()
        spent = min(_time(look) for _ in range(5))
        assert spent < 0.02


def _time(look: Any) -> float:
    before = time.thread_time()
    look()
    return time.thread_time() - before


def test_described_keys_come_first_with_help_and_values(cast: Cast) -> None:
    row = make_assistant(cast.workspace, metadata={"a": "1", "team": "suport"})
    client = cast.client("publisher")
    before = section(client.get(address(row)))
    assert "wanted-keys" not in before
    describe(cast, "team", "Which <team> owns it.", "support", "sales")
    describe(cast, "zone", "Where it is used.")

    page = section(client.get(address(row)))

    assert page.index('value="team"') < page.index('value="a"')
    assert "Which &lt;team&gt; owns it." in client.get(address(row)).content.decode()
    assert '<option value="support"></option><option value="sales"></option>' in page
    assert "This workspace uses these values: support, sales. You can keep yours." in page
    assert 'value="add-metadata:zone"' in page
    assert 'value="add-metadata:team"' not in page, "it has a row already"


def test_a_wanted_key_gets_a_row_without_script_and_other_values_are_kept(cast: Cast) -> None:
    row = make_assistant(cast.workspace, metadata={"a": "1"})
    describe(cast, "team", "", "support")
    client = cast.client("publisher")
    form = fields_of(client.get(address(row)), address(row))

    added = post(cast, row, form, "add-metadata:team")

    fields = fields_of(added, address(row))
    [key] = [name for name in fields if name.endswith("-key") and fields[name] == "team"]
    assert draft_of(user=cast.publisher.user, assistant=row) is None, "nothing is saved by it"
    value = key.replace("-key", "-value")
    assert post(cast, row, {**fields, value: "my own"}, "draft").status_code == 303
    draft = draft_of(user=cast.publisher.user, assistant=row)
    assert draft
    assert draft.definition.value("metadata") == {"a": "1", "team": "my own"}


def test_a_new_assistant_shows_them_too(cast: Cast) -> None:
    describe(cast, "team", "Which team owns it.")
    page = section(cast.client("editor").get("/w/main/assistants/new/"))
    assert "Which team owns it." in page
    assert 'value="add-metadata:team"' in page


def test_the_editor_takes_one_query_more_at_most(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    row = make_assistant(cast.workspace, metadata={"team": "support"})
    client = cast.client("publisher")
    client.get(address(row))
    for number in range(LIMITS.metadata_pairs):
        describe(cast, f"k{number}")
    with django_assert_max_num_queries(14) as counted:
        client.get(address(row))
    assert sum("metadatakey" in query["sql"] for query in counted) == 1
    assert not any("metadatause" in query["sql"] for query in counted)


def test_an_admin_describes_changes_and_removes_a_key(cast: Cast) -> None:
    client = cast.client("admin")
    new = f"{KEYS}new/"
    typed = {"name": "team", "help": "Which team.", "allowed": " support \r\n\r\nsales\r\nsales"}
    assert client.post(new, typed).status_code == 303
    key = MetadataKey.objects.get()
    assert (key.name, key.help, key.allowed) == ("team", "Which team.", ["support", "sales"])
    listed = text_of(client.get(KEYS))
    assert "Values: support, sales" in listed

    edit = f"{KEYS}{key.pk}/edit/"
    fields = fields_of(client.get(edit))
    assert fields == {"name": "team", "help": "Which team.", "allowed": "support\nsales"}
    assert client.post(edit, {**fields, "allowed": ""}).status_code == 303
    assert "Any value" in text_of(client.get(KEYS))
    row = make_assistant(cast.workspace, metadata={"team": "x"})
    assert client.post(f"{KEYS}{key.pk}/remove/").status_code == 303
    assert client.post(f"{KEYS}{key.pk}/remove/").status_code == 404
    assert suggested_values(row.workspace, "team") == ["x"]
    events = AuditEvent.objects.filter(kind="metadata_key").order_by("pk")
    assert [(event.about, event.actor_name) for event in events] == [
        ("team", cast.admin.user.email)
    ] * 3
    assert json.dumps(events.last().details if events else {}) == '{"removed": true}'


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "team"}, "This key is described already."),
        ({"name": "n" * 65}, "at most 64 characters"),
        ({"name": "x", "help": "h" * 201}, "at most 200 characters"),
        ({"name": "x", "allowed": "\n".join(map(str, range(51)))}, "Name at most 50 values."),
        ({"name": "x", "allowed": "v" * 513}, "This is too long."),
    ],
)
def test_what_is_wrong_stays_typed(cast: Cast, typed: dict[str, str], error: str) -> None:
    describe(cast)
    answer = cast.client("admin").post(f"{KEYS}new/", typed)
    assert answer.status_code == 422
    assert error in text_of(answer)
    assert typed.items() <= fields_of(answer).items()


def test_as_many_as_an_assistant_can_have(cast: Cast) -> None:
    for number in range(LIMITS.metadata_pairs):
        describe(cast, f"k{number}")
    with pytest.raises(Invalid):
        describe(cast, "one more")


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("editor", 403), ("publisher", 403), ("stranger", 404)],
)
def test_others_describe_nothing(cast: Cast, who: str, status: int) -> None:
    key = describe(cast)
    client = cast.client(who)
    for page in ("new/", f"{key.pk}/edit/", f"{key.pk}/remove/"):
        assert client.post(f"{KEYS}{page}", {"name": "x"}).status_code == status
    assert client.get(KEYS).status_code == (404 if who == "stranger" else 200)
    for page in (f"{key.pk}/edit/", f"{key.pk}/remove/"):
        answer = cast.client("stranger").post(f"/w/elsewhere/metadata/{page}", {"name": "x"})
        assert answer.status_code == 404
