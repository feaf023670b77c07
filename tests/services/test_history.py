"""History is only ever added to, and shows when somebody has tampered with it."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from assistants import triggers
from assistants.models import Connection, Outcome, Revision, Text
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import differences
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.hostile.old_rows import old_assistant, old_change
from tests.services.conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registry(cast: Cast) -> Connection:
    found = registry_of(cast.workspace)
    assert found
    return found


@pytest.mark.parametrize("model", [Revision, Outcome, Text])
def test_the_database_refuses_to_change_or_delete_history(
    registry: Connection, published: Make, model: Any
) -> None:
    published(registry, instructions="long " * 1000)
    rows = model.objects.filter(pk=model.objects.first().pk)
    field = {Revision: "note", Outcome: "message", Text: "body"}[model]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{field: b"x" if model is Text else "x"})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_missing_triggers_are_reported_and_put_back_by_migrate() -> None:
    triggers.remove(connection)
    assert len(triggers.missing(connection)) == 2 * len(triggers.TABLES)
    assert triggers.check_triggers(databases=["default"])[0].id == "assistants.E001"
    call_command("migrate", verbosity=0, skip_checks=True)
    assert triggers.missing(connection) == []
    assert triggers.check_triggers(databases=["default"]) == []


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("assistants_revision", "note", "Somebody else's reason"),
        ("assistants_revision", "author_name", "Somebody else"),
        ("assistants_revision", "values", '{"model":"gpt-4"}'),
        ("assistants_outcome", "status", "rejected"),
    ],
)
def test_tampering_shows(
    registry: Connection, published: Make, table: str, column: str, value: str
) -> None:
    assistant = published(registry)
    assert run_verify() == (0, [])
    triggers.remove(connection)
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(column)
        cursor.execute(f"UPDATE {table} SET {quoted} = %s", [value])
    triggers.install(connection)
    code, problems = run_verify()
    assert code == 1
    assert problems == list(verify(assistant=assistant))
    assert problems


def test_digests_of_the_first_format_are_still_checked(cast: Cast, registry: Connection) -> None:
    """Rows of older servers have no number of a format."""
    assistant = old_change(old_assistant(cast.workspace, name="Old"), stored={"top_p": 0.5})
    assert set(Revision.objects.values_list("digest_format", flat=True)) == {None}
    assert set(Outcome.objects.values_list("digest_format", flat=True)) == {None}
    assert list(verify(assistant=assistant)) == []


def test_a_removed_revision_shows(cast: Cast, registry: Connection, published: Make) -> None:
    assistant = published(registry)
    wanted = live_definition(assistant).replace(instructions="New")
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.revision
    assistant.refresh_from_db()
    digest = assistant.last_digest
    assistant.last_digest = "0" * 64
    assert [text.split(": ")[1] for text in verify(assistant=assistant)] == [
        "it is not the one that was added last"
    ]
    assistant.last_digest = digest
    assert list(verify(assistant=assistant)) == []


def test_an_edit_of_a_small_field_does_not_copy_the_long_text(
    cast: Cast, registry: Connection, published: Make
) -> None:
    assistant = published(registry, instructions="A long text. " * 19_000)
    assert Text.objects.count() == 1
    wanted = live_definition(assistant).replace(temperature=1)
    publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert Text.objects.count() == 1
    assert Revision.objects.latest("number").definition == wanted


def test_key_order_and_odd_characters_survive_storage(
    registry: Connection, published: Make
) -> None:
    parameters = {"type": "object", "properties": {"zip": {}, "age": {}, "b": {}}}
    tool = {"type": "function", "function": {"name": "f", "parameters": parameters}}
    assistant = published(registry, tools=[tool], description="Tabs\tand “quotes” 🎿")
    assert assistant.live
    stored = Revision.objects.get(pk=assistant.live.pk).definition
    assert json.dumps(stored.value("tools")) == json.dumps([tool])
    assert differences(stored, stored) == []


def run_verify() -> tuple[int, list[str]]:
    out, code = StringIO(), 0
    try:
        call_command("verify_history", stdout=out)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    found: list[str] = json.loads(out.getvalue())["problems"]
    return code, found
