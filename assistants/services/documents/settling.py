"""Settling everything that is in doubt: changes of assistants, then changes of documents."""

from collections.abc import Callable

from assistants.services.connections import admission
from assistants.services.documents.looking import open_changes, settle_changes
from assistants.services.remote.settle import settle_all, settle_over


def settle_everything(*, now: bool = False) -> dict[str, int]:
    """Settle all that is in doubt; see `settle_all`, with whose counts it answers."""
    counts = settle_all(now=now)
    with admission.unlimited():
        return _sum(counts, settle_changes(open_changes(now=now)))


def settle_on(*, connection_pk: int, stop: Callable[[], bool]) -> dict[str, int]:
    """Settle what is in doubt and due on one connection; see `settle_over`."""
    counts = settle_over(connection_pk=connection_pk, stop=stop)
    due = open_changes().filter(connection=connection_pk)
    return _sum(counts, settle_changes(due, stop=stop))


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: count + other[name] for name, count in one.items()}
