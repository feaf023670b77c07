"""How many calls a piece of work makes, and how long the remotes take to answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """The calls sent so far, repetitions included, and the seconds until their answers."""

    calls: int = 0
    seconds: float = 0.0


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
