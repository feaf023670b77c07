"""A text as its difference to another one, for storage. No Django, no I/O.

A difference copies stretches of the older text and adds what is new. It is exact for any text.
"""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from time import thread_time
from typing import NamedTuple

from assistants.diff.matching import find_matches

MOST_DELTA_SECONDS = 0.1
"""Processor time for one difference. What is not compared by then counts as new."""
NEAR_MOST, FAR_MOST = 2_000, 16_000
"""Bytes of a difference to a difference, and of one to a whole text. A larger one begins anew."""
NEAR_PART, FAR_PART = 16, 3
"""Likewise as parts of a whole text, as it is stored."""
LONGEST_CHAIN = 2
"""Differences that are applied to read a text."""
_PIECE = re.compile(r".+?(?:\\n|[.!?。！？।۔]|\Z)", re.S)
"""A line of JSON, or a sentence."""
DeltaStep = tuple[int, int] | str
"""Characters to copy from the older text, from and up to; or new ones."""


class Packed(NamedTuple):
    """A text as a difference to one of the chain that it was packed against."""

    base: int
    data: bytes


def pack_near(text: str, chain: Sequence[str], root_bytes: int) -> Packed | None:
    """Return a text as a difference, or None where it should be stored whole.

    `chain` is a near relative, what that is a difference to, and so on to a whole text, which is
    stored in `root_bytes`. No text ends up behind more than `LONGEST_CHAIN` differences.
    """
    root = len(chain) - 1
    near = min(NEAR_MOST, root_bytes // NEAR_PART)
    far = min(FAR_MOST, root_bytes // FAR_PART)
    for base, most in ((root - 1, near), (root, far)):
        if base >= 0:
            data = make_delta(chain[base], text)
            if len(data) <= most:
                return Packed(base, data)
    return None


def make_delta(old: str, new: str) -> bytes:
    """Return what makes `new` of `old`."""
    encoded = json.dumps(list(_steps(old, new)), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(encoded.encode("utf-8", "surrogatepass"), 9)


def apply_delta(old: str, delta: bytes) -> str:
    """Return the text of which `make_delta` made `delta`, from the same older text."""
    steps: list[str | list[int]] = json.loads(zlib.decompress(delta))
    return "".join(step if isinstance(step, str) else old[step[0] : step[1]] for step in steps)


def _steps(old: str, new: str) -> Iterator[DeltaStep]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    if start:
        yield 0, start
    yield from _middle(old[start : len(old) - end], new[start : len(new) - end], start)
    if end:
        yield len(old) - end, len(old)


def _middle(old: str, new: str, offset: int) -> Iterator[DeltaStep]:
    a, b = _PIECE.findall(old), _PIECE.findall(new)
    at_old, at_new = [0, *accumulate(map(len, a))], [0, *accumulate(map(len, b))]
    done = 0
    for match in find_matches(a, b, thread_time() + MOST_DELTA_SECONDS):
        first, last = at_new[match.new], at_new[match.new + match.size]
        if done < first:
            yield new[done:first]
        yield offset + at_old[match.old], offset + at_old[match.old + match.size]
        done = last
    if done < len(new):
        yield new[done:]


def _common(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
