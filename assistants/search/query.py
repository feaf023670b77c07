"""A search as typed, taken apart into what an assistant has to hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from assistants.search.folding import JOINERS, fold
from assistants.search.phrases import phrases_in
from assistants.search.tokens import LONGEST_TOKEN, pairs, pieces, spelt, tokens

MOST_QUERY_CHARACTERS: Final = 200
MOST_TERMS: Final = 16


@dataclass(frozen=True, slots=True)
class Term:
    """One word, run or symbol of a search."""

    choices: tuple[tuple[str, ...], ...]
    """It is held by what holds all tokens of one of these."""
    word: str
    """As typed, folded."""
    run: str = ""
    """What must be there in one piece besides: pairs may be there apart."""
    whole: bool = False
    """Its tokens are found by themselves only, not as the beginnings of others."""

    @property
    def is_exact(self) -> bool:
        """Whether the tokens alone say that the term is there."""
        return not self.run or len(self.choices[0]) == 1

    def spelt(self, *words: str) -> "Term":
        """Return this term for other spellings, any of which will do."""
        return replace(self, choices=tuple((word,) for word in words), word=words[0])

    @property
    def needles(self) -> tuple[str, ...]:
        """What to look for among the words of a passage (`Passage.words`)."""
        if self.run:
            return (self.run,)
        end = " " if self.whole else ""
        return tuple(f" {token}{end}" for choice in self.choices for token in choice)


class Sought(NamedTuple):
    """What `spans` looks for in a text, prepared once for all texts of a page."""

    runs: tuple[Term, ...]
    words: tuple[tuple[Term, tuple[str, ...]], ...]
    """The other terms, each with its needles."""
    letters: frozenset[str]
    """How what the needles look for begins."""

    @classmethod
    def of(cls, terms: Sequence[Term]) -> "Sought":
        runs = tuple(term for term in terms if term.run)
        words = tuple((term, term.needles) for term in terms if not term.run)
        parts = (part for _, needles in words for each in needles for part in each.split()[:1])
        return cls(runs, words, frozenset(parts))


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: assistants that hold every one of the terms."""

    text: str
    terms: tuple[Term, ...]
    is_cut: bool = False
    """More was typed than is searched."""
    phrases: tuple[str, ...] = ()
    """What was in quotes, folded; the history searches for its words in that order."""
    sought: Sought = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sought", Sought.of(self.terms))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def respelt(self, spellings: Mapping[Term, Sequence[Term]]) -> "Query":
        """Return this search with other words for some of its terms, any of which will do."""
        terms = tuple(
            term.spelt(*(each.word for each in spellings[term])) if term in spellings else term
            for term in self.terms
        )
        words = [term.run or " ".join(sum(term.choices, ())) for term in terms]
        return replace(self, text=" ".join(words), terms=terms)


def parse(typed: str) -> Query:
    """Take a search apart; of any text, `MOST_QUERY_CHARACTERS` and `MOST_TERMS` of it.

    It has no terms where nothing in `typed` can be searched.
    """
    text = typed.replace("\0", " ").strip()
    cut = text[:MOST_QUERY_CHARACTERS]
    terms: dict[str, Term] = {}
    for kind, start, end in pieces(cut):
        term = _term(cut[start:end], kind)
        if term.word and len(terms) <= MOST_TERMS:
            terms.setdefault(term.word, term)
    few = tuple(terms.values())[:MOST_TERMS]
    is_cut = len(text) > len(cut) or len(terms) > len(few)
    return Query(cut, few, is_cut=is_cut, phrases=phrases_in(text, most=MOST_QUERY_CHARACTERS))


def _term(raw: str, kind: str) -> Term:
    word = fold(raw)
    if kind == "run":
        return Term((tuple(pairs(word)),), word, run=word)
    if kind == "symbol":
        return Term((tuple(tokens(raw, kind)),), word, whole=True)
    joined = "".join(spelt(raw))[:LONGEST_TOKEN]
    choices: list[tuple[str, ...]] = [(joined,)]
    if JOINERS & {*raw} - {"_"}:  # customer-support is also found as two words, l'ordre as one
        parts = tuple(part[:LONGEST_TOKEN] for part in spelt(raw) if len(part) > 1)
        choices += [parts] if parts else []
    return Term(tuple(choices), joined)
