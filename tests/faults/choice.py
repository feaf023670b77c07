"""Which cells are played: a sample dealt by a seed, or with FAULTS=all every one."""

import random
from collections.abc import Sequence

from tests.faults.catalogue import FAULTS, Fault
from tests.faults.paths import PATHS
from tests.faults.report import ALL, SEED


def cells(paths: Sequence[str] = tuple(PATHS), most: int | None = None) -> dict[str, list[Fault]]:
    """Return the faults to play for each of `paths`.

    In a sample every fault comes up once, or only `most` of them do.
    """
    if ALL:
        return {path: [fault for fault in FAULTS if has_meaning(fault, path)] for path in paths}
    deck = random.Random(SEED)
    chosen: dict[str, list[Fault]] = {path: [] for path in paths}
    for fault in deck.sample(FAULTS, len(FAULTS))[:most]:
        fitting = [path for path in paths if has_meaning(fault, path)]
        fewest = min(len(chosen[path]) for path in fitting)
        path = deck.choice([path for path in fitting if len(chosen[path]) == fewest])
        chosen[path].append(fault)
    return chosen


def has_meaning(fault: Fault, path: str) -> bool:
    return bool(fault.expected(PATHS[path].group)[0])
