"""Before a chain of calls over a connection begins: is there a place, and may it be asked now?

A chain is all that one request asks of a remote: the reading before a publish, the waiting for its
turn, the write, the reading back. It is let in or refused before its first call, never in between;
what happens to the connection meanwhile stops the next chain. Decision 14 tells why.
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
from assistants.services.errors import NotNow


@dataclass(frozen=True)
class Errand:
    """What a chain is for, and so how long it may take and whom it may keep waiting."""

    name: str
    is_check: bool = False
    """It takes one of the places for page checks."""
    deadline: str = ""
    """The setting with the seconds of a chain whose calls name no deadline of their own."""
    is_patient: bool = True
    """It waits for an answer as long as a publish would."""
    at_once: bool = False
    """It may be the trial call before a pause is over."""


CHECK = Errand("check", is_check=True, deadline="GATEWAY_CHECK_DEADLINE", is_patient=False)
"""A look at the remote behind a page: one try of each call, and a short deadline."""
STEP = Errand("step", is_check=True)
"""A step of bringing in, which the page asks for again and again."""
ACT = Errand("act", deadline="GATEWAY_PUBLISH_DEADLINE")
"""What a person asks for and waits for: publish, create, delete, send again, settle."""
TEST = Errand("test", deadline="GATEWAY_PUBLISH_DEADLINE", at_once=True)
COMMAND = Errand("command")
"""Work of a process that has no web threads: neither places nor pauses hold it back."""


@dataclass
class Chain:
    """The chain of calls that this thread is in."""

    errand: Errand
    connection_pk: int | None = None
    """None for a command, which goes over one connection after the other."""
    is_trial: bool = False
    is_decided: bool = False
    """Whether a call has told if the connection answers."""
    deadline: float | None = None
    """A `time.monotonic` value, for calls that name none."""
    since: float = field(default_factory=time.monotonic)
    """When the call that is under way began, roughly."""
    exits: ExitStack = field(default_factory=ExitStack)
    has_place: bool = False


_chain: ContextVar[Chain | None] = ContextVar("chain", default=None)


def current_chain() -> Chain | None:
    """Return the chain that this thread is in, if it is in one."""
    return _chain.get()


def deadline() -> float | None:
    """Return when the reads of the chain that this thread is in end (`time.monotonic`), if ever."""
    chain = current_chain()
    return chain.deadline if chain else None


def within(timeouts: Timeouts) -> Timeouts:
    """Return `timeouts` shortened to what is left to the chain that this thread is in."""
    chain = current_chain()
    if chain is None or chain.deadline is None:
        return timeouts
    left = max(chain.deadline - time.monotonic(), 0.0)
    tries = timeouts.tries if chain.errand.is_patient else 1
    return replace(timeouts, total=min(timeouts.total, left), tries=tries)


@contextmanager
def admitted(connection: Connection, errand: Errand) -> Iterator[None]:
    """Let this thread ask the remote of `connection` until the block ends.

    Inside another chain over the same connection nothing is asked for again. Raises `NotNow` at
    once when there is no place, or while the connection is paused; the built-in registry always
    may be asked.
    """
    outer = current_chain()
    if outer is not None and outer.connection_pk in (None, connection.pk):
        yield
        return
    chain = Chain(errand, connection.pk)
    with chain.exits:
        if not connection.is_in_process:
            if errand.deadline:
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
    """Let this process, a command, ask every remote whenever it wants to until the block ends."""
    with _inside(Chain(COMMAND)):
        yield


def may_wait() -> bool:
    """Return whether this thread may wait for somebody else's chain, which takes a place as well.

    A chain over a network has one; one over the registry takes it for the rest of its time.
    """
    chain = current_chain()
    return chain is None or chain.connection_pk is None or chain.has_place or _take_place(chain)


def count_failure(connection: Connection, error: GatewayError) -> None:
    """Tell the breaker that a call of this chain failed, if that says whether the remote answers.

    Any answer does, a refusal too.
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
    """Take a place of this process until the chain ends; False when there is none."""
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
