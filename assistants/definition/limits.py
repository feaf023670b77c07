"""The limits of what is stored for good: a definition, an ID, a note.

Nothing leaves a history or the registry's journal again, so everything is measured before. What a
gateway already has is never refused: it is stored whole, and shown cut (`PAGE_LIMITS`).
"""

import re
from dataclasses import dataclass

from assistants.definition.fields import DEFINITION_FIELDS, FORMAT_TYPES, FORMAT_WORDS


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest lengths in characters (code points), greatest counts, and closed ranges.

    Those of a whole field are declared with the field (`DEFINITION_FIELDS`).
    """

    name: int = DEFINITION_FIELDS["name"].limit
    model: int = DEFINITION_FIELDS["model"].limit
    instructions: int = DEFINITION_FIELDS["instructions"].limit
    tools: int = 128
    function_name: int = 64
    schema_name: int = 64
    name_pattern: str = r"^[a-zA-Z0-9_-]+$"
    file_search_results: tuple[int, int] = (1, 50)
    score: tuple[int, int] = (0, 1)
    rankers: tuple[str, ...] = ("auto", "default_2024_08_21")
    files: int = 20
    vector_stores: int = 1
    resource_id: int = 512
    """Of one file or vector store. Our own limit: proxies make IDs of some 200 characters."""
    metadata_pairs: int = 16
    metadata_key: int = 64
    metadata_value: int = 512
    response_words: tuple[str, ...] = tuple(option.value for option in FORMAT_WORDS)
    response_types: tuple[str, ...] = tuple(option.value for option in FORMAT_TYPES)
    nesting: int = 100
    """Levels of objects and arrays inside one field. Our own: no input may exhaust the stack."""

    # Our own, because a history and a journal are never cut. JSON is what `canonical` writes.
    unknown_fields: int = 64
    """Top-level fields that the API does not define."""
    unknown_field_name: int = 128
    unknown_size: int = 65_536
    """Characters of JSON of all these fields together."""
    part_size: int = 256_000
    """Characters of JSON of one tool of any type (some hold a whole API description), and of any
    other field but the instructions."""
    size: int = 2_000_000
    """Characters of JSON of a whole definition."""
    values: int = 50_000
    """Numbers, texts, objects, arrays in a whole definition: reading it costs time for each."""
    note: int = 5_000
    """Characters of the note about a change, for every verb."""
    title: int = 150
    """Characters of the title of a change request."""
    suggestion: int = 20_000
    """Characters suggested in place of some lines."""


LIMITS = Limits()

REMOTE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""A whole ID of an assistant. Only an ID that matches may be part of an address, or be stored."""


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How much pages, lists and summaries show of values of any size.

    A value within `LIMITS` is always shown whole where people approve it. A page that only compares
    shows the beginning of a long difference (`places`, `change`) and offers the rest.
    """

    fields: int = 80
    """Changed or unknown fields on a page."""
    entries: int = 200
    """Tools, parameters, metadata pairs, ids: as many as one list on a page has."""
    text: int = 20_000
    """Characters of a text, or of some JSON, that is over `LIMITS.part_size`. No more is read of
    long values in a definition that is over `LIMITS.size`."""
    page: int = 10_000_000
    """Characters of all texts on a page; later ones are cut like the long ones."""
    places: int = 200
    """Places at which two texts differ, in one comparison."""
    change: int = 100_000
    """Characters, as HTML, that came or went in one comparison of two texts."""
    folded: int = 20_000
    """Characters of unchanged lines that a comparison folds; it leaves out the others."""
    rows: int = 4_000
    """Parameters in all tables of a page; the JSON beside a table holds all of them."""
    name: int = 128
    """Characters of a field's or a tool's name."""
    brief: int = 20_000
    """Characters that a list reads of what is stored about a revision's changes."""


PAGE_LIMITS = PageLimits()
