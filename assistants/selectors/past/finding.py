"""Which revisions added or removed the words of a search, or changed a field: newest first.

The index of the history gives them a part at a time, so nobody reads all hits of a common word.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from admin_ui.compiled import CompiledQuery
from assistants.definition import FIELD_NAMES
from assistants.models import Assistant, ChangedText, Revision
from assistants.models.derived.changed_text import (
    MOST_SHOWN,
    assistant_token,
    field_token,
    workspace_token,
)
from assistants.search import Query, Term, closest, has_phrase, parse
from assistants.search.folding import fold
from assistants.selectors.past.hits import HitReader, NextHits, every_hit
from assistants.selectors.search.conditions import in_tokens, index_expression
from assistants.wording import marked_closest

SHORT_WORD = 2
"""Letters of words like “of”."""
NEAREST = (2_000, 20_000)
"""Changes that are looked at for a common word, before its hits are asked of the index."""
RARE, MANY, RARE_HITS = 5, 100, 2_000
"""A word is rare with fewer hits than this among the nearest; then so many are read at once that
the planner uses the index of words, as it does for many."""


@dataclass(frozen=True)
class ChangeSearch:
    """What is searched: words, and the places of the index where they have to be."""

    query: Query
    place: tuple[str, ...]
    """Tokens of `change_index.place_tokens`, all of which a revision has."""
    is_wide: bool
    """Whether revisions of a whole workspace are searched, not those of one assistant."""

    def reader(
        self, *conditions: Q, few: Callable[[], list[int] | None] | None = None
    ) -> HitReader:
        """Return what reads them; each also meets one of the `conditions`.

        `few` returns all revisions that meet them, or None for more than can be looked up.
        """
        keep = self._exact if self._has_runs else every_hit
        if few is None:
            return HitReader(self._hits, conditions, keep)
        return HitReader(self._hits, conditions, keep, partial(self._hits_among, few))

    def _hits_among(self, few: Callable[[], list[int] | None]) -> list[int] | None:
        """Look each of a few revisions up in the index, by its key."""
        if not (pks := few()):
            return pks
        if connection.vendor == "postgresql":
            condition, values = "words @@ %s::tsquery", [self._expression(is_postgresql=True)]
        else:
            condition, values = in_tokens(self._sought, "words")
            condition += "".join(" AND instr(' ' || place || ' ', %s) > 0" for _ in self.place)
            values += [f" {token} " for token in self.place]
        marks = ",".join(["%s"] * len(pks))
        with connection.cursor() as cursor:
            cursor.execute(_AMONG[connection.vendor].format(marks, condition), [*pks, *values])
            return [pk for (pk,) in cursor.fetchall()]

    def _hits(self, wanted: NextHits) -> list[int]:
        """Return revisions in the index, by primary key.

        The planner of PostgreSQL only guesses how rare a word is, and would look at every change
        for one that nobody wrote. The nearest changes of the workspace show whether it is common.
        """
        is_guessed = connection.vendor == "postgresql" and self.is_wide
        if not is_guessed or wanted.most > MANY:
            return self._read(wanted)
        for nearest in NEAREST:
            found = self._read(wanted, nearest)
            if len(found) == wanted.most:
                return found
            if len(found) < RARE:
                break
        return self._read(wanted._replace(most=max(wanted.most, RARE_HITS)))[: wanted.most]

    def _read(self, wanted: NextHits, nearest: int | None = None) -> list[int]:
        """Return hits of the index, or only those among the `nearest` changes beyond the last."""
        is_postgresql = connection.vendor == "postgresql"
        key = "revision_id" if is_postgresql else "rowid"
        match = "words @@ %s::tsquery" if is_postgresql else "assistants_changed_words MATCH %s"
        order = f"ORDER BY {key} {'DESC' if wanted.down else ''}"
        beyond, place = "TRUE", list[int]()
        if wanted.last is not None:
            beyond, place = f"{key} {'<' if wanted.down else '>'} %s", [wanted.last]
        table, words = "assistants_changed_words", self._expression(is_postgresql=is_postgresql)
        values: list[int | str] = [words, *place, wanted.most]
        if nearest:
            table = f"(SELECT * FROM {table} WHERE {beyond} {order} LIMIT %s) AS nearest"  # noqa: S608
            beyond, values = "TRUE", [*place, nearest, words, wanted.most]
        statement = f"SELECT {key} FROM {table} WHERE {match} AND {beyond} {order} LIMIT %s"  # noqa: S608 (our own words)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [pk for (pk,) in cursor.fetchall()]

    def _expression(self, *, is_postgresql: bool) -> str:
        words = index_expression(self._sought)
        if is_postgresql:
            place = " & ".join(f"'@{token}'" for token in self.place)
            return f"{place} & ({words})" if words else place
        place = " AND ".join(f'"{token}"' for token in self.place)
        return f"place : ({place})" + (f" AND words : ({words})" if words else "")

    @property
    def _sought(self) -> list[Term]:
        """The terms to look up. Short words begin very many tokens, and `_exact` compares those of
        a phrase anyway."""
        quoted = {word for phrase in self.query.phrases for word in phrase.split()}
        terms = self.query.terms
        found = [term for term in terms if len(term.word) > SHORT_WORD or term.word not in quoted]
        return found or list(terms)

    @property
    def _has_runs(self) -> bool:
        return bool(self.query.phrases) or not all(term.is_exact for term in self.query.terms)

    def _exact(self, pks: list[int]) -> list[int]:
        """Keep the hits that have each phrase, and each run of a script without spaces, whole.

        Of a very long change, only the beginning is there to look at; it is kept.
        """
        texts = ChangedText.objects.filter(pk__in=pks).values_list("pk", "added", "removed")
        return [pk for pk, *sides in texts if _has_all(sides, self.query)]


_AMONG = {
    "sqlite": "SELECT rowid FROM assistants_changed_words WHERE rowid IN ({}) AND {}",
    # Apart, so that the planner does not look up all hits of a common word.
    "postgresql": """
WITH few AS MATERIALIZED (
  SELECT revision_id, words FROM assistants_changed_words WHERE revision_id IN ({})
) SELECT revision_id FROM few WHERE {}""",
}


def _has_all(sides: Sequence[str], query: Query) -> bool:
    if max(map(len, sides)) >= MOST_SHOWN:
        return True
    if runs := [term.run for term in query.terms if not term.is_exact]:
        folded = [fold(side) for side in sides]
        if not all(any(run in side for side in folded) for run in runs):
            return False
    return all(any(has_phrase(side, phrase) for side in sides) for phrase in query.phrases)


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that was added or removed, with the words of a search marked."""

    is_added: bool
    html: SafeString


def matching_lines(pks: Iterable[int], query: Query) -> dict[int, ChangedLine]:
    """Return the line of each revision that holds most of `query`. One query.

    None for a revision that has it only beyond the lines that are kept to be shown.
    """
    found: dict[int, ChangedLine] = {}
    wanted = list(pks) if query else []
    for row in _TEXTS(*wanted) if wanted else ():
        if line := _closest_line(row, query):
            found[row.pk] = line
    return found


def _texts_of(*pks: int) -> QuerySet[ChangedText]:
    return ChangedText.objects.filter(pk__in=pks)


_TEXTS = CompiledQuery(_texts_of)


def _closest_line(row: ChangedText, query: Query) -> ChangedLine | None:
    added = closest(row.added, query)
    is_whole = added is not None and added.terms_held == len(query.terms)
    removed = None if is_whole else closest(row.removed, query)
    if removed and (added is None or removed.terms_held > added.terms_held):
        return ChangedLine(False, marked_closest(removed))
    return ChangedLine(True, marked_closest(added)) if added else None


def search_of(
    params: Mapping[str, str], workspace: Workspace, assistant: Assistant | None = None
) -> ChangeSearch | None:
    """Return the search in the words `q` and the changed `field` of `params`; None for neither."""
    query, field = parse(params.get("q", "")), params.get("field", "")
    field = field if field in FIELD_NAMES else ""
    if not query and not field:
        return None
    place = [workspace_token(workspace.pk)]
    place += [assistant_token(assistant.pk)] if assistant else []
    place += [field_token(field)] if field else []
    return ChangeSearch(query, tuple(place), is_wide=assistant is None)


def is_indexed(workspace: Workspace, assistant: Assistant | None = None) -> bool:
    """Return whether all revisions of a workspace, or of one assistant, are in the index yet."""
    oldest = _OLDEST()
    if not oldest:
        return False
    return not (
        _OLDER_OF_ONE(assistant.pk, *oldest) if assistant else _OLDER(workspace.pk, *oldest)
    )


_OLDEST = CompiledQuery(lambda: ChangedText.objects.order_by("pk").values_list("pk", flat=True)[:1])
_OLDER = CompiledQuery(
    lambda workspace, pk: Revision.objects.filter(workspace=workspace, pk__lt=pk).values_list("pk")[
        :1
    ]
)
_OLDER_OF_ONE = CompiledQuery(
    lambda assistant, pk: Revision.objects.filter(assistant=assistant, pk__lt=pk).values_list("pk")[
        :1
    ]
)
