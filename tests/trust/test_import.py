"""An exported history is read into an empty workspace: with equal digests, and nothing live."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from admin_ui.accounts.models import Workspace
from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Outcome, Revision, State
from assistants.services.connections.saving import write_connection
from assistants.services.erasing.erase import erase_text
from assistants.services.setup.first_start import create_workspace_with_registry
from assistants.services.syncing.jobs import sync
from tests.conftest import Cast
from tests.factories import make_user
from tests.services.conftest import fresh
from tests.trust.conftest import Grow, verified
from tests.trust.test_export import change
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exported(cast: Cast, tmp_path: Path) -> Callable[[], Path]:
    """Export the history of the workspace into a file."""

    def export() -> Path:
        answer: Any = cast.client("admin").post("/w/main/signed/export/")
        path = tmp_path / "history.zip"
        path.write_bytes(b"".join(answer.streaming_content))
        return path

    return export


@pytest.fixture
def copy(cast: Cast) -> Workspace:
    return create_workspace_with_registry(slug="copy", name="Copy")


def run(path: Path, *options: str) -> dict[str, int]:
    out = StringIO()
    call_command("import_history", str(path), "copy", "--by", "Olga", *options, stdout=out)
    counts: dict[str, int] = json.loads(out.getvalue())
    return counts


def digests(model: Any, workspace: str) -> list[str]:
    rows = model.objects.filter(assistant__workspace__slug=workspace).order_by("assistant", "pk")
    return list(rows.values_list("digest", flat=True))


def test_a_history_arrives_as_it_was(
    cast: Cast, grow: Grow, copy: Workspace, exported: Callable[[], Path]
) -> None:
    grow(versions=3)
    grow()
    erase_text(
        actor=make_user("olga@example.com", is_owner=True), text="Version 2.", reason="Leaked"
    )
    assert run(exported()) == {"assistant": 2, "revision": 4, "outcome": 4, "clearance": 0}
    for model in (Revision, Outcome):
        assert digests(model, "copy") == digests(model, "main")
    assert verified("copy") == []
    states = Assistant.objects.filter(workspace=copy).values_list("state", "live_version")
    assert sorted(states) == [(State.MISSING, 1), (State.MISSING, 3)]
    row = Assistant.objects.get(workspace=copy, live_version=3)
    assert (row.imported.revisions, row.imported.history_import.name) == (3, "Olga")
    assert row.imported.history_import.root_number == 1


def test_the_pages_say_where_it_is_from(
    cast: Cast, grow: Grow, copy: Workspace, exported: Callable[[], Path]
) -> None:
    grow()
    run(exported())
    admin = cast.admin
    admin.pk, admin.workspace, admin._state.adding = None, copy, True
    admin.save(force_insert=True)
    client = cast.client("admin")
    row = Assistant.objects.get(workspace=copy)
    for page in (f"/w/copy/assistants/{row.pk}/history/1/", "/w/copy/signed/"):
        text = client.get(page).content.decode()
        assert "Olga" in text
        assert "as of signed root 1 of the workspace" in text


def test_what_was_changed_is_refused(
    grow: Grow, copy: Workspace, exported: Callable[[], Path], tmp_path: Path
) -> None:
    grow(versions=2)
    path = exported()
    with ZipFile(path) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "history-main"
    whole = (folder / "history.jsonl").read_text()
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("revision", {"note": "Another"}, "its content is not what was written"),
        ("root", {"signature": "AAAA"}, "its signature is wrong"),
        ("root", {}, "nothing says that this is the history"),
        ("end", {}, "it is missing"),
    ]
    for kind, values, said in cases:
        (folder / "history.jsonl").write_text(whole)
        change(folder, lambda line, kind=kind: line["type"] == kind, **values)
        with pytest.raises(CommandError, match=said):
            run(folder / "history.jsonl")
    (folder / "history.jsonl").write_text(whole)
    Connection.objects.filter(workspace=copy).update(name="Another")
    with pytest.raises(CommandError, match="no connection named Built-in registry"):
        run(folder / "history.jsonl")
    assert not Revision.objects.filter(workspace=copy).exists()
    assert run(path, "--connection", "Another")["revision"] == 2
    with pytest.raises(CommandError, match="it must be empty"):
        run(path)


def test_nothing_is_live_before_the_remote_was_read(
    cast: Cast,
    copy: Workspace,
    connection_to: Connection,
    remote: Upstream,
    published: Any,
    exported: Callable[[], Path],
) -> None:
    published(connection_to)
    path = exported()
    there = Connection(workspace=copy)
    endpoint = Endpoint("openai", remote.url, {"api_key": "sk-secret"}, {})
    write_connection(there, name="Production", endpoint=endpoint, is_default=True)
    run(path)
    row = Assistant.objects.get(workspace=copy)
    assert row.state == State.MISSING
    sync(connections=[there])
    row = fresh(row)
    assert (row.state, row.live_version) == (State.LIVE, 2)
    assert verified("copy") == []
