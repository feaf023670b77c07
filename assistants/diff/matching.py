"""Find what two lists of tokens have in common, quick even for the longest and worst."""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from itertools import compress
from time import thread_time
from typing import NamedTuple

from assistants.diff.tokens import weigh

_GRAMS = (5, 1)  # tokens in a row that must be unique on both sides to anchor a match
_LARGE = 40_000  # in a block of more tokens, only every eighth …
_SAMPLE = 8  # … of the distinct tokens may begin such a run: enough, and several times faster
_GAP_CELLS = 4_000  # difflib looks only at gaps of at most this many pairs of tokens …
_ALL_CELLS = 3_000_000  # … and at this many pairs in all
_LEAST_SAME = 4  # a gap of which less than a quarter is the same counts as replaced
_RESYNC = 5  # tokens in a row that must match again after a local change
_REACH = 40  # how many tokens of both sides together such a change may span


class Match(NamedTuple):
    """`size` tokens that are the same from `old` on one side and from `new` on the other."""

    old: int
    new: int
    size: int

    @property
    def end(self) -> tuple[int, int]:
        return self.old + self.size, self.new + self.size


class _Block(NamedTuple):
    """A stretch of tokens on each side that is still to be compared."""

    old: int
    old_end: int
    new: int
    new_end: int
    level: int = 0


def find_matches(a: list[str], b: list[str], deadline: float) -> list[Match]:
    """Return what is the same on both sides, in order; no two matches touch on both sides.

    Equal ends first, then anchors on runs that are unique on both sides, then what lies between.
    When `deadline` (a value of `thread_time`) passes, the rest stays unmatched.
    """
    found: list[Match] = []
    cells = _ALL_CELLS
    blocks = [_Block(0, len(a), 0, len(b))]
    while blocks:
        block = _strip(a, b, blocks.pop(), found)
        size = (block.old_end - block.old) * (block.new_end - block.new)
        if size == 0 or thread_time() > deadline:
            continue
        if size <= _GAP_CELLS:
            if size <= cells:
                cells -= size
                found += _match_gap(a, b, block)
        elif anchors := _anchors(a, b, block, deadline):
            found += anchors.runs
            blocks += _between(anchors.runs, block, anchors.next_level)
        else:
            found += _resync(a, b, block, deadline)
    return _joined(sorted(found))


def _strip(a: list[str], b: list[str], block: _Block, found: list[Match]) -> _Block:
    """Record the equal head and tail of a block and return what is left between them."""
    old, old_end, new, new_end, level = block
    head = _common(a, b, old, new, min(old_end - old, new_end - new))
    old, new = old + head, new + head
    if head:
        found.append(Match(block.old, block.new, head))
    while old < old_end and new < new_end and a[old_end - 1] == b[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
    if old_end < block.old_end:
        found.append(Match(old_end, new_end, block.old_end - old_end))
    return _Block(old, old_end, new, new_end, level)


def _common(a: list[str], b: list[str], old: int, new: int, most: int) -> int:
    """How many tokens from these places on are the same, up to `most`."""
    count = 0
    while count < most and a[old + count] == b[new + count]:
        count += 1
    return count


class _Anchors(NamedTuple):
    runs: list[Match]
    next_level: int


def _anchors(a: list[str], b: list[str], block: _Block, deadline: float) -> _Anchors | None:
    """Matches on runs of tokens that occur once on each side, in the same order on both."""
    distinct = dict.fromkeys(a[block.old : block.old_end])
    large = block.old_end - block.old + block.new_end - block.new > _LARGE
    first = set(list(distinct)[::_SAMPLE]) if large else distinct
    for level in range(block.level, len(_GRAMS)):
        if thread_time() > deadline:
            return None
        size = _GRAMS[level]
        places = _unique(b[block.new : block.new_end], first, size)
        pairs = [
            (block.old + old, block.new + new)
            for gram, old in _unique(a[block.old : block.old_end], first, size).items()
            if old >= 0 and (new := places.get(gram, -1)) >= 0
        ]
        if pairs:
            again = level if large else min(level + 1, len(_GRAMS) - 1)
            return _Anchors(_runs(longest_rising(pairs), size), again)
    return None


def _unique(tokens: list[str], first: Collection[str], size: int) -> dict[tuple[str, ...], int]:
    """Where each run of `size` tokens stands, in order; -1 for one that occurs more than once.

    Only runs that begin with one of the tokens in `first` are looked at.
    """
    places: dict[tuple[str, ...], int] = {}
    grams = zip(*(tokens[offset:] for offset in range(size)), strict=False)
    chosen = map(first.__contains__, tokens)
    for place, gram in compress(enumerate(grams), chosen):
        places[gram] = -1 if gram in places else place
    return places


def longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, sorted by old place, whose new places rise too."""
    tails: list[int] = []
    tail_index: list[int] = []
    before: list[int] = []
    for index, (_, new) in enumerate(pairs):
        length = len(tails) if not tails or new > tails[-1] else bisect_left(tails, new)
        before.append(tail_index[length - 1] if length else -1)
        tails[length : length + 1] = [new]
        tail_index[length : length + 1] = [index]
    rising = []
    index = tail_index[-1]
    while index >= 0:
        rising.append(pairs[index])
        index = before[index]
    return rising[::-1]


def _runs(pairs: list[tuple[int, int]], size: int) -> list[Match]:
    """Join overlapping grams of one diagonal into one match."""
    runs: list[Match] = []
    start = end = diagonal = -1
    for old, new in pairs:
        if start >= 0 and new - old == diagonal and old <= end:
            end = old + size
        elif start < 0 or (old >= end and new >= end + diagonal):
            if start >= 0:
                runs.append(Match(start, start + diagonal, end - start))
            start, end, diagonal = old, old + size, new - old
    return [*runs, Match(start, start + diagonal, end - start)]


def _between(runs: list[Match], block: _Block, level: int) -> Iterator[_Block]:
    old, new = block.old, block.new
    for run in (*runs, Match(block.old_end, block.new_end, 0)):
        if old < run.old and new < run.new:
            yield _Block(old, run.old, new, run.new, level)
        old, new = run.old + run.size, run.new + run.size


def _match_gap(a: list[str], b: list[str], block: _Block) -> list[Match]:
    """Match a small gap token by token, or not at all where hardly anything is the same."""
    old, new = a[block.old : block.old_end], b[block.new : block.new_end]
    if set(old).isdisjoint(new):  # most gaps: a word in place of another
        return []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    matches = [
        Match(block.old + match.a, block.new + match.b, match.size)
        for match in matcher.get_matching_blocks()
        if match.size
    ]
    same = sum(weigh(token) for match in matches for token in a[match.old : match.end[0]])
    half = (sum(map(weigh, old)) + sum(map(weigh, new))) / 2
    return matches if same * _LEAST_SAME >= half else []


_OFFSETS = sorted(
    ((old, total - old) for total in range(1, _REACH + 1) for old in range(total + 1)),
    key=lambda pair: (sum(pair), abs(pair[0] - pair[1])),
)


def _resync(a: list[str], b: list[str], block: _Block, deadline: float) -> Iterator[Match]:
    """Match from the start past small local changes: for text that repeats itself."""
    old, new = block.old, block.new
    while thread_time() <= deadline:
        for skip_old, skip_new in _OFFSETS:
            i, j = old + skip_old, new + skip_new
            if i < block.old_end and j < block.new_end and a[i] == b[j]:
                size = _common(a, b, i, j, min(block.old_end - i, block.new_end - j))
                if size >= _RESYNC:
                    break
        else:
            return
        yield Match(i, j, size)
        old, new = i + size, j + size


def _joined(matches: list[Match]) -> list[Match]:
    """Join matches that touch on both sides."""
    joined: list[Match] = []
    for match in matches:
        old, new, size = match
        if joined:
            last_old, last_new, last_size = joined[-1]
            if last_old + last_size == old and last_new + last_size == new:
                joined[-1] = Match(last_old, last_new, last_size + size)
                continue
        joined.append(match)
    return joined
