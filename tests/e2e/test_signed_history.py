"""An admin signs the history, exports it, and checks it on another machine."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from assistants.models import Assistant
from tests.e2e.browsing import faults_in_all_looks
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_history_is_exported_and_checked(browse: Browse, live: Assistant, tmp_path: Path) -> None:
    admin = browse("admin")
    admin.goto("/w/main/audit/")
    admin.get_by_role("link", name="Signed history").click()
    assert faults_in_all_looks(admin) == []
    admin.get_by_role("button", name="Sign now").click()
    expect(admin.get_by_text("Signed as root 1.")).to_be_visible()
    assert faults_in_all_looks(admin) == []
    with admin.expect_download() as kept:
        admin.get_by_role("link", name="Download Root 1").click()
    kept.value.save_as(tmp_path / "kept.json")
    with admin.expect_download() as exported:
        admin.get_by_role("button", name="Export all").click()
    exported.value.save_as(tmp_path / "history.zip")
    with ZipFile(tmp_path / "history.zip") as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "verify.py", "../kept.json"]
    told = subprocess.check_output(command, cwd=tmp_path / "history-main", text=True)
    assert told.startswith("The history is as it was written and sealed.")


def test_a_pack_for_auditors(
    browse: Browse, chromium: Browser, live: Assistant, tmp_path: Path
) -> None:
    admin = browse("admin")
    admin.goto("/w/main/signed/")
    admin.get_by_role("link", name="Evidence pack").click()
    assert faults_in_all_looks(admin) == []
    with admin.expect_download() as pack:
        admin.get_by_role("button", name="Download").click()
    pack.value.save_as(tmp_path / "pack.zip")
    with ZipFile(tmp_path / "pack.zip") as archive:
        archive.extractall(tmp_path)
    auditor = chromium.new_page()
    auditor.goto((tmp_path / "evidence-main" / "index.html").as_uri())
    assert faults_in_all_looks(auditor) == []
    for name in ("changes-1.html", "audit-log.html"):
        auditor.get_by_role("link", name=name).click()
        assert faults_in_all_looks(auditor) == []
        auditor.go_back()
    auditor.close()
