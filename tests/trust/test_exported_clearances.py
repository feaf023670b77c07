"""An export tells how changes passed the approval policy, and its verifier finds what was changed.

Exports of the first format, which have no clearances, are imported all the same.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from admin_ui.accounts.models import Workspace
from assistants.models import Clearance, ErasedRow, Revision
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.publishing import publish_request
from assistants.services.erasing.erase import erase_text
from assistants.services.publishing.publish import publish
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.change_requests.conftest import ONE
from tests.change_requests.test_returns import approved as approved_until
from tests.conftest import Cast
from tests.factories import make_user
from tests.services.conftest import fresh
from tests.trust.approved import publish_approved, publish_overridden
from tests.trust.conftest import Grow, tampering, verified
from tests.trust.test_evidence import pack
from tests.trust.test_export import Exported, change, check, exported  # noqa: F401
from tests.trust.test_import import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(cast: Cast, grow: Grow, exported: Exported) -> Path:  # noqa: F811
    """An export of a history with a change that two approved, and one that nobody did."""
    publish_overridden(cast, publish_approved(cast, grow()))
    erase_text(
        actor=make_user("olga@example.com", is_owner=True), text="sk-leaked-7f3a9b2c41", reason=""
    )
    return exported()


def is_approved(line: dict[str, Any]) -> bool:
    return line["type"] == "clearance" and line["kind"] == "approved"


def is_overridden(line: dict[str, Any]) -> bool:
    return line["type"] == "clearance" and line["kind"] == "overridden"


NOT_WRITTEN = "clearance of revision {}: it is not what was written"
CHANGED: dict[str, tuple[Callable[[dict[str, Any]], bool], dict[str, Any], str]] = {
    "approvers": (is_approved, {"approvers": ["Ada", "Vera"]}, NOT_WRITTEN.format(2)),
    "a revision": (is_approved, {"revision": 1}, NOT_WRITTEN.format(1)),
    "a time": (is_approved, {"created_at": "2026-01-01T10:00:00+00:00"}, NOT_WRITTEN.format(2)),
    "who": (is_overridden, {"user": "Pia"}, NOT_WRITTEN.format(3)),
    "what an erasure kept": (is_overridden, {"kept": {"user": "Pia"}}, NOT_WRITTEN.format(3)),
    "a clearance away": (is_overridden, {}, "clearances: not what root 1 sealed"),
    "all that a root says of them": (
        lambda line: line["type"] == "seal",
        {"clearances": 0, "clearances_digest": ""},
        "root 1: what it sealed is not what was signed",
    ),
}


def test_an_export_holds_them(folder: Path) -> None:
    code, said = check(folder)
    assert (code, said[0]) == (0, "The history is as it was written and sealed.")
    assert said[1] == (
        "1 assistants, 3 revisions, 3 outcomes, 2 clearances, 1 signed roots,"
        " 1 rows with an erased text."
    )
    lines = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    (line,) = filter(is_approved, lines)
    assert sorted(line["approvers"]) == ["Ada", "Pia"]
    (line,) = filter(is_overridden, lines)
    assert (line["user"], line["reason"]) == ("Ada", "The shop is down, █████")


@pytest.mark.parametrize("what", CHANGED)
def test_what_was_changed_is_found(folder: Path, what: str) -> None:
    found, values, expected = CHANGED[what]
    change(folder, found, **values)
    code, said = check(folder)
    assert code == 1
    assert expected in "\n".join(said)


def test_they_arrive_as_they_were(folder: Path) -> None:
    copy = create_workspace_with_registry(slug="copy", name="Copy")
    counts = run(folder / "history.jsonl")
    assert counts == {"assistant": 1, "revision": 3, "outcome": 3, "clearance": 2}
    assert verified("copy") == verified() == []
    here, there = (
        Clearance.objects.filter(revision__workspace__slug=slug).order_by("pk")
        for slug in ("main", "copy")
    )
    columns = ("kind", "approvers", "reason", "user_name", "is_own", "fields", "digest")
    assert list(there.values_list(*columns)) == list(here.values_list(*columns))
    assert not there.exclude(change_request=None, round=None, user=None).exists()
    (erased,) = ErasedRow.objects.filter(place="assistants_clearance").exclude(key=here[1].pk)
    assert erased.key == str(there[1].pk)
    with tampering() as sql:
        sql("DELETE FROM assistants_clearance WHERE id = %s", there[0].pk)
    assert "clearance 2: missing; root 1 sealed 2" in "\n".join(verified("copy"))
    assert copy


def test_an_older_version_that_came_back(cast: Cast, grow: Grow, exported: Exported) -> None:  # noqa: F811
    """Its approval says so, within its digest."""
    assistant = grow()
    set_policy(actor=cast.admin, policy=ONE)
    request = approved_until(cast, assistant, when="by_hand")
    publish_request(member=cast.publisher, request=request, seen=1)
    old, row = Revision.objects.get(number=1), fresh(assistant)
    publish(author=cast.publisher, assistant=row, wanted=old.definition, base=row.live)
    assert Clearance.objects.get(revision__number=3).is_return
    assert verified() == []
    folder = exported()
    create_workspace_with_registry(slug="copy", name="Copy")
    run(folder / "history.jsonl")
    assert Clearance.objects.filter(revision__number=3, is_return=True).count() == 2
    assert verified("copy") == []
    change(folder, lambda line: "is_return" in line, is_return=False)
    assert NOT_WRITTEN.format(3) in "\n".join(check(folder)[1])


def test_a_changed_file_is_not_imported(folder: Path) -> None:
    create_workspace_with_registry(slug="copy", name="Copy")
    change(folder, is_approved, approvers=["Ada", "Vera"])
    with pytest.raises(CommandError, match="clearance of revision 2: it is not what was written"):
        run(folder / "history.jsonl")


def test_a_file_of_the_first_format_is_imported(
    cast: Cast,
    grow: Grow,
    exported: Exported,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from assistants.services.trust import sealing

    def without_clearances(leaf: Any) -> None:
        leaf.clearances = leaf.clearances_digest = leaf.last_clearance = None

    grow(versions=2)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "ROOT_FORMAT", sealing.FIRST_ROOT_FORMAT)
        patch.setattr(sealing, "_add_clearances", without_clearances)
        folder = exported()
    counts = {"assistant": 1, "revision": 2, "outcome": 2}
    change(folder, lambda line: line["type"] == "history", format=1)
    change(folder, lambda line: line["type"] == "end", counts=counts)
    assert '"clearances' not in (folder / "history.jsonl").read_text()
    workspace: Workspace = create_workspace_with_registry(slug="copy", name="Copy")
    assert run(folder / "history.jsonl") == {**counts, "clearance": 0}
    assert verified(workspace.slug) == []


def test_a_pack_says_who_approved(cast: Cast, grow: Grow, tmp_path: Path) -> None:
    publish_overridden(cast, publish_approved(cast, grow()))
    texts = pack(cast, tmp_path, whole="on")
    page = texts["changes-1.html"]
    for row in Clearance.objects.all():
        assert f"<code>{row.digest}</code>" in page
        assert row.digest in texts["history/history.jsonl"]
    code, said = check(tmp_path / "evidence-main" / "history")
    assert (code, said[0]) == (0, "The history is as it was written and sealed.")
