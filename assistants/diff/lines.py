"""What two texts have in common line by line, which nobody needs to compare word by word."""

from collections import Counter
from collections.abc import Iterator

from assistants.diff.matching import Match, longest_rising
from assistants.diff.tokens import tokenise

_AROUND = 8  # equal lines beside a change that stay words, so that the change can be moved there


def tokenise_both(old: str, new: str) -> tuple[list[str], list[str]]:
    """Split two texts into tokens. The inside of a long stretch of equal lines is one token.

    Such a stretch has a line that occurs once on each side, so the token does too. The tokens of
    each side joined are its text again.
    """
    a, b = _lines(old), _lines(new)
    insides = list(_insides(a, b))
    words: dict[str, str] = {}
    return (
        _fold(a, [(inside.old, inside.size) for inside in insides], words),
        _fold(b, [(inside.new, inside.size) for inside in insides], words),
    )


def only_in_one(old: str, new: str) -> tuple[str, str]:
    """Return the lines of each text that the other lacks, in their order.

    A line that one has more often than the other counts as many times.
    """
    a, b = _lines(old), _lines(new)
    return _without(a, Counter(b)), _without(b, Counter(a))


def _without(lines: list[str], others: Counter[str]) -> str:
    left = []
    for line in lines:
        if others[line] > 0:
            others[line] -= 1
        else:
            left.append(line)
    return "".join(left)


def _lines(text: str) -> list[str]:
    """Cut after each line feed, where no token goes on."""
    *lines, last = text.split("\n")
    ended = [f"{line}\n" for line in lines]
    return [*ended, last] if last else ended


def _insides(a: list[str], b: list[str]) -> Iterator[Match]:
    """Yield the inside of each long stretch of equal lines that has a unique line in it."""
    places_a, places_b = _unique(a), _unique(b)
    pairs = [(old, places_b[line]) for line, old in places_a.items() if line in places_b]
    if not pairs:
        return
    end = (0, 0)
    for old, new in longest_rising(pairs):
        if old < end[0]:
            continue
        before, after = _equal_before(a, b, old, new, end), _equal_after(a, b, old, new)
        end = (old + after, new + after)
        start, size = old - before + _AROUND, before + after - 2 * _AROUND
        if any(line in places_a and line in places_b for line in a[start : start + max(size, 0)]):
            yield Match(start, new - before + _AROUND, size)


def _unique(lines: list[str]) -> dict[str, int]:
    """Return where each line is that occurs once and is not blank, in order."""
    counts = Counter(lines)
    return {
        line: place for place, line in enumerate(lines) if counts[line] == 1 and not line.isspace()
    }


def _equal_before(a: list[str], b: list[str], old: int, new: int, end: tuple[int, int]) -> int:
    count, most = 0, min(old - end[0], new - end[1])
    while count < most and a[old - count - 1] == b[new - count - 1]:
        count += 1
    return count


def _equal_after(a: list[str], b: list[str], old: int, new: int) -> int:
    count, most = 0, min(len(a) - old, len(b) - new)
    while count < most and a[old + count] == b[new + count]:
        count += 1
    return count


def _fold(lines: list[str], insides: list[tuple[int, int]], words: dict[str, str]) -> list[str]:
    tokens: list[str] = []
    done = 0
    for start, size in insides:
        tokens += tokenise("".join(lines[done:start]), words)
        inside = "".join(lines[start : start + size])
        tokens.append(words.setdefault(inside, inside))
        done = start + size
    return tokens + tokenise("".join(lines[done:]), words)
