"""The connection is paused between two steps of every way of writing: nothing is lost.

What has begun goes on to its end, reading back included; what has not begun leaves no trace. A
third of the steps are played, and all of them with FAULTS=all.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from http.server import ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from django.db import connection as database
from django.utils import timezone

from assistants.gateway import GatewayError
from assistants.models import Connection, Draft, Outcome, Revision
from assistants.services.connections.breaker import IN_A_ROW
from assistants.services.errors import NotNow
from assistants.services.publishing.resend import resend
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.crash.cuts import no_pauses
from tests.crash.paths import PATHS, Case, Path, Place, delete_it, edited, left_by, publish_draft
from tests.crash.runs import Run, begun_before, judged
from tests.crash.steps import DISTINCT, Steps, watched
from tests.faults.report import ALL, SEED
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    settings.PUBLISH_LEASE_SECONDS = 0.05
    monkeypatch.setattr(ThreadingHTTPServer, "handle_error", lambda *_: None)
    return Place(cast.admin, connection_to, remote)


def refused_once(place: Place) -> Case:
    """A publish that the gateway put off, so that it was not delivered."""
    case = edited(place)
    assert place.upstream
    place.upstream.fail_next("POST", FaultSpec(status=429, body="{}"))
    publish_draft(case)
    row = case.fresh()
    assert row.trouble == "not_delivered"
    case.revision = row.revisions.latest("number")
    return case


def send_again(case: Case) -> None:
    assert case.revision
    resend(author=case.place.author, assistant=case.fresh(), revision=case.revision)


def look(case: Case) -> None:
    check_remote(assistant=case.fresh())


def lease_over(path: Path) -> Path:
    """Settling, by a page, what a process left that died at the write of another path."""
    method = "DELETE" if path.name == "delete" else "POST"
    left = left_by(path, f"after call {method}")

    def prepare(place: Place) -> Case:
        case = left.prepare(place)
        past = timezone.now() - timedelta(seconds=1)
        type(case.assistant).objects.filter(pk=case.assistant.pk).update(slot_until=past)
        return case

    return Path(f"settle {path.name}", prepare, look)


WAYS = (
    *PATHS,
    Path("send again", refused_once, send_again),
    *(lease_over(path) for path in PATHS if path.name in ("publish", "create", "delete")),
)


def pause(row: Connection, until: timedelta = timedelta(minutes=1)) -> None:
    Connection.objects.filter(pk=row.pk).update(
        timeouts=IN_A_ROW, paused_until=timezone.now() + until, pause_holds_all=True
    )


def pause_at(step: str, row: Connection) -> None:
    """Pause at a step. After a commit somebody else does it, on a connection of their own: ours is
    about to leave its transaction, and PostgreSQL's driver takes no statement before it has."""
    if step != "after COMMIT":
        pause(row)
        return

    def elsewhere() -> None:
        try:
            pause(row)
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(elsewhere).result()


def end_pause(row: Connection) -> None:
    Connection.objects.filter(pk=row.pk).update(
        timeouts=0, paused_until=None, pause_holds_all=False
    )
    row.refresh_from_db()


def every_pause(path: Path, place: Place) -> Iterator[Run]:
    """Go the way of `path` with a pause that begins at one step after the other.

    Where that step is the answer to a write, the answer does not come either.
    """
    stride = 1 if ALL else 3
    step = random.Random(f"{SEED} {path.name}").randint(1 - stride, 0)
    while True:
        step += stride
        place.clear()
        end_pause(place.connection)
        case = path.prepare(place)
        before, drafts = begun_before(case), drafts_of(case)
        refused = False

        def act(name: str) -> None:
            pause_at(name, place.connection)
            if name in ("after call POST", "after call DELETE"):
                raise httpx.ReadTimeout("cut")

        steps = Steps(at=step, act=act, only=DISTINCT)
        with no_pauses(), watched(steps), suppress(GatewayError):
            try:
                path.act(case)
            except NotNow:
                refused = True
        run = Run(steps.names[step - 1] if len(steps.names) >= step else "")
        if refused and any("call" in name for name in steps.names[:step]):
            run.problems.append("it was refused in the middle of its chain of calls")
        if refused and begun_before(case) != before:
            run.problems.append("it was refused after a revision was inserted")
        if refused and not drafts <= drafts_of(case):
            run.problems.append("it was refused, and a draft is gone")
        end_pause(place.connection)
        yield judged(case, before, run)
        if not run.step:
            return


def drafts_of(case: Case) -> set[int]:
    return set(Draft.objects.filter(assistant=case.assistant).values_list("pk", flat=True))


@pytest.mark.parametrize("path", WAYS, ids=lambda path: path.name)
def test_a_pause_that_begins_at_any_step_loses_nothing(place: Place, path: Path) -> None:
    runs = list(every_pause(path, place))
    losses = [f"{run.step or 'to its end'}: {what}" for run in runs for what in run.problems]
    assert not losses
    outcomes = [run.outcome for run in runs[:-1]]
    refused = outcomes.count("never begun")
    assert outcomes == ["never begun"] * refused + ["applied"] * (len(outcomes) - refused)
    assert refused < len(outcomes), "what had begun went on"


@pytest.mark.parametrize("path", WAYS, ids=lambda path: path.name)
def test_a_pause_that_began_before_leaves_no_trace_of_what_it_refuses(
    place: Place, path: Path
) -> None:
    place.clear()
    case = path.prepare(place)
    before, drafts = begun_before(case), drafts_of(case)
    rows = Revision.objects.count(), Outcome.objects.count()
    assert place.upstream
    place.upstream.requests.clear()
    pause(place.connection)
    if path.name.startswith("settle"):
        assert check_remote(assistant=case.fresh()).found == "held"
        assert case.fresh().slot_id, "it stays as it is, for the next one"
    else:
        with pytest.raises(NotNow) as refused:
            path.act(case)
        assert refused.value.until is not None
    assert (Revision.objects.count(), Outcome.objects.count()) == rows
    assert drafts <= drafts_of(case)
    assert place.upstream.requests == []
    end_pause(place.connection)
    assert not judged(case, before, Run("")).problems


def test_what_was_sent_is_read_back_however_often_the_gateway_has_not_answered(
    place: Place,
) -> None:
    """The write itself is the timeout that pauses the connection."""
    case = edited(place)
    Connection.objects.filter(pk=place.connection.pk).update(timeouts=IN_A_ROW - 1)
    assert place.upstream
    place.upstream.requests.clear()

    def act(name: str) -> None:
        pause(place.connection)
        raise httpx.ReadTimeout("cut")

    with watched(Steps(on="after call POST", act=act)):
        publish_draft(case)
    assert [method for method, _, _ in place.upstream.requests] == ["GET", "POST", "GET"]
    row = case.fresh()
    assert (row.live_version, row.trouble, row.slot_id) == (2, "", None)
    place.connection.refresh_from_db()
    with pytest.raises(NotNow):
        delete_it(case)
