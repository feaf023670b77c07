"""An evidence pack for auditors: what was recorded in a period, to be read without this program."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone

from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import record
from assistants.forms.past.period import usual_periods
from assistants.models import Revision
from assistants.selectors.past import evidence
from assistants.services.trust.sealing import sign_history
from tests.conftest import Cast
from tests.trust.conftest import Grow, tampering

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/main/signed/evidence/"


def pack(cast: Cast, folder: Path, zone: str = "UTC", **posted: Any) -> dict[str, str]:
    """Download a pack for today and return its texts by name."""
    today = timezone.localdate().isoformat()
    values = {"first": today, "last": today, **posted}
    client = cast.client("admin")
    client.cookies["zone"] = zone
    answer: Any = client.post(PAGE, values)
    assert answer.status_code == 200
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        archive.extractall(folder)
    root = folder / "evidence-main"
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".sig"
    }


def test_a_pack_holds_what_was_recorded(
    cast: Cast, grow: Grow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "CHANGES_A_FILE", 2)
    monkeypatch.setattr("assistants.views.trust.evidence_pages.CHANGES_A_FILE", 2)
    grow(versions=3)
    sign_history(cast.workspace)
    record(EventKind.ROLE, workspace=cast.workspace, about="vera <b>", details={"role": "editor"})
    texts = pack(cast, tmp_path, whole="on")
    assert sorted(texts) == [
        "audit-log.html",
        "changes-1.html",
        "changes-2.html",
        "history/history.jsonl",
        "history/key.pem",
        "history/root.json",
        "history/verify.py",
        "index.html",
        "roots.jsonl",
    ]
    second = texts["changes-1.html"].split("<article>")[2]
    for said in ("Support", "v2", "Pia", "Published", "Instructions: removed lines", "Version 2."):
        assert said in second
    assert texts["changes-2.html"].count("<article>") == 1
    assert "vera &lt;b&gt;" in texts["audit-log.html"]
    cover = texts["index.html"]
    assert "verified with root 1" in cover
    assert "It makes no statement about compliance" in cover
    assert re.search(r"Changes</th><td>3</td>", cover)
    assert not re.search(r'(src|href)="(https?:|/)', "".join(texts.values()))
    command = [sys.executable, "-I", "verify.py"]
    folder = tmp_path / "evidence-main" / "history"
    assert subprocess.check_output(command, cwd=folder, text=True).startswith("The history is as")
    assert AuditEvent.objects.filter(kind="export", about__startswith="evidence").exists()


def test_only_the_period_is_in_it(cast: Cast, grow: Grow, tmp_path: Path) -> None:
    grow(versions=2)
    with tampering() as run:
        earlier = timezone.now() - timedelta(days=3)
        run("UPDATE assistants_revision SET created_at = %s WHERE number = 1", earlier)
    assert Revision.objects.count() == 2
    texts = pack(cast, tmp_path)
    assert texts["changes-1.html"].count("<article>") == 1
    assert not any(name.startswith("history/") for name in texts)


def test_days_and_times_are_those_of_the_reader(cast: Cast, grow: Grow, tmp_path: Path) -> None:
    grow()
    with tampering() as run:
        run(
            "UPDATE assistants_revision SET created_at = %s",
            datetime(2026, 9, 30, 22, 30, tzinfo=UTC),
        )
    days = {"first": "2026-10-01", "last": "2026-10-31"}
    texts = pack(cast, tmp_path, zone="Europe/Berlin", **days)
    assert sorted(texts) == ["changes-1.html", "index.html"], "no files without content"
    assert "1 Oct – 31 Oct 2026 (Europe/Berlin)" in texts["changes-1.html"]
    assert "1 Oct 2026, 00:30 CEST" in texts["changes-1.html"]
    assert "audit-log.html" not in texts["index.html"]


def test_usual_periods_are_offered(cast: Cast) -> None:
    (label, first, last), (_quarter, begins, today) = usual_periods(date(2026, 3, 31))
    assert (label, first, last) == ("Last month", date(2026, 2, 1), date(2026, 2, 28))
    assert (begins, today) == (date(2026, 1, 1), date(2026, 3, 31))
    shown = cast.client("admin").get(f"{PAGE}?first=2026-02-01&last=2026-02-28").content.decode()
    assert 'value="2026-02-01"' in shown
    assert 'value="2026-02-28"' in shown


def test_a_period_must_be_one(cast: Cast) -> None:
    client = cast.client("admin")
    assert f'value="{timezone.localdate().isoformat()}"' in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"first": "2026-05-04", "last": "2026-05-03"})
    assert answer.status_code == 422
    assert "The last day is before the first." in answer.content.decode()
