"""Admitting a chain of calls over a connection, or refusing it before its first call.

A chain is all the calls of one request: reading before a publish, waiting for the slot, writing,
reading back. It is never stopped in between; events on the connection stop the next chain. Decision
14 explains why.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from django.conf import settings

from assistants.gateway import GatewayError, Timeouts
from assistants.gateway.bulkhead import BULKHEAD, ChainLimits
from assistants.models import Connection
from assistants.services.connections import breaker
from assistants.services.errors import ConnectionArchived, NotNow


@dataclass(frozen=True)
class Errand:
    """The purpose of a chain, which decides how long it may take and which guards hold."""

    name: str
    is_check: bool = False
    """It takes one of the places for page checks."""
    deadline: str = ""
    """The setting with the seconds of a chain, for calls without a deadline of their own."""
    is_patient: bool = True
    """It waits for an answer as long as a publish would."""
    at_once: bool = False
    """It may be the trial before a pause is over."""
    seconds: float = 0.0
    """It ends after so many, without a conclusion about the remote; 0 for none."""


CHECK = Errand("check", is_check=True, deadline="GATEWAY_CHECK_DEADLINE", is_patient=False)
"""A check in the background of a page: one try of each call, and a short deadline."""
FIRST_LOOK_SECONDS = 0.7
FIRST_LOOK = Errand("glance", is_check=True, seconds=FIRST_LOOK_SECONDS, is_patient=False)
"""A page check that a task worker takes over if the remote does not answer at once."""
CHECK_IN_TASK = Errand("check in a task", deadline="GATEWAY_READ_TIMEOUT", is_patient=False)
"""A page check in a worker, which keeps no web thread busy: one try of each call, no hurry."""
READING_OFFERS = Errand("offers", seconds=60.0, is_patient=False)
"""Reading what a connection offers, in a worker."""
GLANCE_AT_OFFERS = Errand(
    "glance at offers", is_check=True, deadline="GATEWAY_CHECK_DEADLINE", is_patient=False
)
"""The same behind a page, if there is no worker."""
STEP = Errand("step", is_check=True)
"""A step of bringing in, which its page requests repeatedly."""
ACT = Errand("act", deadline="GATEWAY_PUBLISH_DEADLINE")
"""An action that a person waits for: publish, create, delete, send again, settle."""
UPLOAD = Errand("upload", deadline="GATEWAY_UPLOAD_DEADLINE")
GLANCE_AT_STORE = Errand(
    "glance at a store", is_check=True, deadline="GATEWAY_CHECK_DEADLINE", is_patient=False
)
"""Reading the documents of a store behind its page."""
TEST = Errand("test", deadline="GATEWAY_PUBLISH_DEADLINE", at_once=True)
COMMAND = Errand("command")
"""Work of a process without web threads, which neither places nor pauses limit."""


@dataclass
class Chain:
    """The chain of calls that this thread is in."""

    errand: Errand
    connection_pk: int | None = None
    """None for a command, which uses one connection after the other."""
    is_trial: bool = False
    is_decided: bool = False
    """Whether a call has shown if the connection answers."""
    deadline: float | None = None
    """A `time.monotonic` value, for calls without a deadline of their own."""
    since: float = field(default_factory=time.monotonic)
    """The approximate start of the running call."""
    exits: ExitStack = field(default_factory=ExitStack)
    has_place: bool = False


_chain: ContextVar[Chain | None] = ContextVar("chain", default=None)


def current_chain() -> Chain | None:
    """Return the chain of this thread, if any."""
    return _chain.get()


def deadline() -> float | None:
    """Return the deadline for reads of this thread's chain (`time.monotonic`), if any."""
    chain = current_chain()
    return chain.deadline if chain else None


def within(timeouts: Timeouts) -> Timeouts:
    """Return `timeouts`, shortened to the rest of this thread's chain."""
    chain = current_chain()
    if chain is None or chain.deadline is None:
        return timeouts
    left = max(chain.deadline - time.monotonic(), 0.0)
    tries = timeouts.tries if chain.errand.is_patient else 1
    return replace(timeouts, total=min(timeouts.total, left), tries=tries)


@contextmanager
def admitted(connection: Connection, errand: Errand) -> Iterator[None]:
    """Let this thread call the remote of `connection` until the block ends.

    A chain inside another one over the same connection needs no second admission. Raises `NotNow`
    at once if there is no place, or while the connection is paused, and `ConnectionArchived`. The
    built-in registry always accepts calls.
    """
    if connection.archived_at is not None:
        raise ConnectionArchived
    outer = current_chain()
    if outer is not None and outer.connection_pk in (None, connection.pk):
        yield
        return
    chain = Chain(errand, connection.pk)
    with chain.exits:
        if not connection.is_in_process:
            if errand.seconds:
                chain.deadline = time.monotonic() + errand.seconds
            elif errand.deadline:
                chain.deadline = time.monotonic() + getattr(settings, errand.deadline)
            if not _take_place(chain):
                raise NotNow
            chain.is_trial = breaker.ask(
                connection, patient=errand.is_patient, at_once=errand.at_once
            )
        with _inside(chain):
            try:
                yield
            finally:
                if chain.is_trial and not chain.is_decided:
                    breaker.give_back_trial(connection)


@contextmanager
def unlimited() -> Iterator[None]:
    """Let this process, a command, call every remote without limits until the block ends."""
    with _inside(Chain(COMMAND)):
        yield


def is_cut_short() -> bool:
    """Return whether the time of this thread's glance is over, so a failure says nothing."""
    chain = current_chain()
    if chain is None or not chain.errand.seconds or chain.deadline is None:
        return False
    return time.monotonic() > chain.deadline - 0.05


def may_wait() -> bool:
    """Return whether this thread may wait for somebody else's chain, which needs a place too.

    A chain over a network has one; a chain over the registry takes one until its end.
    """
    chain = current_chain()
    return chain is None or chain.connection_pk is None or chain.has_place or _take_place(chain)


def count_failure(connection: Connection, error: GatewayError) -> None:
    """Tell the breaker that a call of this chain failed, if that shows whether the remote answers.

    Any answer does, even a refusal.
    """
    chain = current_chain()
    if connection.is_in_process:
        return
    seconds = 0.0 if chain is None else time.monotonic() - chain.since
    if breaker.is_timeout(error, seconds):
        patient = chain is None or chain.errand.is_patient
        breaker.note_timeout(connection, trial=bool(chain and chain.is_trial), patient=patient)
    elif error.status is not None:
        breaker.note_reply(connection)
    else:
        return
    _decided(chain)


def count_answer(connection: Connection) -> None:
    """Tell the breaker that a call of this chain was answered."""
    breaker.note_reply(connection)
    _decided(current_chain())


def _decided(chain: Chain | None) -> None:
    if chain is not None:
        chain.is_decided, chain.is_trial, chain.since = True, False, time.monotonic()


def _take_place(chain: Chain) -> bool:
    """Take a place of this process until the chain ends; False if there is none."""
    remote, check = chain.connection_pk, chain.errand.is_check
    if not BULKHEAD.enter(remote, ChainLimits(settings.WEB_THREADS), check=check):
        return False
    chain.exits.callback(BULKHEAD.leave, remote, check=check)
    chain.has_place = True
    return True


@contextmanager
def _inside(chain: Chain) -> Iterator[None]:
    token = _chain.set(chain)
    try:
        yield
    finally:
        _chain.reset(token)
