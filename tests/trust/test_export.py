"""An export is checked on another machine, by a program that knows nothing of this one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction

from admin_ui.audit.models import AuditEvent
from assistants.definition import Definition
from assistants.models import Outcome, Revision
from assistants.services.erasing.erase import erase_text
from assistants.services.ledger.digests import outcome_digest, revision_digest
from assistants.services.ledger.record import Author, add_outcome, add_revision, lock_assistant
from assistants.services.trust.archive import zipped
from assistants.services.trust.export import TextsAlready
from assistants.services.trust.root_files import write_root
from assistants.services.trust.sealing import sign_history
from assistants.services.trust.verifier import TEXTS_IN_MEMORY
from tests.conftest import Cast
from tests.factories import make_user
from tests.trust.conftest import Grow, tampering

pytestmark = pytest.mark.django_db(transaction=True)
Exported = Callable[[], Path]


@pytest.fixture
def exported(cast: Cast, tmp_path: Path) -> Exported:
    """Export the history and unpack it into a folder."""

    def export() -> Path:
        answer: Any = cast.client("admin").post("/w/main/signed/export/")
        assert answer["Content-Disposition"] == 'attachment; filename="history-main.zip"'
        with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
            archive.extractall(tmp_path)
        return tmp_path / "history-main"

    return export


def check(folder: Path, *args: str) -> tuple[int, list[str]]:
    """Run the verifier as another machine would; returns its exit code and its lines."""
    command = [sys.executable, "-I", "verify.py", *args]
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    assert (done.returncode == 2) == bool(done.stderr)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def change(folder: Path, found: Callable[[dict[str, Any]], bool], **values: Any) -> None:
    """Change the lines of an export for which `found` is true; without values, remove them."""
    path = folder / "history.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    kept = [line | values if found(line) else line for line in lines if values or not found(line)]
    path.write_text("".join(json.dumps(line) + "\n" for line in kept))


def test_an_export_is_checked_elsewhere(
    cast: Cast, grow: Grow, exported: Exported, tmp_path: Path
) -> None:
    assistant = grow(versions=3)
    first = sign_history(cast.workspace)
    assert first
    grow()
    grow(assistant)
    folder = exported()
    (tmp_path / "kept.json").write_text(write_root(first))
    code, said = check(folder, "../kept.json")
    assert said[:2] == [
        "The history is as it was written and sealed.",
        "2 assistants, 5 revisions, 5 outcomes, 0 clearances, 2 signed roots,"
        " 0 rows with an erased text.",
    ]
    assert code == 0
    assert len((folder / "verify.py").read_text().splitlines()) < 200
    event = AuditEvent.objects.filter(kind="export").get()
    assert (event.about, event.actor_name) == ("whole history", "ada@example.com")
    lines = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    texts = [line["key"] for line in lines if line["type"] == "text"]
    assert len(texts) == 5


def test_openssl_checks_the_signature(
    cast: Cast, grow: Grow, exported: Exported, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out("openssl is not installed, so nothing checks the signature.")
    grow()
    folder = exported()
    commands = [line for line in check(folder)[1] if line.startswith("openssl")]
    assert run(commands[0], folder) == (0, "Signature Verified Successfully")
    root = json.loads((folder / "root.json").read_text())
    assert run(commands[1], folder)[1].endswith(root["key"])
    (folder / "root.json").write_text(json.dumps(root))
    change(folder, lambda line: line["type"] == "root", statement=json.dumps(root | {"number": 2}))
    (folder / "root.json").write_text(json.dumps(root | {"number": 2}))
    assert run(commands[0], folder)[0] == 1


def run(command: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        command, check=False, shell=True, cwd=folder, capture_output=True, text=True
    )
    return done.returncode, done.stdout.strip()


CHANGED: dict[str, tuple[Callable[[dict[str, Any]], bool], dict[str, Any], str]] = {
    "a note": (
        lambda line: line.get("number") == 2,
        {"note": "Another"},
        "revision 2: its content is not what was written",
    ),
    "a text": (
        lambda line: line["type"] == "text",
        {"value": "Another"},
        "revision 1: its content is not what was written",
    ),
    "a change": (lambda line: line.get("number") == 2, {}, "revision 3: revision 2 should be here"),
    "the end": (lambda line: line["type"] == "end", {}, "end: it is missing"),
    "the last change": (
        lambda line: line.get("number") == 3 or line.get("revision") == 3,
        {},
        "revisions: there should be 3",
    ),
    "an outcome": (
        lambda line: line.get("revision") == 2,
        {"status": "rejected"},
        "outcome of revision 2: it is not what was written",
    ),
    "an outcome away": (
        lambda line: line.get("revision") == 2,
        {},
        "outcomes: not what root 1 sealed",
    ),
    "a seal": (lambda line: line["type"] == "seal", {}, "1: what it sealed is not what was signed"),
    "a root": (lambda line: line["type"] == "root", {}, "root kept: nothing"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_changed_export_is_found(
    cast: Cast, grow: Grow, exported: Exported, tmp_path: Path, what: str
) -> None:
    grow(versions=3)
    root = sign_history(cast.workspace)
    assert root
    folder = exported()
    found, values, expected = CHANGED[what]
    change(folder, found, **values)
    if what == "a root":  # only a root that was kept shows that
        (tmp_path / "kept.json").write_text(write_root(root))
        assert "root 1: the one in ../kept.json is not" in "\n".join(
            check(folder, "../kept.json")[1]
        )
        return
    code, said = check(folder)
    assert code == 1
    assert said[0].startswith("The history is NOT as it was written: ")
    assert expected in "\n".join(said)


def test_what_follows_from_a_broken_line_is_not_told(grow: Grow, exported: Exported) -> None:
    grow(versions=4)
    folder = exported()
    path = folder / "history.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    for number in range(1, len(lines) + 1):
        path.write_text("".join(lines[: number - 1]) + "{" + "".join(lines[number - 1 :]))
        code, said = check(folder)
        assert (code, said[0]) == (1, "The history is NOT as it was written: 1 problem.")
        assert f"line {number}: it cannot be read" in said[1]


def test_a_missing_change_is_told_once(grow: Grow, exported: Exported) -> None:
    grow(versions=9)
    folder = exported()
    change(folder, lambda line: line.get("number") == 3)
    said = check(folder)[1]
    assert len([line for line in said if "should be here" in line]) == 1


def test_a_kept_root_is_told(cast: Cast, grow: Grow, exported: Exported, tmp_path: Path) -> None:
    assistant = grow()
    root = sign_history(cast.workspace)
    assert root
    grow(assistant)
    folder, kept = exported(), tmp_path / "it's kept.json"
    kept.write_text(write_root(root))
    code, said = check(folder, str(kept))
    assert code == 0
    assert said[2].startswith(f"Root 1 in {kept} belongs to this history.")
    if shutil.which("openssl"):
        command = "\n".join(said[3:8])
        assert run(command, folder) == (0, "Signature Verified Successfully")
    values = json.loads(write_root(root))
    kept.write_text(json.dumps(values | {"signature": values["signature"][::-1]}))
    code, said = check(folder, str(kept))
    assert (code, said[0]) == (1, "The history is NOT as it was written: 1 problem.")
    assert said[1] == f"root 1: its signature in {kept} is not that in this history"
    for content in ("", "[]", "{", '{"statement": "{}"}'):
        kept.write_text(content)
        assert check(folder, str(kept)) == (2, [f"{kept} is not a signed root."])
    kept.unlink()
    code, said = check(folder, str(kept))
    assert (code, len(said)) == (2, 1)
    (folder / "history.jsonl").unlink()
    code, said = check(folder)
    assert (code, len(said)) == (2, 1)


def test_rows_in_the_first_format_and_odd_content(
    cast: Cast, grow: Grow, exported: Exported
) -> None:
    """Lone surrogates, large numbers, unknown fields in a text of their own, a stored answer."""
    assistant = grow()
    odd = Definition.parse(
        {
            "model": "m",
            "description": "half \ud83d of a pair, \u2028, ü",
            "unknown": {"z": 1e300, "a": [1.5, 2**70, True, None]},
            "more": "x" * 2000,
        }
    )

    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        revision = add_revision(
            assistant=row,
            kind="outside",
            definition=odd,
            old=None,
            base=None,
            author=Author("Nobody"),
        )
        add_outcome(
            revision=revision,
            status="applied",
            version=2,
            sent=odd,
            stored=odd.replace(instructions="y" * 2000, other="\udc00"),
        )
        row.save(update_fields=["last_number", "last_digest"])
    assert check(exported())[1][0] == "The history is as it was written and sealed."
    previous = ""
    with tampering() as sql:  # as servers of the first format have written it
        for revision in Revision.objects.order_by("number"):
            revision.previous_digest, revision.digest_format = previous, None
            base = Revision.objects.filter(pk=revision.base_id).first()
            previous = revision_digest(
                revision, definition=revision.definition, base_digest=base.digest if base else ""
            )
            sql(
                "UPDATE assistants_revision SET digest = %s, previous_digest = %s,"
                " digest_format = NULL WHERE id = %s",
                previous,
                revision.previous_digest,
                revision.pk,
            )
            outcome = Outcome.objects.get(revision=revision)
            outcome.digest_format = None
            stored = outcome.definition if outcome.values is not None else None
            sql(
                "UPDATE assistants_outcome SET digest = %s, digest_format = NULL WHERE id = %s",
                outcome_digest(outcome, revision_digest=previous, stored=stored),
                outcome.pk,
            )
        sql("UPDATE assistants_assistant SET last_digest = %s", previous)
        sql("DELETE FROM assistants_sealedchain")
        sql("DELETE FROM assistants_signedroot")
    assert check(exported())[1][0] == "The history is as it was written and sealed."


def test_a_text_comes_again_when_the_reader_may_have_dropped_it(grow: Grow) -> None:
    grow(versions=2)
    (first, *_rest) = Revision.objects.order_by("number")
    key = first.texts["instructions"]
    texts = TextsAlready()
    assert [line["key"] for line in texts.lines({"instructions": key})] == [key]
    assert list(texts.lines({"instructions": key})) == []
    texts._keys.update((str(number), None) for number in range(TEXTS_IN_MEMORY))
    texts._keys.pop(key)
    assert [line["key"] for line in texts.lines({"instructions": key})] == [key]


def test_a_zip_is_sent_while_it_is_written() -> None:
    asked: list[int] = []

    def long() -> Any:
        for number in range(2000):
            asked.append(number)
            yield f"{number**40}\n" * 20

    parts = zipped("folder", [("first.txt", b"1"), ("long.txt", long())])
    sizes = [len(next(parts)) for _each in range(3)]
    assert asked[-1] < 2000 - 1
    assert max(sizes) < 400_000


def test_an_empty_history_can_be_exported(cast: Cast, exported: Exported) -> None:
    assert check(exported())[0] == 0


def test_what_was_erased_is_said(cast: Cast, grow: Grow, exported: Exported) -> None:
    assistant = grow(versions=1)
    grow(assistant, versions=2)
    erased = erase_text(
        actor=make_user("olga@example.com", is_owner=True),
        text="Version 2.",
        reason="It must not be kept",
    )
    assert erased
    folder = exported()
    assert "Version 2." not in (folder / "history.jsonl").read_text()
    code, said = check(folder)
    assert (code, said[0]) == (0, "The history is as it was written and sealed.")
    assert said[1].endswith("1 signed roots, 1 rows with an erased text.")
