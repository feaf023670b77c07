"""Playing the cells of one way of writing, and telling which of them lost or invented something."""

from collections.abc import Callable, Iterable

from tests.conftest import Cast
from tests.faults.catalogue import Fault
from tests.faults.cell import play
from tests.faults.remotes import Remote

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
        if cell.problems:
            found[fault.name] = cell.problems
    return found
