"""Adding and removing documents of live stores: intent, call, outcome, entries in histories."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from assistants.definition import LIMITS
from assistants.models import (
    Assistant,
    Connection,
    KnowledgeUse,
    OfferList,
    OpenStoreChange,
    StoreChange,
    StoreChangeUse,
    StoreOutcome,
)
from assistants.selectors.delivery import delivery_of
from assistants.selectors.documents.affected import use_counts, users_of
from assistants.services.connections.client import registry_of
from assistants.services.documents.changing import add_document, remove_document
from assistants.services.documents.looking import open_changes, settle_changes
from assistants.services.errors import AffectedMoved, Invalid, NoTarget, NotNow
from assistants.services.ledger.doubt import MOST_IN_DOUBT, revisions_in_doubt
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.documents.conftest import asked, entries, mark, place
from tests.services.conftest import Make, fresh
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_document_is_added_and_each_history_says_so(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    before = [(row.live_id, row.live_version, row.changed_at, row.trouble) for row in users]
    result = add_document(
        author=cast.publisher,
        document=place(library),
        confirmed=mark(library),
        note="New prices.",
    )
    change = result.change
    assert result.outcome.status == "applied"
    assert asked(remote, "POST", "GET", "DELETE") == [
        ("POST", "/v1/vector_stores/vs_help/files", {"file_id": "file-faq"})
    ]
    assert remote.headers[-1]["x-portkey-trace-id"] == change.trace_id
    assert (change.store_name, change.file_name, change.author_name, change.note) == (
        "Help centre",
        "faq.md",
        "Pia",
        "New prices.",
    )
    assert not OpenStoreChange.objects.exists()
    for row in users:
        (entry,) = entries(row)
        assert (entry.author_name, entry.note, entry.trace_id) == (
            "Pia",
            "New prices.",
            change.trace_id,
        )
        assert entry.changes == [
            {
                "field": "tool_resources",
                "kind": "document",
                "added": ["faq.md"],
                "store": "Help centre",
            }
        ]
        assert [(one.status, one.version) for one in entry.outcomes.all()] == [("applied", None)]
        assert entry.definition == live_definition(fresh(row))
        assert list(verify(assistant=fresh(row))) == []
    assert [
        (row.live_id, row.live_version, row.changed_at, row.trouble) for row in map(fresh, users)
    ] == before
    assert not entries(Assistant.objects.get(name="Alone"))
    stores = OfferList.objects.get(connection=library, kind="vector_stores")
    assert stores.asked_at is None, "its count of files has changed"


def test_a_document_is_removed_and_the_file_stays(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    result = remove_document(
        author=cast.publisher, document=place(library, "file-old"), confirmed=mark(library)
    )
    assert result.outcome.status == "applied"
    assert asked(remote, "DELETE") == [("DELETE", "/v1/vector_stores/vs_help/files/file-old", None)]
    assert remote.files is not None
    assert len(remote.files) == 2
    (entry,) = entries(users[0])
    assert entry.changes[0]["removed"] == ["old.md"]


def test_publishing_goes_on_after_an_entry(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    add_document(author=cast.publisher, document=place(library), confirmed=mark(library))
    row = fresh(users[0])
    wanted = live_definition(row).replace(name="Support desk")
    result = publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)
    assert (result.status, fresh(row).live_version) == ("applied", 2)
    assert list(verify(assistant=fresh(row))) == []
    numbers = list(row.revisions.order_by("number").values_list("number", "kind"))
    assert numbers == [(1, "create"), (2, "documents"), (3, "edit")]


def test_only_live_assistants_of_the_same_connection_are_affected(
    cast: Cast, library: Connection, users: list[Assistant], published: Make
) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    published(
        registry, name="Elsewhere", tool_resources=live_definition(users[0]).value("tool_resources")
    )
    assert list(users_of(library, "vs_help")) == [users[1], users[0]], "by name"
    delete_assistant(author=cast.publisher, assistant=fresh(users[0]))
    assert list(users_of(library, "vs_help")) == [users[1]]
    assert use_counts(library, ["vs_help", "vs_none"]) == {"vs_help": 1}
    row = fresh(users[1])
    wanted = live_definition(row).replace(tool_resources=None)
    publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)
    assert use_counts(library, ["vs_help"]) == {}


def test_a_list_that_has_moved_is_shown_again_before_anything_is_sent(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    seen = mark(library)
    delete_assistant(author=cast.publisher, assistant=fresh(users[0]))
    remote.requests.clear()
    with pytest.raises(AffectedMoved):
        add_document(author=cast.publisher, document=place(library), confirmed=seen)
    assert remote.requests == []
    assert not StoreChange.objects.exists()


def test_what_is_refused_sends_nothing(
    cast: Cast, library: Connection, remote: Upstream, settings: Any
) -> None:
    for act in (add_document, remove_document):
        for who in (cast.viewer, cast.editor, cast.stranger):
            with pytest.raises(NotAllowed):
                act(author=who, document=place(library), confirmed=mark(library))
        with pytest.raises(Invalid):
            act(
                author=cast.publisher,
                document=place(library),
                confirmed=mark(library),
                note="x" * (LIMITS.note + 1),
            )
        with pytest.raises(RuntimeError), transaction.atomic():
            act(author=cast.publisher, document=place(library), confirmed=mark(library))
        registry = registry_of(cast.workspace)
        assert registry
        with pytest.raises(NoTarget):
            act(author=cast.publisher, document=place(registry), confirmed=mark(registry))
    Connection.objects.update(
        paused_until=timezone.now() + timedelta(seconds=60), pause_holds_all=True
    )
    with pytest.raises(NotNow):
        add_document(
            author=cast.publisher,
            document=place(Connection.objects.get(pk=library.pk)),
            confirmed=mark(library),
        )
    assert remote.requests == []
    assert not StoreChange.objects.exists()


def test_a_store_that_nobody_uses_changes_without_entries(
    cast: Cast, library: Connection, remote: Upstream
) -> None:
    result = add_document(author=cast.publisher, document=place(library), confirmed=mark(library))
    assert result.outcome.status == "applied"
    assert not OpenStoreChange.objects.exists()
    assert not StoreChangeUse.objects.exists()


@pytest.mark.parametrize("model", [StoreChange, StoreOutcome])
def test_what_happened_cannot_be_changed(cast: Cast, library: Connection, model: Any) -> None:
    add_document(author=cast.publisher, document=place(library), confirmed=mark(library))
    for change in (
        lambda: model.objects.update(created_at=timezone.now()),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            change()
    assert connection.is_usable()


def test_a_change_costs_the_same_however_long_the_history_is(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    counts = []
    for number in range(3):
        confirmed = mark(library)
        with CaptureQueriesContext(connection) as queries:
            add_document(
                author=cast.publisher,
                document=place(library, f"file-{number}"),
                confirmed=confirmed,
            )
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_the_migration_notes_what_is_live(
    cast: Cast, library: Connection, users: list[Assistant], published: Make
) -> None:
    many = [f"file-{number:0100d}" for number in range(20)]
    published(library, name="Many", tool_resources={"code_interpreter": {"file_ids": many}})
    noted = set(KnowledgeUse.objects.values_list("connection", "assistant", "remote_id"))
    assert len(noted) == 22
    KnowledgeUse.objects.all().delete()
    migration = import_module("assistants.migrations.0014_documents_of_stores")
    migration.CHUNK = 2
    migration.note_knowledge(apps, None)
    assert set(KnowledgeUse.objects.values_list("connection", "assistant", "remote_id")) == noted


def test_entries_hide_no_change_in_doubt(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    """However many documents change meanwhile, a publish in doubt is found, shown and settled."""
    row = users[0]
    remote.fail_next("POST", FaultSpec(late=True, reset=True))
    wanted = live_definition(row).replace(name="Support desk")
    sent = publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)
    assert sent.status == "unconfirmed"
    for number in range(MOST_IN_DOUBT + 1):
        document = place(library, f"file-{number}")
        add_document(author=cast.publisher, document=document, confirmed=mark(library))
    row = fresh(row)
    assert len(entries(row)) == MOST_IN_DOUBT + 1
    assert row.trouble == "unconfirmed"
    assert revisions_in_doubt(row) == [sent.revision]
    shown = delivery_of(row, cast.publisher.user)
    assert shown is not None
    assert sent.revision is not None
    assert shown.row.number == sent.revision.number
    remote.land()
    check_remote(assistant=row)
    assert (fresh(row).live_id, fresh(row).trouble) == (sent.revision.pk, "")
    assert list(verify(assistant=fresh(row))) == []


def test_entries_hide_no_create_in_doubt(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    """An assistant is recreated in doubt, and a change from before is settled after that."""
    row = users[0]
    remote.fail_next("POST", FaultSpec(applied=True, reset=True))
    remote.blind = True
    add_document(author=cast.publisher, document=place(library), confirmed=mark(library))
    remote.blind = False
    delete_assistant(author=cast.publisher, assistant=fresh(row))
    remote.fail_next("POST", FaultSpec(late=True, reset=True))
    again = recreate_assistant(author=cast.publisher, assistant=fresh(row))
    assert again.status == "unconfirmed"
    settle_changes(open_changes(now=True))
    assert len(entries(row)) == 1, "it was live when the person confirmed"
    remote.land()
    check_remote(assistant=fresh(row))
    assert fresh(row).state == "live"
    assert list(verify(assistant=fresh(row))) == []
