"""Playing the cells of one way of writing, and telling which of them lost or invented something."""

from collections.abc import Callable, Iterable

from tests.conftest import Cast
from tests.faults.catalogue import Fault
from tests.faults.cell import play
from tests.faults.remotes import Remote

OPEN = {
    ("publish a number", "number clamped, answer lost"): ("answered not_delivered, not applied",),
    ("publish metadata", "metadata key kept, answer lost"): (
        "answered not_delivered, not applied",
    ),
}
"""What is known to be wrong at once, and comes right with the next look: `publish.landed` asks for
a field that reads as wanted, where every field sent may be stored otherwise."""

Record = Callable[[str, object], None]


def wrong(
    *,
    place: str,
    path: str,
    faults: Iterable[Fault],
    cast: Cast,
    new_remote: Remote,
    record_property: Record,
) -> dict[str, tuple[str, ...]]:
    """Return what should not be, by the name of the fault under which it came about."""
    found = {}
    for fault in faults:
        with new_remote() as (connection, remote):
            cell = play(path=path, fault=fault, cast=cast, connection=connection, remote=remote)
        record_property("cell", (place, fault.name, path, str(cell)))
        if (path, fault.name) in OPEN:
            if cell.problems != OPEN[path, fault.name]:
                found[fault.name] = ("no longer wrong as noted in OPEN", *cell.problems)
        elif cell.problems:
            found[fault.name] = cell.problems
    return found
