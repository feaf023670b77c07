"""Cutting the database or the gateway off at one step of a change, in a process that lives on."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

import httpx
from django.db import OperationalError, connection
from django.db.utils import Error

from assistants.gateway import GatewayError, Timeouts
from assistants.services.errors import ServiceError
from tests.crash.paths import Path, Place
from tests.crash.runs import Run, begun_before, judged
from tests.crash.steps import DISTINCT, Act, Steps, watched


def gone(_: str) -> None:
    raise OperationalError("the database is gone")


def terminate(_: str) -> None:
    """End this process's session, as an administrator or a restart of PostgreSQL does."""
    import psycopg

    ours = connection.connection
    if ours is None or ours.closed:
        return
    parameters = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    plain = {name: value for name, value in parameters.items() if name in names}
    with psycopg.connect(**plain, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [ours.info.backend_pid])


def failing(error: type[httpx.TransportError]) -> Act:
    def act(_: str) -> None:
        raise error("cut")

    return act


@dataclass(frozen=True)
class Cut:
    """One way of cutting: what happens, at which steps, and whether it lasts."""

    name: str
    act: Act
    only: tuple[str, ...]
    lasting: bool = False


DATABASE = (
    Cut("a statement fails", gone, ("before", "after")),
    Cut("the database stays away", gone, DISTINCT, lasting=True),
)
SESSION = Cut("the session is ended", terminate, DISTINCT)
GATEWAY = tuple(
    Cut(f"{name}, {'from then on' if lasting else 'once'}", act, (moment,), lasting=lasting)
    for name, act, moment in (
        ("refused", failing(httpx.ConnectError), "before call"),
        ("reset before", failing(httpx.ReadError), "before call"),
        ("reset after", failing(httpx.ReadError), "after call"),
        ("no answer", failing(httpx.ReadTimeout), "after call"),
    )
    for lasting in (False, True)
)


def cut_at(path: Path, place: Place, cut: Cut, step: int) -> Run:
    """Go the way of `path` with a cut at its `step`-th step, then settle with all in order."""
    place.clear()
    case = path.prepare(place)
    before = begun_before(case)
    run = Run("")
    steps = Steps(at=step, act=cut.act, lasting=cut.lasting, only=cut.only)
    with no_pauses(), watched(steps), suppress(Error, GatewayError, ServiceError):
        path.act(case)
    connection.close()
    if len(steps.names) >= step:
        run.step = steps.names[step - 1]
    return judged(case, before, run)


def every_cut(path: Path, place: Place, cut: Cut) -> Iterator[Run]:
    step = 0
    while True:
        step += 1
        run = cut_at(path, place, cut, step)
        yield run
        if not run.step:
            return


@contextmanager
def no_pauses() -> Iterator[None]:
    """Repeat reads at once."""
    quick = partial(Timeouts, pause=0.001)
    with patch("assistants.services.connections.client.Timeouts", quick):
        yield
