"""Nobody can make a page of others slow, or a history large for good, by what they write.

The rows of before the limits stay as they are: pages open fast all the same, and show them cut.
Sizes and queries are counted here, and no time is taken.
"""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.models import Workspace
from assistants.definition import LIMITS, PAGE_LIMITS, Definition, changed_fields, value
from assistants.gateway import RemoteAssistant
from assistants.models import Assistant, Connection, Draft, Revision, Text, text
from assistants.registry import store
from assistants.selectors.history import history_of
from assistants.selectors.one_assistant import get_assistant
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import lock_assistant
from assistants.services.ledger.verify import verify
from assistants.services.remote import journal
from assistants.services.remote.late import late_landing, record_late_arrival
from assistants.services.remote.observe import observe
from assistants.services.syncing.jobs import sync
from assistants.views.history import as_json
from tests.conftest import Cast
from tests.factories import make_api_key
from tests.hostile.old_rows import old_assistant, old_change, old_draft
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.registry.calls import by_key
from tests.upstream import Upstream

FEW = 100_000
"""Bytes that a page with bounded contents stays below."""
MANY: dict[str, Any] = {f"x{number:05}": f"value {number}" for number in range(5_000)}
HOME, LIST, CHANGES = "/w/main/", "/w/main/assistants/", "/w/main/changes/"


def root(assistant: Assistant) -> str:
    return f"{LIST}{assistant.pk}/"


def get(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


@pytest.fixture
def monster(workspace: Workspace) -> Assistant:
    """An assistant of before the limits: a quiet version, one of everything, and another."""
    assistant = old_assistant(workspace, name="Old", model="gpt-4o")
    old_change(assistant, note="why not " * 100_000, **MANY)
    return old_change(
        assistant, temperature=1, stored={name: f"{value}!" for name, value in MANY.items()}
    )


# What lists show.


@pytest.mark.parametrize("path", [HOME, LIST, CHANGES, "history/"])
def test_lists_neither_read_nor_show_what_is_of_any_size(
    cast: Cast, monster: Assistant, path: str
) -> None:
    old_draft(monster, cast.publisher.user, **dict.fromkeys(MANY, "z"))
    client = cast.client("publisher")
    with CaptureQueriesContext(connection) as captured:
        page = get(client, path if path.startswith("/") else root(monster) + path)
    assert len(page) < FEW
    assert 4_999 not in (page.count("x0"), page.count("value"))
    assert len(captured) <= 20
    for column in ("values", "texts", "changes", "note", "differences"):
        for table in ("revision", "outcome", "draft"):
            name = f'"assistants_{table}"."{column}"'
            for query in captured:
                bare = query["sql"].replace(f"SUBSTRING({name}", "(").replace(f"SUBSTR({name}", "(")
                assert name not in bare.partition(" FROM ")[0], (path, name)


def test_a_long_list_of_fields_is_told_in_one_line(cast: Cast, monster: Assistant) -> None:
    rows = history_of(monster, {}).rows
    assert rows[1].summary.startswith("X00000 set to value 0; x00001 set to value 1; ")
    assert rows[1].summary.endswith("x00011 set to value 11; and many more fields")
    assert len(rows[1].note) == LIMITS.note
    assert rows[1].note.startswith("why not why not")
    assert rows[1].note.endswith("…")
    assert rows[0].reason.startswith("The gateway stored something different in: x00000, x00001")
    assert rows[0].reason.endswith(", many more fields.")
    assert len(rows[0].reason) < 2_000


def test_a_new_one_says_how_many(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, **MANY)
    change(assistant, **dict.fromkeys(MANY, "other"))
    revision = Revision.objects.get(assistant=assistant, number=2)
    assert len(revision.changes) == PAGE_LIMITS.fields + 1
    assert revision.changes[-1] == {"field": "", "kind": "more", "count": 4_920}
    summary = history_of(assistant, {}).rows[0].summary
    assert summary.endswith("x00011 value 11 → other; and 4,988 more fields")
    stored = change(assistant, temperature=1, stored=dict.fromkeys(MANY, "mine"))
    reason = history_of(stored, {}).rows[0].reason
    assert reason.endswith("x00079, 4,920 more fields.")


# Pages of the assistant itself.


@pytest.mark.parametrize(
    "path",
    [
        "edit/",
        "history/2/",
        "history/3/",
        "compare/1..2/",
        "compare/2..live/?view=sides",
        "restore/1/",
        "delete/",
        "check/?base=1",
        "check/?seen=1-1-live--",
        "history/3/send-again/",
        "review/",
    ],
)
def test_pages_show_it_cut(cast: Cast, monster: Assistant, path: str) -> None:
    old_draft(monster, cast.admin.user, **dict.fromkeys(MANY, "z"))
    page = get(cast.client("admin"), root(monster) + path)
    assert len(page) < 2 * FEW
    assert page.count("value 499") <= 2


@pytest.mark.parametrize("path", ["edit/", "history/2/", "compare/1..2/", "delete/", "restore/1/"])
def test_pages_do_not_walk_through_what_is_stored(
    cast: Cast, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """It was brought into its one form before it was stored."""
    assistant = make_assistant(workspace)
    change(assistant, x=[{"a": 1}] * 5_000, metadata={f"k{n}": "v" for n in range(5_000)})
    walked: list[object] = []
    walk = value.copy_json

    def note(part: Any, level: int = 1) -> Any:
        walked.append(part)
        return walk(part, level)

    monkeypatch.setattr(value, "copy_json", note)
    get(cast.client("admin"), root(assistant) + path)
    assert len(walked) < 100


def test_a_page_says_that_it_is_cut_and_where_all_of_it_is(cast: Cast, monster: Assistant) -> None:
    client = cast.client("admin")
    sentence = "has 5,000 fields that this dashboard does not know. The first 80 are shown."
    for path in ("edit/", "history/2/", "delete/"):
        page = get(client, root(monster) + path)
        assert sentence in page
        assert "Download the full JSON." in page
    assert f'href="{root(monster)}history/3/?format=json"' in get(client, root(monster) + "edit/")
    whole = client.get(root(monster) + "history/2/?format=json").json()
    assert whole["definition"] == {"name": "Old", "model": "gpt-4o", **MANY}
    assert len(whole["note"]) == 800_000
    compared = get(client, root(monster) + "compare/1..2/")
    assert "And 4,920 more fields that this dashboard does not know." in compared
    both = client.get(root(monster) + "compare/1..2/?format=json").json()
    assert len(both["changed"]) == 5_000


def test_one_json_page_of_a_history_is_bounded(
    cast: Cast, monster: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_json, "CHARACTERS_A_PAGE", 150_000)
    client, seen, pages = cast.client("viewer"), [], 0
    address = root(monster) + "history/?format=json"
    while address:
        found = client.get(address).json()
        seen += [row["revision"] for row in found["revisions"]]
        assert len(json.dumps(found)) < 330_000
        address = root(monster) + f"history/{found['next']}" if found["next"] else ""
        pages += 1
    assert (seen, pages) == ([3, 2, 1], 2)
    assert all(0 < len(row["changed"]) <= PAGE_LIMITS.fields for row in found["revisions"])
    assert all(all(row["changed"]) for row in found["revisions"]), "only fields are named"


@pytest.mark.django_db(transaction=True)
def test_editing_and_publishing_drop_nothing(cast: Cast) -> None:
    """Over the real registry, which holds more unknown fields than it would take today."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistants.definition.checks.bulk._MEASURES", ())
        _key, secret = make_api_key(cast.workspace)
        made = by_key(secret).create(name="Many", **MANY)
    assistant = Assistant.objects.get(remote_id=made["id"])
    client = cast.client("admin")
    address = root(assistant) + "edit/"
    fields = fields_of(client.get(address), address)
    response = client.post(address, {**fields, "temperature": "0.5", "action": "review"})
    assert response.status_code == 303
    review = root(assistant) + "review/"
    response = client.post(review, {**fields_of(client.get(review)), "note": "Warmer"})
    assert response.status_code == 303
    assistant.refresh_from_db()
    assert assistant.live_version == 2
    held = by_key(secret).retrieve(made["id"])
    assert held["temperature"] == 0.5
    assert {name: held[name] for name in MANY} == MANY
    assert live_definition(assistant).unknown == tuple(MANY)


def test_a_history_of_before_verifies_and_syncs(monster: Assistant) -> None:
    assert list(verify(assistant=monster)) == []


# What is kept.


def test_unknown_fields_are_kept_once_compressed(workspace: Workspace) -> None:
    assistant = make_assistant(workspace, **MANY)
    for number in range(5):
        change(assistant, temperature=number / 10)
    assert Text.objects.count() == 1
    rows = Revision.objects.filter(assistant=assistant)
    assert {frozenset(row.texts) for row in rows} == {frozenset({text.REST})}
    assert max(len(json.dumps(row.values)) for row in rows) < 200
    assert rows.latest("number").definition == Definition.parse(
        {
            "name": "Support",
            "model": "gpt-4o",
            "instructions": "Be kind.\nBe brief.",
            "temperature": 0.4,
            **MANY,
        }
    )
    assert list(verify(assistant=Assistant.objects.get(pk=assistant.pk))) == []


@pytest.mark.parametrize("fields", [{"a": 1, "b": [None, "x"]}, {"": "x" * 2_000, "y": 1}, {}])
def test_any_fields_come_back_from_storage(db: None, fields: dict[str, Any]) -> None:
    definition = Definition.parse({"model": "m", "instructions": "i" * 2_000, **fields})
    values, texts, bodies = text.split(definition)
    text.keep_texts(bodies)
    assert text.join_texts(values, texts, text.fetch_texts(texts.values())) == definition


@pytest.mark.django_db(transaction=True)
def test_a_gateway_may_hold_anything(
    connection_to: Connection, remote: Upstream, cast: Cast
) -> None:
    """It is mirrored whole, as often as it changes, and its pages and the list stay small."""
    made = remote.add(
        name="n" * 100_000,
        description="d" * 100_000,
        instructions="i" * 3_000_000,
        model="m" * 50_000,
        metadata={f"k{number}": "v" * 10 for number in range(20_000)},
        tools=[{"type": f"t{number}"} for number in range(3_000)],
        tool_resources={f"t{number}": {"ids": ["a"]} for number in range(5_000)},
        response_format={"type": "json_schema", "json_schema": {"name": "s" * 2_000_000}},
        **MANY,
    )
    counts = sync(connections=[connection_to])
    assert (counts["added"], counts["failed"]) == (1, 0)
    assistant = Assistant.objects.get(connection=connection_to)
    held = Definition.parse(remote.assistants[made["id"]])
    assert live_definition(assistant) == held
    client = cast.client("admin")
    sizes = {
        path: len(get(client, path))
        for path in (HOME, LIST, f"{LIST}?q=iii", CHANGES, root(assistant) + "history/")
    }
    assert max(sizes.values()) < FEW, sizes
    for path in ("history/1/", "edit/", "delete/"):
        page = get(client, root(assistant) + path)
        assert len(page) < 600_000, path  # of some 6,000,000
        assert "too long for a page, so only the beginning is shown." in page
    address = root(assistant) + "edit/"
    fields = fields_of(client.get(address), address)
    assert len(json.dumps(fields)) < 300_000
    client.post(address, {**fields, "temperature": "0.5"})
    draft = Draft.objects.get(assistant=assistant)
    assert changed_fields(held, draft.definition) == ["temperature"]


def test_what_changes_outside_is_told_in_few_words(
    connection_to: Connection, remote: Upstream
) -> None:
    made = remote.add(name="Support", model="m")
    sync(connections=[connection_to])
    assistant = get_assistant(connection_to.workspace, Assistant.objects.get().pk)
    wanted = Definition.parse({**remote.assistants[made["id"]], **MANY})
    found = RemoteAssistant(id=made["id"], created_at=1.0, definition=wanted)
    assert observe(assistant=assistant, remote=found)
    revision = Revision.objects.get(assistant=assistant, number=2)
    assert len(json.dumps(revision.changes)) < PAGE_LIMITS.brief
    assert revision.definition == wanted


def test_a_failure_to_mirror_names_an_assistant_in_few_words(
    connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ValueError

    monkeypatch.setattr("assistants.services.syncing.mirror.record_outside", fail)
    remote.add(name="n\0" * 100_000, model="m")
    sync(connections=[connection_to])
    (failure,) = connection_to.jobs.get().failures
    assert len(failure["name"]) == LIMITS.name


def test_the_feed_reads_a_journal_of_large_writes_to_its_end(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_BYTES", 5_000)
    _key, secret = make_api_key(workspace)
    with monkeypatch.context() as patch:
        patch.setattr("assistants.registry.views._tell", lambda _caller: None)
        for number in range(7):
            by_key(secret).create(instructions=f"{number}" * 2_000)
    assert Revision.objects.count() == 0
    assert journal.catch_up(workspace_id=workspace.pk) == 7
    assert Revision.objects.count() == 7


def test_a_late_landing_of_very_many_fields_is_credited_whole(
    connection_to: Connection, remote: Upstream
) -> None:
    """What a revision set out to change is more than its summary names."""
    made = remote.add(name="Support", model="m", **MANY)
    sync(connections=[connection_to])
    assistant = Assistant.objects.select_related("live", "connection").get()
    change(assistant, status="unconfirmed", **dict.fromkeys(MANY))
    found = Definition.parse(
        {name: value for name, value in remote.assistants[made["id"]].items() if name not in MANY}
    )
    row = Assistant.objects.get(pk=assistant.pk)
    late = late_landing(row, found)
    assert late is not None
    assert late.number == 2
    remote_now = RemoteAssistant(id=made["id"], created_at=1.0, definition=found)
    with transaction.atomic():
        record_late_arrival(row=lock_assistant(row.pk), revision=late, remote=remote_now)
    row.refresh_from_db()
    assert (row.live_version, row.trouble) == (2, "")  # all of it is what was wanted
    assert live_definition(row) == found


def test_two_thousand_models_are_not_all_offered(cast: Cast) -> None:
    registry = cast.workspace.connections.get()
    Assistant.objects.bulk_create(
        Assistant(
            workspace=cast.workspace,
            connection=registry,
            remote_id=f"asst_{number}",
            state="live",
            name="n",
            model=f"{number:04}" + "m" * 200,
        )
        for number in range(2_000)
    )
    assert get(cast.client("viewer"), LIST).count("<option") < 550
