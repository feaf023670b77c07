"""Killing a process at a step or at a moment, settling, and looking whether all is true."""

import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from django.db import connections

from tests.crash.paths import Case, Path, Place
from tests.crash.steps import DISTINCT, Steps, kill, watched
from tests.crash.truth import goes_on, outcome_of, settled


@dataclass
class Run:
    """One process that was broken off, and what was found afterwards."""

    step: str
    """Where it was broken off; "" when it came to its end."""
    outcome: str = ""
    problems: list[str] = field(default_factory=list)


def fork(work: Callable[[], None]) -> int:
    """Run `work` in a child with a database connection of its own; returns its process id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(pid: int) -> int:
    """Wait for a child; returns its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def begun_before(case: Case) -> int:
    """Return the number of the newest revision that is at its end."""
    row = case.fresh()
    return row.last_number - (row.slot_id is not None)


def killed_at(path: Path, place: Place, step: int) -> Run:
    """Let a process go the way of `path` and kill it at its `step`-th step."""
    place.clear()
    case = path.prepare(place)
    before = begun_before(case)
    reading, writing = os.pipe()

    def work() -> None:
        def last_words(name: str) -> None:
            os.write(writing, name.encode())
            kill()

        with watched(Steps(at=step, act=last_words, only=DISTINCT)):
            path.act(case)

    code = ended(fork(work))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        name = pipe.read()
    expected = -signal.SIGKILL if name else 0
    return judged(case, before, Run(name), code, expected)


def killed_after(path: Path, place: Place, seconds: float) -> Run:
    """Let a process go the way of `path` and kill it after so many seconds."""
    place.clear()
    case = path.prepare(place)
    before = begun_before(case)
    pid = fork(lambda: path.act(case))
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    code = ended(pid)
    return judged(case, before, Run(f"after {seconds * 1000:.0f} ms" if code else ""), code, code)


def judged(case: Case, before: int, run: Run, code: int = 0, expected: int = 0) -> Run:
    """Settle, look at everything, and go on as a person would."""
    if code != expected:
        run.problems.append(f"the process ended with {code}")
    run.problems += settled(case)
    run.outcome = outcome_of(case, before)
    if not run.problems:
        run.problems += (f"afterwards: {problem}" for problem in goes_on(case))
    return run


def every_step(killed: Callable[[int], Run]) -> Iterator[Run]:
    """Kill at the first step, at the second, and so on until the process comes to its end."""
    step = 0
    while True:
        step += 1
        run = killed(step)
        yield run
        if not run.step:
            return


def random_moments(path: Path, place: Place, chance: random.Random) -> Iterator[Run]:
    """Kill at a random moment of the process's life, again and again."""
    place.clear()
    case = path.prepare(place)
    start = time.perf_counter()
    assert ended(fork(lambda: path.act(case))) == 0
    longest = time.perf_counter() - start
    while True:
        yield killed_after(path, place, chance.uniform(0, longest))


@dataclass
class Tally:
    """What came of many runs of one kind."""

    runs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)

    def add(self, run: Run, label: str) -> None:
        self.runs += 1
        self.outcomes[run.outcome] += 1
        self.losses += (f"{label}, {run.step or 'to its end'}: {what}" for what in run.problems)


def number_of_steps(path: Path, place: Place, only: Collection[str]) -> int:
    """Go the way of `path` undisturbed; returns how many steps of these kinds it takes."""
    place.clear()
    case = path.prepare(place)
    with watched(Steps(only=only)) as steps:
        path.act(case)
    return len(steps.names)
