"""Killing a task worker at a step of settling, syncing and bringing in; another one takes over."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks.alive import Heart
from admin_ui.tasks.models import Recurring, TaskKey, TaskWorker
from admin_ui.tasks.timetable import Timetable
from admin_ui.tasks.worker import claim_task, run_claimed, take_over_tasks
from assistants.definition import Definition
from assistants.models import Assistant, Job, Kind
from assistants.services.syncing import jobs
from assistants.tasks import sync_soon
from tests.crash import scheduled
from tests.crash.paths import SETTLING, Case, Place, live
from tests.crash.runs import Run, ended, fork
from tests.crash.steps import DISTINCT, Steps, kill, watched
from tests.crash.truth import disagreements, untruths

ADDED = 2
"""Assistants that the remote has and nobody has brought in."""


@dataclass(frozen=True)
class Errand:
    """Work that `prepare` leaves and that a worker does by a timetable, and what is true then."""

    name: str
    prepare: Callable[[Place], Case]
    truth: Callable[[Case], Iterable[str]]
    timetable: dict[str, str]
    on_registry: bool = True
    look_again: Callable[[Case], None] | None = None
    """Lets time pass for those that took over, who then look for what is due."""


def outside(place: Place) -> Case:
    """One assistant that has changed outside, and others that are not here yet."""
    case = live(place)
    assert place.upstream is not None
    case.assistant = case.fresh()
    place.upstream.assistants[str(case.assistant.remote_id)]["temperature"] = 0.25
    case.wanted = None
    for number in range(ADDED):
        place.upstream.add(name=f"Added {number}", model="gpt-5")
    return case


def brought_in(place: Place) -> Case:
    """The same, after a person has asked for it."""
    case = outside(place)
    job = jobs.start(author=place.author, connection=place.connection)
    sync_soon(job.connection_id)
    return case


def mirrored(case: Case) -> Iterator[str]:
    """Yield where what is here is not what the remote holds, or is here twice."""
    held = case.place.held()
    here = Assistant.objects.filter(connection=case.place.connection, remote_id__in=held)
    if sorted(str(row.remote_id) for row in here) != sorted(held):
        yield f"{len(held)} on the remote, {len(here)} here"
    for row in here.select_related("connection", "live", "slot"):
        yield from (what for what in disagreements(row, held) if "our own change" not in what)
        kinds = list(row.revisions.order_by("number").values_list("kind", flat=True))
        is_first = row.pk == case.assistant.pk
        expected = [Kind.CREATE, Kind.OUTSIDE] if is_first else [Kind.BRING_IN]
        if kinds != expected:
            yield f"the history of {row} is {kinds}"
    if Job.objects.exclude(status=Job.Status.DONE).exists():
        yield "a job did not end"
    if is_stale(held, case):
        yield "a change from outside is not here"


def is_stale(held: dict[str, Definition], case: Case) -> bool:
    return case.fresh().live_digest != held[str(case.assistant.remote_id)].digest


ERRANDS = (
    *(
        Errand(f"a task: {path.name}", path.prepare, untruths, {"settle_due": "86400"})
        for path in SETTLING[:2]
    ),
    Errand("a task: sync", outside, mirrored, {"sync_all": "86400"}, on_registry=False),
    Errand("a task: bring in", brought_in, mirrored, {}, on_registry=False),
    Errand(
        "a task: publish what is approved",
        scheduled.approved,
        scheduled.published_once,
        {},
        look_again=scheduled.look_again,
    ),
    Errand(
        "a task: publish at a time, until another",
        scheduled.for_a_time,
        scheduled.back_again,
        {},
        look_again=scheduled.look_again,
    ),
    Errand(
        "a task: bring back at its end",
        scheduled.at_its_end,
        scheduled.back_again,
        {},
        look_again=scheduled.look_again,
    ),
)


def killed_worker(errand: Errand, place: Place, step: int) -> Run:
    """Kill a worker at its `step`-th step, let another one go on, and look at everything."""
    quick = patch("assistants.services.syncing.lease.LEASE", timedelta(seconds=0.3))
    late = override_settings(TIMETABLE=errand.timetable, LATE_LANDING_SECONDS=0)
    place.clear()
    for model in (DBTaskResult, TaskKey, TaskWorker, Recurring, Job):
        model.objects.all().delete()
    Assistant.objects.filter(connection=place.connection).update(state="deleted", slot=None)
    with quick, late:
        case = errand.prepare(place)
        time.sleep(settings.PUBLISH_LEASE_SECONDS + 0.01)
        reading, writing = os.pipe()

        def doomed() -> None:
            def last_words(name: str) -> None:
                os.write(writing, name.encode())
                kill()

            heart = Heart()
            heart.start()
            with watched(Steps(at=step, act=last_words, only=DISTINCT)):
                work_off(heart)

        code = ended(fork(doomed))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            run = Run(pipe.read())
        if code != (-signal.SIGKILL if run.step else 0):
            run.problems.append(f"the worker ended with {code}")
        heart = Heart()
        heart.start()
        heart.bury()
        take_over_tasks()
        work_off(heart)
        for _ in range(scheduled.AGAIN if errand.look_again else 0):
            time.sleep(settings.PUBLISH_LEASE_SECONDS + 0.01)
            assert errand.look_again is not None
            errand.look_again(case)
            work_off(heart)
        run.problems += [*errand.truth(case), *_about_the_queue(errand)]
    run.outcome = "taken over" if run.step else "undisturbed"
    return run


def work_off(heart: Heart) -> None:
    """Queue what is due and run all that is queued, also what waits to be repeated."""
    Timetable().tick()
    while True:
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        row = claim_task(heart.name)
        if row is None:
            return
        run_claimed(row)


def _about_the_queue(errand: Errand) -> Iterator[str]:
    if keys := list(TaskKey.objects.values_list("key", flat=True)):
        yield f"the keys {keys} are still taken"
    ends = set(DBTaskResult.objects.values_list("status", flat=True))
    if ends != {"SUCCESSFUL"}:
        yield f"tasks are {sorted(ends)}"
    for name in errand.timetable:
        count = DBTaskResult.objects.filter(task_path__endswith=f".{name}").count()
        if count != 1:
            yield f"{name} was queued {count} times"
