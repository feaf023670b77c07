"""How changes passed the approval policy is as hard to forge as the changes themselves."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.models import (
    Assistant,
    Clearance,
    Revision,
    SealedChain,
)
from assistants.services.approving.clearances import clearance_digest
from assistants.services.erasing.erase import erase_text
from assistants.services.ledger.verify import verify
from assistants.services.trust import histories, sealing
from assistants.services.trust.root_files import read_root, write_root
from assistants.services.trust.sealing import sign_history
from tests.change_requests.conftest import submitted
from tests.conftest import Cast
from tests.factories import make_user
from tests.services.conftest import fresh
from tests.trust.approved import REASON, publish_approved, publish_overridden
from tests.trust.conftest import Grow, tampering, verified

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "assistants_clearance"


@pytest.fixture
def other(grow: Grow) -> Assistant:
    """It has a version from before there was a policy."""
    return grow()


@pytest.fixture
def approved(cast: Cast, grow: Grow, other: Assistant) -> Assistant:
    """Its second version was approved by two, its third was published without approvals."""
    return publish_overridden(cast, publish_approved(cast, grow()))


@pytest.mark.parametrize(
    ("change", "of"),
    [
        ("approvers = '[\"Ada\"]'", 2),
        ("kind = 'not_needed'", 2),
        ("created_at = '2026-01-01 10:00:00+00:00'", 2),
        ("reason = 'Everybody agreed'", 3),
        ("user_name = 'Pia'", 3),
        ("fields = '[]'", 3),
        ("is_own = NOT is_own", 3),
    ],
)
def test_a_changed_clearance_is_named(approved: Assistant, change: str, of: int) -> None:
    assert verified() == []
    row = Clearance.objects.get(revision__number=of)
    assert not row.approvers or sorted(row.approvers) == ["Ada", "Pia"]
    with tampering() as run:
        run(f"UPDATE {TABLE} SET {change} WHERE id = %s", row.pk)
    where = f"{approved.remote_id} revision {of}: its clearance {row.pk}"
    assert verified() == [f"{where} is not what was written for it"]


def test_a_clearance_of_another_revision_is_named(other: Assistant, approved: Assistant) -> None:
    row = Clearance.objects.get(revision__number=2)
    for to in Revision.objects.filter(number=1).select_related("assistant"):
        with transaction.atomic():
            with tampering() as run:
                run(f"UPDATE {TABLE} SET revision_id = %s WHERE id = %s", to.pk, row.pk)
            where = f"{to.assistant.remote_id} revision 1: its clearance {row.pk}"
            assert f"{where} is not what was written for it" in verified()
            assert f"{approved.remote_id} revision 2: its clearance is missing" in verified()
            transaction.set_rollback(True)


def test_a_clearance_of_another_round_is_named(
    cast: Cast, other: Assistant, approved: Assistant
) -> None:
    """The digest covers no database ID, so what the rows refer to is compared."""
    row = Clearance.objects.get(revision__number=2)
    where = f"{approved.remote_id} revision 2: its clearance {row.pk}"
    elsewhere = submitted(cast.editor, other, temperature=0.1)
    again = submitted(cast.editor, approved, temperature=0.1)
    for request in (elsewhere, again):
        of = request.rounds.get()
        with transaction.atomic():
            with tampering() as run:
                run(
                    f"UPDATE {TABLE} SET change_request_id = %s, round_id = %s WHERE id = %s",
                    request.pk,
                    of.pk,
                    row.pk,
                )
            found = verified()
            assert f"{where} names Pia, who has not approved its round" in found
            is_elsewhere = f"{where} has a round of something else" in found
            assert is_elsewhere == (request == elsewhere)
            transaction.set_rollback(True)


def test_approvals_that_are_gone_are_named(approved: Assistant) -> None:
    row = Clearance.objects.get(revision__number=2)
    with tampering() as run:
        run("DELETE FROM assistants_requeststep WHERE kind = 'approved' AND user_name = 'Pia'")
    where = f"{approved.remote_id} revision 2: its clearance {row.pk}"
    assert verified() == [f"{where} names Pia, who has not approved its round"]


def test_a_clearance_that_was_removed_is_named(cast: Cast, approved: Assistant) -> None:
    """At once where a change request says that there was one, and else since the next root."""
    sign_history(cast.workspace)
    name = approved.remote_id
    for number, found in (
        (2, [f"{name} revision 2: its clearance is missing", f"{name} clearance 2: missing"]),
        (3, [f"{name} clearance 2: missing; root 1 sealed 2"]),
    ):
        with transaction.atomic():
            row = Clearance.objects.get(revision__number=number)
            with tampering() as run:
                run(f"DELETE FROM {TABLE} WHERE id = %s", row.pk)
            told = "\n".join(verified())
            assert all(part in told for part in found), told
            transaction.set_rollback(True)
    assert verified() == []


def test_a_clearance_that_was_written_again_is_named(cast: Cast, approved: Assistant) -> None:
    """Somebody who runs our code can compute the digest; the root says what it was."""
    sign_history(cast.workspace)
    row = Clearance.objects.get(revision__number=3)
    row.reason = "Everybody agreed"
    row.digest = clearance_digest(row, row.revision.digest)
    with tampering() as run:
        run(
            f"UPDATE {TABLE} SET reason = %s, digest = %s WHERE id = %s",
            row.reason,
            row.digest,
            row.pk,
        )
    assert verified() == [f"{approved.remote_id} clearances 1 to 2: not what root 1 sealed"]


def test_a_clearance_that_was_inserted_is_named(cast: Cast, approved: Assistant) -> None:
    sign_history(cast.workspace)
    first = Revision.objects.get(assistant=approved, number=1)
    row = Clearance(revision=first, kind="approved", approvers=["Ada"])
    row.created_at = timezone.now() - timedelta(days=2)
    row.digest = clearance_digest(row, row.revision.digest)
    row.save()
    name = approved.remote_id
    dated = f"{name} clearance 3: it is dated before root 1, which does not have it"
    assert verified() == [dated]


def test_a_root_seals_what_is_new(cast: Cast, approved: Assistant) -> None:
    sign_history(cast.workspace)
    publish_approved(cast, approved, 0.2)
    sign_history(cast.workspace)
    sealed = SealedChain.objects.filter(assistant=approved).order_by("pk")
    assert [seal.clearances for seal in sealed] == [2, 3]
    assert sign_history(cast.workspace) is None
    assert verified() == []


def test_roots_of_the_first_format_stay_good(
    cast: Cast, other: Assistant, approved: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They sealed no clearances. The next root seals those of all histories, if grown or not."""
    columns = ("clearances", "clearances_digest", "last_clearance")

    def without_clearances(leaf: SealedChain) -> None:
        for column in columns:
            setattr(leaf, column, None)

    for number in (1, 2):  # as servers of earlier code sign
        with monkeypatch.context() as patch:
            patch.setattr(sealing, "ROOT_FORMAT", sealing.FIRST_ROOT_FORMAT)
            patch.setattr(sealing, "_add_clearances", without_clearances)
            root = sign_history(cast.workspace)
        assert root
        assert root.number == number
        assert read_root(write_root(root)).said["format"].endswith(" 1")
        publish_approved(cast, approved, 0.1 * number)
    second = sign_history(cast.workspace)
    assert second
    assert second.said["format"].endswith(" 2")
    assert sign_history(cast.workspace) is None
    seals = SealedChain.objects.filter(assistant=approved).order_by("pk")
    assert [seal.clearances for seal in seals] == [None, None, 4]
    seals = SealedChain.objects.filter(assistant=other).order_by("pk")
    assert [seal.clearances for seal in seals][-1:] == [0]
    with tampering() as run:  # rows that are older than roots which could not have them
        days_ago = timezone.now() - timedelta(days=9)
        run(f"UPDATE {TABLE} SET created_at = %s", days_ago)
        for row in Clearance.objects.select_related("revision"):
            digest = clearance_digest(row, row.revision.digest)
            run(f"UPDATE {TABLE} SET digest = %s WHERE id = %s", digest, row.pk)
        run("DELETE FROM assistants_sealedchain WHERE clearances IS NOT NULL")
        run("DELETE FROM assistants_signedroot WHERE number = 3")
    sign_history(cast.workspace)
    assert verified() == []
    with tampering() as run:
        run(f"DELETE FROM {TABLE} WHERE id = %s", Clearance.objects.latest("pk").pk)
    assert f"{approved.remote_id} clearance 4: missing; root 3 sealed 4" in verified()


def test_an_erased_reason_leaves_everything_else_proven(cast: Cast, approved: Assistant) -> None:
    sign_history(cast.workspace)
    owner = make_user("olga@example.com", name="Olga", is_owner=True)
    for text in ("sk-leaked-7f3a9b2c41", "The shop"):
        assert erase_text(actor=owner, text=text, reason="Leaked")
        assert verified() == []
    row = Clearance.objects.get(revision__number=3)
    assert row.reason == "█████ is down, █████"
    for change in ("reason = 'Everybody agreed'", "user_name = 'Pia'"):
        with transaction.atomic():
            with tampering() as run:
                run(f"UPDATE {TABLE} SET {change} WHERE id = %s", row.pk)
            where = f"{approved.remote_id} revision 3: its clearance {row.pk}"
            assert verified() == [f"{where} is not what was written for it"]
            transaction.set_rollback(True)


def test_a_long_history_takes_few_queries(
    cast: Cast, approved: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert list(verify(assistant=fresh(approved))) == []
        return len([each for each in found if "assistants_clearance" in each["sql"]])

    few = queries()
    for number in range(4):
        publish_approved(cast, approved, 0.1 * number)
    assert queries() == few
    monkeypatch.setattr(histories, "VERIFIED_AT_ONCE", 2)
    assert queries() == few


def test_the_digest_is_what_the_decision_says(approved: Assistant) -> None:
    """As servers of earlier code wrote it, so that their rows stay good."""
    row = Clearance.objects.select_related("revision").get(revision__number=3)
    said = {
        "approvers": [],
        "created_at": row.created_at.isoformat(),
        "fields": row.fields,
        "is_own": True,
        "kind": "overridden",
        "reason": hashlib.sha256(REASON.encode()).hexdigest(),
        "revision": row.revision.digest,
        "user": "Ada",
    }
    encoded = json.dumps(said, sort_keys=True).encode()
    assert row.digest == hashlib.sha256(encoded).hexdigest()
