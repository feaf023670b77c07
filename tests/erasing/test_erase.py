"""A text that must not be kept is erased everywhere, and the history still proves the rest."""

import contextlib
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from assistants import triggers
from assistants.models import (
    ChangedText,
    Draft,
    ErasedRow,
    Erasure,
    ErasureEnd,
    Outcome,
    Revision,
    Text,
)
from assistants.services.erasing.erase import StillInUse, erase_text
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from assistants.unwanted import BLACK
from tests.erasing.conftest import LINES, SECRETS, Past, tables_with
from tests.hostile.old_rows import old_assistant, old_change
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = {
    "accounts_stash.body",
    "assistants_assistanttemplate.description",
    "assistants_assistanttemplate.values",
    "assistants_changedtext.added",
    "assistants_changedtext.removed",
    "assistants_draft.content",
    "assistants_draftstate.note",
    "assistants_revision.note",
    "assistants_revision.values",
    "assistants_revisionname.name",
    "assistants_text.body",
    "registry_write.packed",
}


@pytest.mark.parametrize("secret", SECRETS, ids=["key", "odd"])
def test_it_is_found_nowhere_afterwards(past: Past) -> None:
    assert set(tables_with(past.secret)) >= EVERYWHERE
    before = [row.digest for row in Revision.objects.order_by("pk")]
    assert erase_text(actor=past.owner, text=past.secret, reason="A leaked key")
    erasure = Erasure.objects.get(kind=Erasure.Kind.ERASE)
    assert tables_with(past.secret) == []
    assert [row.digest for row in Revision.objects.order_by("pk")] == before
    assert list(verify(assistant=fresh(past.assistant))) == []
    assert verified() == {"assistants": 1, "roots": 0, "erased": erasure.end.rows, "problems": []}
    first = Revision.objects.order_by("number").first()
    assert first
    assert first.definition.value("instructions") == f"{LINES}\nUse {BLACK} there.\nEnd."
    assert first.definition.value("metadata") == {"key": BLACK}
    assert Draft.objects.get().definition.value("description") == f"Has {BLACK}"
    event = AuditEvent.objects.get(kind="erased")
    assert (event.actor, event.details["digest"]) == (past.owner, erasure.end.digest)
    assert ChangedText.objects.count() == Revision.objects.count()
    assert erase_text(actor=past.owner, text=past.secret, reason="Again") is None


def test_what_is_left_is_still_proven(past: Past) -> None:
    """Also where a second text of the same rows is erased later."""
    erase_text(actor=past.owner, text=past.secret, reason="A leaked key")
    erase_text(
        actor=past.owner,
        text="More.",
        reason="Not ours",
    )
    assert list(verify(assistant=fresh(past.assistant))) == []
    for column, value in (("values", '{"model":"other"}'), ("author_name", "X"), ("note", "Y")):
        with transaction.atomic():
            triggers.remove(connection)
            with connection.cursor() as cursor:
                name = connection.ops.quote_name(column)
                cursor.execute(
                    f"UPDATE assistants_revision SET {name} = %s WHERE number = 2",
                    [value],
                )
            assert list(verify(assistant=fresh(past.assistant))) != [], column
            transaction.set_rollback(True)


def test_a_forged_erasure_shows(past: Past) -> None:
    erase_text(actor=past.owner, text=past.secret, reason="A leaked key")
    forged = Erasure.objects.create(kind="erase", name="Nobody")
    first = Revision.objects.order_by("pk")[0]
    ErasedRow.objects.create(
        erasure=forged, place="assistants_revision", key=str(first.pk), left="x"
    )
    assert len(verified()["problems"]) >= 2  # type: ignore[arg-type]


def test_live_or_pending_texts_are_not_erased(past: Past) -> None:
    wanted = live_definition(past.assistant).replace(instructions=f"{LINES} {past.secret}")
    base = past.assistant.live
    publish(author=past.cast.publisher, assistant=past.assistant, wanted=wanted, base=base)
    before = tables_with(past.secret)
    with pytest.raises(StillInUse) as refused:
        erase_text(actor=past.owner, text=past.secret, reason="A leaked key")
    assert refused.value.found.live == [past.assistant]
    assert tables_with(past.secret) == before
    assert not Erasure.objects.exists()


def test_a_change_without_an_outcome_counts_as_pending(past: Past) -> None:
    row = past.assistant
    with transaction.atomic():
        triggers.remove(connection)
        newest = Revision.objects.filter(assistant=row, number=2)
        Outcome.objects.filter(revision__in=newest).delete()
    triggers.install(connection)
    with pytest.raises(StillInUse) as refused:
        erase_text(actor=past.owner, text=past.secret, reason="A leaked key")
    assert refused.value.found.pending == [row]


def test_only_owners_erase(past: Past) -> None:
    with pytest.raises(NotAllowed):
        erase_text(actor=past.cast.admin.user, text=past.secret, reason="A leaked key")


def test_rows_of_the_first_format_are_erased_too(past: Past) -> None:
    row = old_assistant(past.cast.workspace, name="Old", instructions=past.secret)
    row = old_change(row, instructions=f"Now {past.secret}", stored={"instructions": past.secret})
    row = old_change(row, instructions="Clean")
    erase_text(actor=past.owner, text=past.secret, reason="A leaked key")
    assert tables_with(past.secret) == []
    assert list(verify(assistant=fresh(row))) == []


def test_triggers_let_only_named_rows_pass(past: Past) -> None:
    """And only until the erasure ends, and only the columns that hold texts."""
    one, other = Revision.objects.order_by("pk")[:2]
    erasure = Erasure.objects.create(kind="erase", name="Olga")
    ErasedRow.objects.create(erasure=erasure, place="assistants_revision", key=str(one.pk))
    spare = Text.objects.create(digest="0" * 64, body=b"x")
    ErasedRow.objects.create(erasure=erasure, place="assistants_text", key=spare.pk)
    rows = Revision.objects.filter(pk=one.pk)
    refused(lambda: rows.update(author_name="x"))
    refused(lambda: rows.update(digest="x"))
    refused(rows.delete)
    refused(lambda: Revision.objects.filter(pk=other.pk).update(note="x"))
    refused(lambda: Text.objects.exclude(pk=spare.pk).delete())
    refused(lambda: Text.objects.filter(pk=spare.pk).update(digest="1" * 64))
    refused(lambda: Erasure.objects.update(reason="x"))
    refused(lambda: ErasedRow.objects.all().delete())
    assert rows.update(note="x", values={}) == 1
    assert Text.objects.filter(pk=spare.pk).delete()[0] == 1
    ErasureEnd.objects.create(erasure=erasure, rows=2)
    refused(lambda: rows.update(note="y"))
    refused(lambda: ErasureEnd.objects.all().delete())


def refused(act: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()  # type: ignore[operator]


def verified() -> dict[str, object]:
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify_history", stdout=out)
    found: dict[str, object] = json.loads(out.getvalue())
    return found
