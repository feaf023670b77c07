"""Finding the people whom a text mentions: `@` and the name of a member."""

import re
from collections.abc import Iterable, Iterator

MOST_MENTIONED = 50
"""People whom one comment can mention."""


def find_mentions(text: str, names: Iterable[str]) -> Iterator[re.Match[str]]:
    """Yield each place of `text` with `@` before one of `names`, whatever their case.

    Of several names that fit, the longest counts: `@Ann Lee` does not mention Ann.
    """
    if "@" not in text:
        return
    folded = text.casefold()
    held = {name for name in names if name and f"@{name}".casefold() in folded}
    if held:
        longest_first = sorted(held, key=lambda name: (-len(name), name))
        either = "|".join(map(re.escape, longest_first))
        yield from re.finditer(rf"(?<!\w)@(?:{either})(?!\w)", text, re.IGNORECASE)
