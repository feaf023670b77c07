"""The commands others script against: their output, exit codes, and that they may be repeated."""

import json
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import precise
from assistants.management.commands import sync as sync_command
from assistants.models import Assistant, Connection, Job
from assistants.services.syncing.jobs import sync
from tests.conftest import Cast
from tests.services.conftest import START
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_create_workspace_prints_its_slug_and_may_be_repeated(db: None) -> None:
    assert run("create_workspace", "support", "--name", "Support") == "support\n"
    assert run("create_workspace", "support") == "support\n"
    workspace = Workspace.objects.get()
    assert workspace.name == "Support"
    connection = Connection.objects.get(workspace=workspace)
    assert (connection.profile, connection.is_default) == ("registry", True)
    with pytest.raises(CommandError):
        run("create_workspace", "not a slug")


def test_sync_prints_counts(cast: Cast, connection_to: Connection, remote: Upstream) -> None:
    remote.add(**START)
    counts = {
        "connections": 2, "seen": 1, "added": 1, "changed": 0, "missing": 0, "failed": 0,
        "calls": 3, "waiting": 0,
    }  # fmt: skip
    assert json.loads(run("sync")) == counts
    assert json.loads(run("sync", "main")) == {**counts, "added": 0}
    assert Assistant.objects.get().name == "Support"
    with pytest.raises(CommandError):
        run("sync", "nowhere")


def test_sync_fails_with_exit_code_1_when_a_connection_does(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    with pytest.raises(SystemExit) as stopped:
        run("sync", "main")
    assert stopped.value.code == 1


def test_sync_that_is_asked_to_wait_too_long_says_so_and_the_next_run_goes_on(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_command, "sync", partial(sync, patience=60.0))
    remote.add(**START)
    remote.fail_next("GET", FaultSpec(status=429, body="{}", retry_after="120"))
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("sync", "main", stdout=out, stderr=err)
    assert stopped.value.code == 1
    assert json.loads(out.getvalue())["waiting"] == 1
    until = Job.objects.get(status="running").not_before
    assert until
    assert err.getvalue() == (
        f"Production: the gateway asked to wait until {precise(until)}."
        " The next run continues from there.\n"
    )
    Job.objects.update(not_before=timezone.now())
    counts = json.loads(run("sync", "main"))
    assert (counts["added"], counts["waiting"]) == (1, 0)


def test_settle_prints_counts(db: None) -> None:
    assert json.loads(run("settle")) == {"settled": 0, "open": 0, "failed": 0}
    assert json.loads(run("settle", "--now")) == {"settled": 0, "open": 0, "failed": 0}
