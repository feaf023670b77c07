"""Pages of an assistant that is far over the limits read little of it, and nothing of it is lost.

The limit is a small one here, so that what is far over it is quickly made.
"""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.models import Workspace
from assistants.definition import LIMITS, Definition, StoredContent
from assistants.models import Assistant, Connection, Draft, Revision, ShownDraft, Text, begun, text
from assistants.selectors.versions import both_sides
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.editing.merging import conflict_of, resolve
from assistants.services.editing.restore import restore_as_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.syncing.jobs import sync
from tests.conftest import Cast
from tests.hostile.old_rows import old_assistant, old_change, old_draft
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.upstream import Upstream

SIZE = 30_000
HUGE: dict[str, dict[str, Any]] = {
    "instructions": {"instructions": "Be kind. Grüß Gott.\n" * 3_000},
    "unknown": {f"x{number:05}": f"value {number}" for number in range(3_000)},
    "one unknown": {"extra": ["Be kind."] * 5_000},
    "metadata": {"metadata": {f"k{number:05}": f"value {number}" for number in range(3_000)}},
    "tools": {"tools": [{"type": "function", "function": {"name": f"f{n}"}} for n in range(1_500)]},
    "knowledge": {"tool_resources": {"file_search": {"ids": [f"vs_{n:09}" for n in range(4_000)]}}},
}
CUT = "so only the beginning is shown."


@pytest.fixture(autouse=True)
def _small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begun, "LIMITS", replace(LIMITS, size=SIZE))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters of long values were read as values, one by one."""
    sizes: list[int] = []
    loads = json.loads

    def note(source: Any, **options: Any) -> Any:
        sizes.append(len(source))
        return loads(source, **options)

    monkeypatch.setattr("json.loads", note)
    return sizes


def root(assistant: Assistant) -> str:
    return f"/w/main/assistants/{assistant.pk}/"


def get(client: Client, assistant: Assistant, page: str) -> str:
    response = client.get(root(assistant) + page)
    assert response.status_code == 200, (page, response.status_code)
    return str(response.content.decode())


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def post_form(client: Client, assistant: Assistant, **typed: str) -> None:
    address = root(assistant) + "edit/"
    fields = fields_of(client.get(address), address)
    response = client.post(address, {**fields, **typed, "action": "review"})
    assert response.status_code == 303, response.content.decode()


PAGES = [
    "edit/",
    "history/1/",
    "history/2/",
    "compare/1..2/",
    "compare/live..draft/",
    "restore/1/",
    "delete/",
    "review/",
    "discard/",
    "?q=kind",
]


@pytest.mark.parametrize("kind", list(HUGE))
def test_pages_read_little_and_show_the_beginning(cast: Cast, kind: str, read: list[int]) -> None:
    assistant = change(make_assistant(cast.workspace, **HUGE[kind]), temperature=0.5)
    client = cast.client("admin")
    get(client, assistant, "edit/")
    post_form(client, assistant, temperature="0.7")
    read.clear()
    pages = {page: get(client, assistant, page) for page in PAGES}
    assert max(read) <= SIZE
    for page in ("edit/", "history/1/", "history/2/", "delete/", "?q=kind"):
        assert CUT in pages[page], page
    for page in ("compare/1..2/", "compare/live..draft/", "restore/1/", "review/", "discard/"):
        assert "Temperature" in pages[page]
        assert CUT not in pages[page], page  # of what is shown: that did not change


def test_a_comparison_shows_the_beginning_of_what_changed(cast: Cast, read: list[int]) -> None:
    changed = {**HUGE["unknown"], "x00001": "other", "x02999": "other"}
    assistant = make_assistant(cast.workspace, **HUGE["unknown"], **HUGE["metadata"])
    assistant = change(assistant, **changed, metadata={"k": "v"})
    read.clear()
    page = get(cast.client("viewer"), assistant, "compare/1..2/")
    assert max(read) <= SIZE
    assert "Metadata" in page
    assert CUT in page
    assert "x00001" in page
    assert "x02999" not in page
    assert "And possibly others that this dashboard does not know." in page


@pytest.mark.parametrize("path", ["edit/", "history/2/", "compare/1..2/", "restore/1/", "delete/"])
def test_rows_of_before_are_read_as_far(
    cast: Cast, workspace: Workspace, read: list[int], path: str
) -> None:
    """Their unknown fields are all in the row."""
    assistant = old_assistant(workspace, name="Old", model="gpt-4o", **HUGE["unknown"])
    assistant = old_change(assistant, temperature=1, stored={"x00000": "mine"})
    client = cast.client("admin")
    read.clear()
    page = get(client, assistant, path)
    assert max(read, default=0) <= SIZE
    assert "Old" in page
    if path in ("edit/", "history/2/", "delete/"):
        assert "that this dashboard does not know. The first 80 are shown." in page


@pytest.mark.parametrize("kind", list(HUGE))
def test_all_of_it_can_be_had(cast: Cast, kind: str) -> None:
    assistant = change(make_assistant(cast.workspace, **HUGE[kind]), temperature=0.5)
    whole = live_definition(assistant)
    sides = both_sides(Revision.objects.filter(assistant=assistant))
    assert sides[assistant.live_id].stored == whole
    client = cast.client("admin")
    found = client.get(root(assistant) + "history/2/?format=json").json()
    assert found["definition"] == json.loads(json.dumps(whole.to_dict()))
    page = client.get(root(assistant) + "history/?format=json").json()
    assert page["revisions"][0]["definition"] == found["definition"]
    both = client.get(root(assistant) + "compare/1..2/?format=json").json()
    assert (both["changed"], both["new"]["definition"]) == (["temperature"], found["definition"])
    assert client.post(root(assistant) + "duplicate/").status_code == 303
    copy = Draft.objects.get().definition
    assert copy == whole.replace(name=copy.value("name"))


@pytest.mark.parametrize("kind", list(HUGE))
def test_a_row_of_before_is_whole(workspace: Workspace, kind: str) -> None:
    fields = HUGE["unknown"] if kind == "unknown" else {**HUGE["unknown"], "name": "Old"}
    assistant = old_assistant(workspace, **fields)
    whole = live_definition(assistant)
    found = both_sides([assistant.live])[assistant.live.pk].stored  # type: ignore[union-attr, list-item]
    assert (found, found.digest, found.to_dict()) == (whole, whole.digest, whole.to_dict())
    assert list(verify(assistant=assistant)) == []


def test_texts_that_do_not_compress_are_read_whole_within_the_limits(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun, "PACKED", 1_000)
    noise = random.Random(1)
    letters = "".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(2 * SIZE))
    for length, is_long in ((2_000, False), (SIZE - 1_600, False), (SIZE, True), (2 * SIZE, True)):
        wanted = Definition.parse({"instructions": letters[:length], "model": "m" * 1_500})
        values, texts, bodies = text.split(wanted)
        text.keep_texts(bodies)
        found = begun.fetch_beginnings(texts.values())
        read = begun.join_beginnings(json.dumps(values), texts, found)
        assert isinstance(read.content(), StoredContent) is is_long, length
        assert read.to_dict() == wanted.to_dict()


def test_many_texts_are_too_much_together(db: None) -> None:
    parts = {name: name * (SIZE // 8) for name in ("aaa", "bbb", "ccc", "ddd", "eee")}
    wanted = Definition.parse({"instructions": "i" * (SIZE // 2), **parts})
    texts, bodies = {}, {}
    for name, value in wanted.to_dict().items():  # as rows of before hold them
        one = text.split(Definition.parse({"instructions": value}))
        texts[name], bodies = one[1]["instructions"], {**bodies, **one[2]}
    text.keep_texts(bodies)
    read = begun.join_beginnings("{}", texts, begun.fetch_beginnings(texts.values()))
    kept = read.content()
    assert isinstance(kept, StoredContent)
    assert kept.excerpt().cut == {"bbb", "ccc", "ddd", "eee"}
    assert read.to_dict() == wanted.to_dict()


# Drafts.


@pytest.mark.parametrize("kind", list(HUGE))
def test_a_draft_refers_to_what_the_history_holds(cast: Cast, kind: str) -> None:
    assistant = make_assistant(cast.workspace, **HUGE[kind])
    texts, client = Text.objects.count(), cast.client("admin")
    wanted = live_definition(assistant).replace(temperature=0.7)
    post_form(client, assistant, temperature="0.7")
    draft = draft_of(user=cast.admin.user, assistant=assistant)
    assert draft is not None
    assert len(json.dumps(draft.content)) < 300
    assert (draft.definition, draft.shown, draft.digest) == (wanted, wanted, wanted.digest)
    assert [entry["field"] for entry in draft.changes] == ["temperature"]
    get(client, assistant, "edit/")
    shown = ShownDraft.objects.get()
    assert (shown.definition, shown.digest) == (wanted, wanted.digest)
    assert len(json.dumps(shown.content)) < 300
    post_form(client, assistant, temperature="0.8")
    draft.refresh_from_db()
    assert draft.definition == wanted.replace(temperature=0.8)
    assert Text.objects.count() == texts


def test_a_draft_keeps_what_no_history_holds(cast: Cast) -> None:
    """Many saves of a long text leave nothing behind, since `Text` never forgets."""
    assistant = make_assistant(cast.workspace, **HUGE["metadata"])
    texts, wanted = Text.objects.count(), live_definition(assistant)
    for number in range(3):
        typed = f"{number} is more.\n" * 4_000
        draft = save_draft(
            author=cast.editor,
            assistant=assistant,
            definition=wanted.replace(instructions=typed),
            base=assistant.live,
        )
        draft.refresh_from_db()
        assert draft.content["instructions"] == typed
        assert list(draft.texts) == ["metadata"]
        assert draft.definition == wanted.replace(instructions=typed)
    assert Text.objects.count() == texts


def test_a_draft_of_before_holds_all_of_it(cast: Cast, workspace: Workspace) -> None:
    assistant = old_assistant(workspace, name="Old", **HUGE["unknown"])
    draft = old_draft(assistant, cast.admin.user, temperature=1)
    wanted = live_definition(assistant).replace(temperature=1)
    assert (draft.texts, draft.digest, draft.known_digest) == ({}, "", wanted.digest)
    assert draft.definition == draft.shown == wanted
    client = cast.client("admin")
    assert "1 field changed" in get(client, assistant, "edit/")
    post_form(client, assistant, temperature="0.5")
    draft.refresh_from_db()
    assert draft.definition == wanted.replace(temperature=0.5)


def test_a_draft_that_is_within_the_limits_is_as_before(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, instructions="Be kind. " * 1_000)
    post_form(cast.client("admin"), assistant, temperature="0.7")
    draft = Draft.objects.get()
    assert draft.texts == {}
    assert draft.content == live_definition(assistant).replace(temperature=0.7).to_dict()


def test_a_draft_says_at_once_what_it_has_taken_up(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, **HUGE["tools"])
    wanted = live_definition(assistant)
    draft = save_draft(
        author=cast.admin, assistant=assistant, definition=wanted, base=assistant.live
    )
    assert draft.definition == draft.shown == wanted
    draft.hold(begun.refer(wanted.replace(name="Other")))
    assert draft.definition == draft.shown == wanted.replace(name="Other")


@pytest.mark.parametrize("kind", list(HUGE))
def test_saving_a_form_brings_back_what_it_does_not_show(cast: Cast, kind: str) -> None:
    assistant = make_assistant(cast.workspace, **HUGE[kind])
    held, client = live_definition(assistant), cast.client("admin")
    post_form(client, assistant, name="Other", temperature="0.7", description="More")
    wanted = held.replace(name="Other", temperature=0.7, description="More")
    assert Draft.objects.get().definition.to_dict() == wanted.to_dict()
    post_form(client, assistant, name="Support", temperature="", description="")
    assert not Draft.objects.exists()


def test_saving_a_form_reads_values_once(cast: Cast, read: list[int]) -> None:
    """Only the digest of what is saved takes all of it."""
    assistant = make_assistant(cast.workspace, **HUGE["metadata"])
    client, address = cast.client("admin"), root(assistant) + "edit/"
    fields = fields_of(client.get(address), address)
    read.clear()
    response = client.post(address, {**fields, "temperature": "0.7", "action": "keep"})
    assert response.status_code == 200
    assert len([size for size in read if size > SIZE]) == 1


def test_what_is_typed_over_a_long_value_replaces_it(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, **HUGE["instructions"], **HUGE["knowledge"])
    held, client = live_definition(assistant), cast.client("admin")
    post_form(client, assistant, instructions="Be brief.", vector_store_ids="vs_1")
    resources = held.value("tool_resources")
    resources["file_search"]["vector_store_ids"] = ["vs_1"]
    wanted = held.replace(instructions="Be brief.", tool_resources=resources)
    assert Draft.objects.get().definition == wanted


def test_a_long_response_format_can_be_taken_away(cast: Cast) -> None:
    schema = {"name": "s", "schema": {"description": "d" * 2 * SIZE}}
    wanted = {"type": "json_schema", "json_schema": schema}
    assistant = make_assistant(cast.workspace, response_format=wanted)
    held, client = live_definition(assistant), cast.client("admin")
    post_form(client, assistant, temperature="0.7")
    assert Draft.objects.get().definition == held.replace(temperature=0.7)
    post_form(client, assistant, temperature="", response_format="")
    assert Draft.objects.get().definition == held.replace(response_format=None)
    post_form(client, assistant, response_format="text")
    assert Draft.objects.get().definition == held.replace(response_format={"type": "text"})


# What is written.


@pytest.mark.parametrize("kind", list(HUGE))
def test_merging_and_restoring_drop_nothing(cast: Cast, kind: str) -> None:
    assistant = make_assistant(cast.workspace, **HUGE[kind])
    first = live_definition(assistant)
    post_form(cast.client("admin"), assistant, temperature="0.7")
    assistant = change(assistant, name="Renamed outside")
    draft = draft_of(user=cast.admin.user, assistant=assistant)
    assert draft is not None
    conflict = conflict_of(draft)
    assert conflict is not None
    merged = resolve(author=cast.admin, draft=draft, conflict=conflict)
    assert merged.definition == first.replace(name="Renamed outside", temperature=0.7)
    old = Revision.objects.get(assistant=assistant, number=1)
    restored = restore_as_draft(author=cast.admin, assistant=assistant, revision=old)
    restored.refresh_from_db()
    assert restored.definition == first
    assert restored.definition.to_dict() == first.to_dict()


@pytest.mark.django_db(transaction=True)
def test_publishing_and_recreating_drop_nothing(
    connection_to: Connection, remote: Upstream, cast: Cast
) -> None:
    made = remote.add(name="Support", **HUGE["instructions"], **HUGE["one unknown"])
    sync(connections=[connection_to])
    assistant = Assistant.objects.get(connection=connection_to)
    held = Definition.parse(remote.assistants[made["id"]])
    client = cast.client("admin")
    post_form(client, assistant, temperature="0.5")
    review = root(assistant) + "review/"
    response = client.post(review, {**fields_of(client.get(review)), "note": "Warmer"})
    assert response.status_code == 303, response.content.decode()
    sent = [body for method, _path, body in remote.requests if method == "POST"]
    assert sent == [{"temperature": 0.5}]
    wanted = held.replace(temperature=0.5)
    assert Definition.parse(remote.assistants[made["id"]]) == wanted
    assert live_definition(fresh(assistant)) == wanted
    assert not Draft.objects.exists()

    response = client.post(root(assistant) + "delete/", {"note": ""})
    assert response.status_code == 303
    assert made["id"] not in remote.assistants
    assert CUT in get(client, assistant, "recreate/")
    response = client.post(root(assistant) + "recreate/", {"note": ""})
    assert response.status_code == 303, response.content.decode()
    (again,) = remote.assistants.values()
    assert Definition.parse(again) == wanted
    assert list(verify(assistant=fresh(assistant))) == []


def test_a_page_of_a_large_assistant_costs_one_query_more_at_most(cast: Cast) -> None:
    client, counts = cast.client("admin"), []
    for fields in ({"instructions": "Be kind. " * 1_000}, HUGE["one unknown"]):
        assistant = change(make_assistant(cast.workspace, **fields), temperature=0.5)
        post_form(client, assistant, temperature="0.7")
        get(client, assistant, "edit/")
        with CaptureQueriesContext(connection) as captured:
            for page in PAGES:
                get(client, assistant, page)
        counts.append(len(captured))
    assert counts[1] - counts[0] <= len(PAGES), counts
