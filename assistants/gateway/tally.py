"""How many calls are made, how long the remotes take to answer, and with what result."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """The calls sent so far, repetitions included, and the seconds until their answers."""

    calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Attempt:
    """One attempt of a call, with the seconds it took."""

    profile: str
    method: str
    result: str
    """"ok", or the kind of the error."""
    seconds: float


WATCHERS: list[Callable[[Attempt], None]] = []
"""Functions that get each call of this process, once it has ended."""

_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def counted() -> Iterator[Tally]:
    """Count every call that this thread sends inside the block."""
    tally = Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


@contextmanager
def one_call() -> Iterator[None]:
    """Count the block as one call."""
    tally, started = _tally.get(), time.monotonic()
    try:
        yield
    finally:
        if tally is not None:
            tally.calls += 1
            tally.seconds += time.monotonic() - started


def ended(profile: str, method: str, result: str, began: float) -> None:
    """Pass a call that began at `began` (`time.monotonic()`) on to the watchers."""
    for watch in WATCHERS:
        watch(Attempt(profile, method, result, time.monotonic() - began))
