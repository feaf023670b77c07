"""The difference between two texts, word by word and fit to be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from time import thread_time
from typing import Literal

from assistants.diff.lines import tokenise_both
from assistants.diff.matching import Match, find_matches
from assistants.diff.tokens import LINE_ENDS, number_of_words, weigh

MAX_PIECES = 8_000
"""More pieces than this cost more to show than they help: the smallest islands are given up."""

MAX_CHARACTERS = 1_200_000
"""Of both texts together. Ours have at most 512,000; longer ones come from elsewhere, and are not
compared: taking them apart alone would take many seconds."""

_ISLAND = 4  # an island of matches smaller than a quarter of the changes around it is dropped
_PASSES = 20  # each dropped island makes a larger change, which may make islands of others
_FARTHEST = 200  # tokens that an insertion may be moved to read better


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed ("="), went ("-") or came ("+")."""

    op: Literal["=", "-", "+"]
    text: str


def word_diff(old: str, new: str, *, budget: float = 0.3) -> list[Piece]:
    """Compare two texts; "=" and "-" pieces rebuild `old` exactly, "=" and "+" rebuild `new`.

    Between two "=" pieces stands at most one "-" followed by at most one "+". There are at most
    `MAX_PIECES`. After `budget` seconds of processor time (of
    this thread, so that a busy machine changes no result) the parts not yet compared are shown as
    replaced. Texts of more than `MAX_CHARACTERS` are shown as replaced as a whole.
    """
    if old == new or len(old) + len(new) > MAX_CHARACTERS:
        return replaced(old, new)
    deadline = thread_time() + budget
    a, b = tokenise_both(old, new)
    matches = _largest(_drop_islands(a, b, find_matches(a, b, deadline)))
    return list(_pieces(a, b, _slide(a, b, matches)))


def replaced(old: str, new: str) -> list[Piece]:
    """Return two texts that are not compared: as one that stayed, or as replaced as a whole."""
    if old == new:
        return [Piece("=", old)] if old else []
    return [piece for piece in (Piece("-", old), Piece("+", new)) if piece.text]


def count_words(pieces: Sequence[Piece]) -> tuple[int, int]:
    """How many words were added and removed; spaces and punctuation do not count."""
    added, removed = ("\n".join(p.text for p in pieces if p.op == op) for op in "+-")
    return number_of_words(added), number_of_words(removed)  # no word goes on over a line end


def _drop_islands(a: list[str], b: list[str], matches: list[Match]) -> list[Match]:
    """Leave out matches that make the difference harder to read.

    A match between two changes goes when it is only spaces, or weighs less than a quarter of each
    of the changes.
    """
    weights = {token: weigh(token) for token in {*a, *b}}
    weights_a = [0, *accumulate(map(weights.__getitem__, a))]
    weights_b = [0, *accumulate(map(weights.__getitem__, b))]

    def is_island(before: Match, match: Match, after: Match) -> bool:
        weight = weights_a[match.old + match.size] - weights_a[match.old]
        return _ISLAND * weight <= min(change(before, match), change(match, after))

    def change(one: Match, two: Match) -> int:
        removed = weights_a[two.old] - weights_a[one.old + one.size]
        added = weights_b[two.new] - weights_b[one.new + one.size]
        return max(removed, added)

    edges = Match(0, 0, 0), Match(len(a), len(b), 0)
    for _ in range(_PASSES):
        kept = [edges[0]]
        for match, after in pairwise([*matches, edges[1]]):
            at_an_edge = match[:2] == (0, 0) or match.end == edges[1][:2]
            if at_an_edge or not is_island(kept[-1], match, after):
                kept.append(match)
        if len(kept) - 1 == len(matches):
            break
        matches = kept[1:]
    return matches


def _largest(matches: list[Match]) -> list[Match]:
    """As many of the largest matches, in their order, as `MAX_PIECES` allows."""
    most = (MAX_PIECES - 2) // 3  # each brings a "=", a "-" and a "+"; two may follow the last
    if len(matches) <= most:
        return matches
    return sorted(sorted(matches, key=lambda match: match.size, reverse=True)[:most])


def _slide(a: list[str], b: list[str], matches: list[Match]) -> list[Match]:
    """Move what was only inserted or only removed to where it reads best: whole lines, words.

    Text "x y y z" may have gained its first "y " or " y" or its second: all are correct.
    """
    placed = [Match(0, 0, 0), *matches, Match(len(a), len(b), 0)]
    for index in range(len(placed) - 1):
        one, two = placed[index : index + 2]
        start, end = (one.old + one.size, two.old), (one.new + one.size, two.new)
        if (start[0] == start[1]) == (end[0] == end[1]):
            continue
        tokens, (low, high) = (b, end) if start[0] == start[1] else (a, start)
        by = _best_shift(tokens, low, high, one, two)
        placed[index] = one._replace(size=one.size + by)
        placed[index + 1] = Match(two.old + by, two.new + by, two.size - by)
    return [match for match in placed if match.size]


def _best_shift(tokens: list[str], low: int, high: int, one: Match, two: Match) -> int:
    """How far to move the tokens from `low` to `high`, taking from the match before or after."""
    spare = one.size if one[:2] == (0, 0) else one.size - 1
    left = right = 0
    while -left < min(spare, _FARTHEST) and tokens[low + left - 1] == tokens[high + left - 1]:
        left -= 1
    while right < min(two.size - 1, _FARTHEST) and tokens[low + right] == tokens[high + right]:
        right += 1
    shifts = sorted(range(left, right + 1), key=abs)
    return max(shifts, key=lambda by: _reads_well(tokens, low + by))


def _reads_well(tokens: list[str], start: int) -> int:
    """Best to begin at a line, next at a word."""
    if start == 0 or tokens[start - 1] in LINE_ENDS:
        return 2
    return int(tokens[start - 1].isspace() and not tokens[start].isspace())


def _pieces(a: list[str], b: list[str], matches: list[Match]) -> Iterator[Piece]:
    old = new = 0
    for match in (*matches, Match(len(a), len(b), 0)):
        if old < match.old:
            yield Piece("-", "".join(a[old : match.old]))
        if new < match.new:
            yield Piece("+", "".join(b[new : match.new]))
        old, new = match.end
        if match.size:
            yield Piece("=", "".join(a[match.old : old]))
