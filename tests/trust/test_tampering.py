"""A change of the history behind the program is found, and the row is named."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assistants.models import Assistant, Revision, SealedChain, SignedRoot
from assistants.services.ledger.digests import revision_digest
from assistants.services.trust import merkle
from assistants.services.trust.root_files import write_root
from assistants.services.trust.sealing import sign_history
from tests.conftest import Cast
from tests.trust.conftest import Grow, tampering, verified

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "assistants_revision"


def signed(cast: Cast) -> SignedRoot:
    root = sign_history(cast.workspace)
    assert root
    return root


def test_a_history_that_nobody_touched_has_no_problem(cast: Cast, grow: Grow) -> None:
    assistant = grow(versions=3)
    first = signed(cast)
    assert (first.said["revisions"], first.said["outcomes"], first.leaves) == (3, 3, 1)
    assert sign_history(cast.workspace) is None
    grow(assistant)
    grow()
    second = signed(cast)
    assert (second.number, second.said["revisions"], second.leaves) == (2, 5, 3)
    grow(assistant)
    assert verified() == verified("main") == []


def test_the_database_refuses_to_change_roots(cast: Cast, grow: Grow) -> None:
    grow()
    signed(cast)
    for rows in (SignedRoot.objects.all(), SealedChain.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedRoot.objects.update(number=7)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (f"UPDATE {TABLE} SET note = 'x' WHERE number = 2", {"revision 2: its content"}),
        (f"DELETE FROM {TABLE} WHERE number = 2", {"revision 2: missing"}),
        (f"DELETE FROM {TABLE} WHERE number > 2", {"revisions 3 to 4: missing"}),
        (
            f"UPDATE {TABLE} SET number = 99 WHERE number = 3;"  # numbers are unique
            f"UPDATE {TABLE} SET number = 3 WHERE number = 2;"
            f"UPDATE {TABLE} SET number = 2 WHERE number = 99",
            {"revision 2: it does not follow", "revision 3: it does not follow"},
        ),
        ("UPDATE assistants_outcome SET status = 'rejected' WHERE version = 3", {"outcome"}),
        (
            "DELETE FROM assistants_outcome WHERE version = 3",
            {"revision 3: its outcome is missing", "outcome 4: missing"},
        ),
        ("DELETE FROM assistants_text", {"revision 1: its content"}),
    ],
)
def test_a_changed_row_is_named(cast: Cast, grow: Grow, statement: str, named: set[str]) -> None:
    grow(versions=4)
    signed(cast)
    with tampering() as run:
        for each in statement.split(";"):
            run(each)
    found = "\n".join(verified())
    assert {part for part in named if part not in found} == set(), found


def test_a_history_that_was_cut_off_with_its_end_is_named(cast: Cast, grow: Grow) -> None:
    assistant = grow(versions=4)
    signed(cast)
    cut = Revision.objects.get(number=2)
    with tampering() as run:
        run("DELETE FROM assistants_outcome WHERE version > 2")
        run(f"DELETE FROM {TABLE} WHERE number > 2")
        run("UPDATE assistants_assistant SET last_number = 2, last_digest = %s", cut.digest)
    name = assistant.remote_id
    assert verified() == [
        f"{name} revisions 3 to 4: missing; root 1 sealed 4",
        f"{name} outcomes 3 to 4: missing; root 1 sealed 4",
    ]


def test_a_history_that_was_written_again_is_named(cast: Cast, grow: Grow) -> None:
    """Somebody who runs our code can compute the digests; the root says what they were."""
    assistant = grow(versions=2)
    signed(cast)
    newest = Revision.objects.get(number=2)
    newest.note = "Another reason"
    newest.digest = revision_digest(
        newest, definition=newest.definition, base_digest=newest.base.digest
    )
    with tampering() as run:
        run(
            f"UPDATE {TABLE} SET note = %s, digest = %s WHERE number = 2",
            newest.note,
            newest.digest,
        )
        run("UPDATE assistants_assistant SET last_digest = %s", newest.digest)
    assert f"{assistant.remote_id} revisions 1 to 2: not what root 1 sealed" in verified()


def test_a_row_that_was_inserted_is_named(cast: Cast, grow: Grow) -> None:
    assistant = grow(versions=2)
    signed(cast)
    row = Revision.objects.get(number=2)
    row.pk, row.number, row.previous_digest = None, 3, row.digest
    row.created_at = timezone.now() - timedelta(days=2)
    row.save(force_insert=True)
    name = assistant.remote_id
    assert f"{name} revision 3: it is past the end of the history" in verified()
    Assistant.objects.update(last_number=3, last_digest=row.digest)
    found = verified()
    assert f"{name} revision 3: its content is not what was written" in found
    assert f"{name} revision 3: it is dated before root 1, which does not have it" in found


def test_a_history_that_is_gone_is_named(cast: Cast, grow: Grow) -> None:
    grow()
    signed(cast)
    begins = Revision.objects.get().digest
    with tampering() as run:
        for table in ("outcome", "revision", "passage", "assistant"):
            run(f"DELETE FROM assistants_{table}")
    assert verified() == [f"the history that begins with {begins[:16]}: it is missing"]


def test_roots_that_were_changed_are_named(cast: Cast, grow: Grow) -> None:
    assistant = grow()
    first = signed(cast)
    grow(assistant)
    second = signed(cast)
    cases: dict[str, tuple[str, tuple[Any, ...]]] = {
        "root 1: it is missing": ("DELETE FROM assistants_signedroot WHERE number = 1", ()),
        "root 2: it does not follow the one before": (  # an old one replayed
            "UPDATE assistants_signedroot SET statement = %s, signature = %s WHERE number = 2",
            (first.statement, first.signature),
        ),
        "root 2: its signature is wrong": (
            "UPDATE assistants_signedroot SET statement = %s WHERE number = 2",
            (second.statement.replace('"revisions": 2', '"revisions": 3'),),
        ),
        "root 2: what it sealed is not what was signed": (
            "UPDATE assistants_sealedchain SET outcomes = 1 WHERE position = 1",
            (),
        ),
    }
    for problem, (statement, values) in cases.items():
        with transaction.atomic():
            with tampering() as run:
                run(statement, *values)
            assert problem in verified(), problem
            transaction.set_rollback(True)
    assert verified() == []


def test_a_root_kept_elsewhere_shows_an_older_state(cast: Cast, grow: Grow, tmp_path: Path) -> None:
    """An old state with its old roots is whole in itself: only a newer root shows it."""
    assistant = grow()
    signed(cast)
    grow(assistant)
    kept = tmp_path / "root.json"
    kept.write_text(write_root(signed(cast)))
    assert verified("--against", str(kept)) == []
    first = Revision.objects.get(number=1)
    with tampering() as run:
        run("DELETE FROM assistants_sealedchain WHERE position = 1")
        run("DELETE FROM assistants_signedroot WHERE number = 2")
        run("DELETE FROM assistants_outcome WHERE version = 2")
        run(f"DELETE FROM {TABLE} WHERE number = 2")
        run("UPDATE assistants_assistant SET last_number = 1, last_digest = %s", first.digest)
    assert verified() == []
    missing = ["root 2 of the file: it is missing, and the newest is root 1"]
    assert verified("--against", str(kept)) == missing
    grow()
    signed(cast)
    assert verified() == []
    (found,) = verified("main", "--against", str(kept))
    assert found.startswith("root 2: it is not the one in the file, which was signed at 20")


def test_a_file_that_was_changed_is_not_believed(cast: Cast, grow: Grow, tmp_path: Path) -> None:
    grow()
    values = json.loads(write_root(signed(cast)))
    values["statement"] = values["statement"].replace('"revisions": 1', '"revisions": 9')
    kept = tmp_path / "root.json"
    kept.write_text(json.dumps(values))
    assert "the file: its signature is wrong" in verified("--against", str(kept))


def test_a_lost_key_is_named(cast: Cast, grow: Grow, settings: Any) -> None:
    grow()
    root = signed(cast)
    key = root.said["key"][:16]
    earlier, new = settings.HISTORY_KEYS, "b" * 43 + "="
    settings.HISTORY_KEYS = [new]
    assert verified() == [f"root 1: HISTORY_KEYS does not have the key {key}, which signed it"]
    settings.HISTORY_KEYS = [new, *earlier]
    assert verified() == []


def test_the_tree_is_that_of_rfc_6962() -> None:
    """Against the definition of the RFC, written as it is there."""

    def defined(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        middle = 1 << (len(leaves) - 1).bit_length() - 1
        return merkle._joined_hash(defined(leaves[:middle]), defined(leaves[middle:]))

    leaves = [merkle.leaf_hash({"n": n}) for n in range(70)]
    tree = merkle.MerkleTree()
    for count, leaf in enumerate(leaves, 1):
        tree = merkle.MerkleTree(tree.count, tree.peaks)  # as if it was read again
        tree.add(leaf)
        assert tree.root() == defined(leaves[:count]).hex()
