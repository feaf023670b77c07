"""What a word is: how texts are taken apart and folded so that a search finds them in any script.

Plain Python. The database only looks up what is computed here, so SQLite and PostgreSQL find the
same.
"""

from assistants.search.closest import Closest, closest
from assistants.search.near import near
from assistants.search.passages import CutText, cut, cut_again, distinct
from assistants.search.phrases import has_phrase
from assistants.search.query import MOST_QUERY_CHARACTERS, Query, Term, parse
from assistants.search.spans import Span, spans

__all__ = [
    "MOST_QUERY_CHARACTERS",
    "Closest",
    "CutText",
    "Query",
    "Span",
    "Term",
    "closest",
    "cut",
    "cut_again",
    "distinct",
    "has_phrase",
    "near",
    "parse",
    "spans",
]
