"""The texts of rounds, of which the discussion quotes lines."""

from collections.abc import Collection

from django.http import Http404

from assistants.models import ChangeRequest, Round
from assistants.models.text import fetch_texts

LINED = "instructions"
"""The field of which people choose lines."""


def round_texts(rounds: Collection[Round]) -> dict[int, str]:
    """Return the instructions of each round by its primary key. One query at most."""
    long = fetch_texts({each.texts[LINED] for each in rounds if LINED in each.texts})
    found = {}
    for each in rounds:
        value = long.get(each.texts[LINED]) if LINED in each.texts else each.values.get(LINED)
        found[each.pk] = value if isinstance(value, str) else ""
    return found


def round_numbered(request: ChangeRequest, number: int) -> Round:
    """Return a round of `request`. Raises `Http404`."""
    found = request.rounds.filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise Http404
    return found
