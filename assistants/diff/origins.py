"""Which version introduced each line of a text, from one version to the next.

A line belongs to the version in which it first appeared. A line that was removed and comes back, or
moved, keeps that version. No Django, no I/O.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from time import thread_time

from assistants.diff.matching import find_matches

MOST_REMOVED = 5_000
"""How many removed lines are remembered; those removed first are forgotten first."""
MOST_SECONDS = 2.0
"""Processor time for one comparison. What is not compared by then counts as removed and added."""
_RUN = struct.Struct("<II")
_LOST = struct.Struct("<8sI")


@dataclass(frozen=True)
class Origins:
    """The version that introduced each line, and those of the lines that were removed."""

    lines: tuple[int, ...] = ()
    removed: dict[bytes, int] = field(default_factory=dict)
    """By a digest of the line, in the order in which they were removed."""

    def pack(self) -> bytes:
        """Return it as bytes for storage; they hold no text."""
        runs = [(version, len(list(same))) for version, same in groupby(self.lines)]
        parts = [
            struct.pack("<I", len(runs)),
            *(_RUN.pack(*run) for run in runs),
            *(_LOST.pack(*entry) for entry in self.removed.items()),
        ]
        return zlib.compress(b"".join(parts))

    @classmethod
    def unpack(cls, packed: bytes) -> "Origins":
        """Read what `pack` wrote."""
        data = zlib.decompress(packed)
        (count,) = struct.unpack_from("<I", data)
        end = 4 + count * _RUN.size
        runs = _RUN.iter_unpack(data[4:end])
        lines = tuple(version for version, size in runs for _ in range(size))
        return cls(lines, dict(_LOST.iter_unpack(data[end:])))


def numbered_lines(text: str) -> list[str]:
    """Split a text into lines, as pages number them; no line has its line feed."""
    return text.split("\n") if text else []


def next_origins(before: Origins, old: str, new: str, *, version: int) -> Origins:
    """Return the origins of `new`, the text of `version`, from those of `old` before it."""
    a, b = numbered_lines(old), numbered_lines(new)
    matches = find_matches(a, b, thread_time() + MOST_SECONDS)
    kept = {
        match.new + offset: before.lines[match.old + offset]
        for match in matches
        for offset in range(match.size)
    }
    still = {match.old + offset for match in matches for offset in range(match.size)}
    gone = ((a[place], before.lines[place]) for place in range(len(a)) if place not in still)
    removed = _remember(before.removed, gone)
    lines = []
    for place, line in enumerate(b):
        known = kept.get(place)
        if known is None:
            known = removed.get(_digest(line), version) if line.strip() else version
        lines.append(known)
    return Origins(tuple(lines), removed)


def _remember(removed: dict[bytes, int], gone: Iterable[tuple[str, int]]) -> dict[bytes, int]:
    known = dict(removed)
    for line, version in gone:
        if line.strip():
            digest = _digest(line)
            known[digest] = min(known.get(digest, version), version)
    surplus: Sequence[bytes] = list(known)[: max(len(known) - MOST_REMOVED, 0)]
    for digest in surplus:
        del known[digest]
    return known


def _digest(line: str) -> bytes:
    return blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
