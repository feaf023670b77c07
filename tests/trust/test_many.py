"""The histories of many assistants are verified together, and named as if each was alone."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admin_ui.databases.contents import chain_faults
from assistants.models import Assistant, Outcome
from assistants.services.ledger import verify as verifying
from assistants.services.ledger.verify import verify, verify_each
from assistants.services.trust import histories
from assistants.services.trust.sealing import sign_history
from tests.conftest import Cast
from tests.trust.conftest import Grow, tampering, verified

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_assistant_more_takes_less_than_a_query(cast: Cast, grow: Grow) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert verified() == []
        return len(found)

    grow(versions=2)
    assert sign_history(cast.workspace)
    few = queries()
    for _each in range(8):
        grow(versions=2)
    assert sign_history(cast.workspace)
    assert queries() - few <= 2  # for long values


@pytest.mark.parametrize("at_once", [1, 2, 200])
def test_two_that_were_tampered_with_are_named_in_order(
    cast: Cast, grow: Grow, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    rows = [grow(versions=3) for _each in range(4)]
    assert sign_history(cast.workspace)
    first, last = rows[0], rows[2]
    outcome = Outcome.objects.get(revision__assistant=first, revision__number=3)
    with tampering() as run:
        run("UPDATE assistants_revision SET note = 'x' WHERE assistant_id = %s", first.pk)
        run("UPDATE assistants_outcome SET message = 'x' WHERE id = %s", outcome.pk)
        run("DELETE FROM assistants_outcome WHERE assistant_id = %s", last.pk)
        run("DELETE FROM assistants_revision WHERE assistant_id = %s AND number > 1", last.pk)
    monkeypatch.setattr(histories, "VERIFIED_AT_ONCE", at_once)
    content = [
        *(
            f"{first.remote_id} revision {number}: its content is not what was written"
            for number in (1, 2, 3)
        ),
        f"{first.remote_id} outcome {outcome.pk}: its content is not what was written",
        f"{last.remote_id} revisions 2 to 3: missing",
        f"{last.remote_id} revision 1: its outcome is missing",
    ]
    assert verified() == [
        *content,
        f"{last.remote_id} revisions 2 to 3: missing; root 1 sealed 3",
        f"{last.remote_id} outcomes 1 to 3: missing; root 1 sealed 3",
    ]
    assert [each for each in chain_faults() if each in content] == content
    assert [fault for row in rows for fault in verify(assistant=row)] == content


def test_a_part_ends_with_many_revisions(grow: Grow, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [grow(), grow(versions=3), grow(), grow()]
    monkeypatch.setattr(histories, "REVISIONS_IN_A_PART", 3)
    assert list(histories.parts_to_verify(rows)) == [rows[:2], rows[2:]]


def test_what_looks_altered_is_read_again_before_it_is_named(
    grow: Grow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text may be erased after the rows of all were read: that is no fault."""
    rows, asked = [grow(), grow(versions=2)], []
    judge = verifying._faults

    def faults(assistant: Assistant, read: histories.Histories) -> Iterator[str]:
        asked.append((assistant, len(read.pks)))
        yield from judge(assistant, read)
        if asked[-1] == (rows[1], 2):
            yield "as before the erasure"

    monkeypatch.setattr(verifying, "_faults", faults)
    assert [fault for _row, found in verify_each(rows) for fault in found] == []
    assert asked == [(rows[0], 2), (rows[1], 2), (rows[1], 1)]
