"""Two processes that do something with the same assistant at the same moment."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.test import override_settings

from admin_ui.accounts.models import Member
from assistants.models import Connection, Revision
from assistants.services.remote.settle import settle_all
from assistants.services.syncing import jobs
from tests.crash.paths import (
    SETTLING,
    Case,
    Place,
    delete_it,
    edit,
    edited,
    live,
    publish_draft,
    recreate_it,
    to_recreate,
)
from tests.crash.runs import ended, fork
from tests.crash.truth import untruths

SAID = 200  # characters of what a process says it has met


def together(*works: Callable[[], object]) -> list[str]:
    """Run each in a process of its own, all from one moment on; returns the error of each or ""."""
    waiting, go = os.pipe()
    children = []
    for work in works:
        reading, writing = os.pipe()

        def child(work: Callable[[], object] = work, writing: int = writing) -> None:
            os.close(go)
            os.read(waiting, 1)  # comes back when the parent lets go
            try:
                work()
            except Exception as error:
                os.write(writing, f"{type(error).__name__}: {error}"[:SAID].encode())

        children.append((fork(child), reading))
        os.close(writing)
    os.close(waiting)
    os.close(go)
    said = []
    for pid, reading in children:
        code = ended(pid)
        with os.fdopen(reading) as pipe:
            said.append(pipe.read() or (f"exit code {code}" if code else ""))
    return said


@dataclass(frozen=True)
class Race:
    """Two ways to go at once on what `prepare` makes, and how they may fail: what the names of
    the errors of each begin with."""

    name: str
    prepare: Callable[[Place], Case]
    one: Callable[[Case], object]
    other: Callable[[Case], object]
    errors: tuple[str, ...] = ()
    losers: int = 0
    """How many must have failed; -1 where both may get through, or one."""
    kinds: dict[str, int] | None = None
    """How often a kind of revision must have been applied."""
    lease: float = 60
    """Seconds; with 0, whatever is pending may be settled at once, though its process lives."""


def run(race: Race, place: Place, colleague: Member) -> Iterator[str]:
    """Let them race, and yield what is not as it must be."""
    with override_settings(PUBLISH_LEASE_SECONDS=race.lease):
        yield from _run(race, place, colleague)


def _run(race: Race, place: Place, colleague: Member) -> Iterator[str]:
    place.clear()
    case = race.prepare(place)
    theirs = replace(case, place=replace(place, author=colleague))
    if race.one is race.other is publish_draft and case.fresh().live_id:
        edit(theirs, "Be quick.")
    said = together(lambda: race.one(case), lambda: race.other(theirs))
    failed = [text for text in said if text]
    if strange := [text for text in failed if not text.startswith(race.errors or "?")]:
        yield f"a process met {strange}"
    if race.losers >= 0 and len(failed) != race.losers:
        yield f"{len(failed)} of the two failed: {failed}"
    with override_settings(LATE_LANDING_SECONDS=0):  # nothing is on its way any more
        settle_all()
    for each in (case, theirs):
        yield from untruths(each)
    for kind, count in (race.kinds or {}).items():
        rows = Revision.objects.filter(assistant=case.assistant, kind=kind)
        applied = rows.filter(outcomes__status="applied").count()
        if applied != count:
            yield f"{applied} revisions of kind {kind} were applied"


def sync(case: Case) -> None:
    jobs.sync(connections=Connection.objects.filter(pk=case.place.connection.pk))


def settle(_: Case) -> None:
    settle_all()


FIRST = ("Conflict", "Busy")
GONE = ("Missing", "NoTarget", "Busy", "Conflict")
RACES = (
    Race("publish beside publish", edited, publish_draft, publish_draft, FIRST, 1, {"edit": 1}),
    Race("publish beside settle", edited, publish_draft, settle, kinds={"edit": 1}),
    Race(
        "publish beside settle, no lease", edited, publish_draft, settle, kinds={"edit": 1}, lease=0
    ),
    Race("publish beside sync", edited, publish_draft, sync, kinds={"edit": 1, "bring_in": 0}),
    Race("publish beside delete", edited, publish_draft, delete_it, GONE, -1),
    Race("delete beside delete", live, delete_it, delete_it, GONE, 1, {"delete": 1}),
    Race(
        "recreate beside recreate", to_recreate, recreate_it, recreate_it, GONE, 1, {"recreate": 1}
    ),
    *(
        Race(f"{path.name}, beside settle", path.prepare, settle, settle, lease=0)
        for path in SETTLING
    ),
)
