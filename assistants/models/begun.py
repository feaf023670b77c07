"""Stored definitions for pages: what is over the limits is read only when somebody asks for it.

A definition of at most `LIMITS.size` characters is read as `text` reads it. Of a larger one, which
only a gateway or an old row holds, a page shows the beginning (`definition.excerpt`), and compares
long values by their digests.
"""

import json
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import models
from django.db.models.functions import Cast, Length, Substr

from admin_ui.compiled import CompiledQuery
from assistants.definition import FIELD_NAMES, LIMITS, REST, Definition, StoredContent, beginning
from assistants.definition.value import copy_json
from assistants.models import text
from assistants.models.text import CHAIN, StoredChain, Text

PACKED = 1_000_000
"""Bytes of a compressed text that are read at first: more than those of most whole definitions."""

_DECODER = getincrementaldecoder("utf-8")
_ENTRIES = json.JSONDecoder()


class Begun:
    """One long value, read from its start: all of it, or more of it than the limits allow."""

    def __init__(self, digest: str, start: str, *, is_whole: bool) -> None:
        self.digest = digest
        self.start = start
        self.is_whole = is_whole

    @cached_property
    def value(self) -> Any:
        """All of it; costs a query where only the beginning was read."""
        return (
            json.loads(self.start)
            if self.is_whole
            else text.fetch_texts([self.digest])[self.digest]
        )

    @cached_property
    def beginning(self) -> Any:
        return beginning(self.start)


def fetch_beginnings(digests: Iterable[str]) -> dict[str, Begun]:
    """Return the values of `digests`, in one query (none for no digests).

    In two where one is stored in more than `PACKED` bytes and is within the limits.
    """
    wanted = set(digests)
    found: dict[str, Begun] = {}
    for digest, packed, size, *bases in _STARTS(*wanted) if wanted else ():
        if bases[0] is not None:  # a difference, which only a text within the limits is stored as
            if (body := StoredChain.of(digest, packed, *bases).read()) is not None:
                found[digest] = Begun(digest, body, is_whole=True)
            continue
        unpacked, is_whole = _unpack(bytes(packed))
        if is_whole or len(unpacked) > LIMITS.size or size <= PACKED:
            found[digest] = Begun(digest, unpacked, is_whole=is_whole)
    left = wanted - found.keys()
    for row in Text.objects.filter(digest__in=left, base=None) if left else ():
        unpacked, is_whole = _unpack(bytes(row.body))
        found[row.digest] = Begun(row.digest, unpacked, is_whole=is_whole)
    return found


def _starts_of(*digests: str) -> models.QuerySet[Text, tuple[Any, ...]]:
    start = Substr("body", 1, PACKED, output_field=models.BinaryField())
    rows = Text.objects.filter(digest__in=digests)
    return rows.values_list("digest", start, Length("body"), *CHAIN[2:])


_STARTS = CompiledQuery(_starts_of)


def _unpack(packed: bytes) -> tuple[str, bool]:
    """Return a text up to a little more than `LIMITS.size`, and whether that is all of it."""
    unpacker, decoder = zlib.decompressobj(), _DECODER("surrogatepass")
    parts, length = [], 0
    while packed and length <= LIMITS.size:
        part = decoder.decode(unpacker.decompress(packed, LIMITS.size + 1 - length))
        packed = unpacker.unconsumed_tail
        length += len(part)
        parts.append(part)
    return "".join(parts), unpacker.eof and not packed


def as_text(column: str) -> models.Func:
    """Return the expression that reads a JSON column as its text, for `join_beginnings`."""
    return Cast(column, models.TextField())


def join_beginnings(
    values: str, texts: Mapping[str, str], found: Mapping[str, Begun]
) -> Definition:
    """Rebuild what `text.split` took apart, with long values from `fetch_beginnings`.

    `values` is the JSON of the short ones, as it is stored. In an old row these are all fields that
    the API does not define, however many.
    """
    if len(values) <= LIMITS.size:
        return rejoin(json.loads(values), texts, found)
    known, rest = _apart(values)
    others = Begun(sha256(rest.encode()).hexdigest(), rest, is_whole=True)
    return rejoin(known, {**texts, REST: others.digest}, {**found, others.digest: others})


def rejoin(
    values: Mapping[str, Any], texts: Mapping[str, str], found: Mapping[str, Begun]
) -> Definition:
    """As `join_beginnings`, from values that have been read."""
    whole, long, room = dict(values), dict[str, Begun](), LIMITS.size
    for field in sorted(texts, key=_in_display_order):
        text_ = found[texts[field]]
        room -= len(text_.start)
        if text_.is_whole and room >= 0:
            whole |= text_.value if field == REST else {field: text_.value}
        else:
            long[field] = text_
    return (
        Definition(StoredContent(whole, long), texts) if long else Definition.stored(whole, texts)
    )


class Parts(NamedTuple):
    """A definition as a draft holds it."""

    content: dict[str, Any]
    texts: dict[str, str]
    digest: str


def refer(definition: Definition, *, whole: int | None = None) -> Parts:
    """Split a definition for a draft: its values, and the digests of those that a history holds.

    Nothing is added to `Text`, which never forgets. Of a definition of at most `whole` characters,
    all is in the values; unless given, of one within the limits.
    """
    content = definition.content()
    if isinstance(content, StoredContent):
        sources = definition.sources
    elif len(definition.canonical_json()) > (LIMITS.size if whole is None else whole):
        _values, sources, _bodies = text.split(definition)
    else:
        return Parts(definition.to_dict(), {}, definition.digest)
    there = set(Text.objects.filter(pk__in=sources.values()).values_list("pk", flat=True))
    texts = {field: digest for field, digest in sources.items() if digest in there}
    unknown = () if REST in texts else definition.unknown
    names = [name for name in (*FIELD_NAMES, *unknown) if name in content and name not in texts]
    values = {name: copy_json(content[name]) for name in names}
    return Parts(values, texts, definition.digest)


class Holder:
    """What a draft and its copies share: `content` and `texts` together are its definition."""

    content: Any
    texts: Any
    digest: str
    _read: tuple[Any, Definition] | None = None
    _begun: tuple[Any, Definition] | None = None

    def hold(self, parts: Parts) -> None:
        """Take up another definition; the caller saves `HELD`."""
        self.content, self.texts, self.digest = parts
        self._read = self._begun = None

    @property
    def definition(self) -> Definition:
        """All of it, to be stored or sent. Costs a query where a history holds parts of it."""
        if self._read is None or self._read[0] is not self.content:
            found = text.fetch_texts(self.texts.values()) if self.texts else {}
            whole = text.join_texts(self.content, self.texts, found) if found else None
            self._read = self.content, whole or Definition.parse(self.content)
        return self._read[1]

    @property
    def shown(self) -> Definition:
        """The same for a page, which needs little of what is over the limits."""
        if not self.texts:
            return self.definition
        if self._begun is None or self._begun[0] is not self.content:
            begun = rejoin(self.content, self.texts, fetch_beginnings(self.texts.values()))
            self._begun = self.content, begun.known_by(self.digest)
        return self._begun[1]

    @property
    def known_digest(self) -> str:
        """The digest of its definition; that of an old row is computed."""
        return self.digest or self.definition.digest


HELD = ("content", "texts", "digest")
"""The columns of a `Holder`."""


def _apart(values: str) -> tuple[dict[str, Any], str]:
    """Split the JSON of a row's fields into those that the API defines, which come first, and the
    JSON of the others."""
    known: dict[str, Any] = {}
    place = 1
    while place < len(values) - 1:
        name, after = _ENTRIES.raw_decode(values, place)
        if name not in FIELD_NAMES:
            break
        known[name], place = _ENTRIES.raw_decode(values, after + 1)
        place += values[place] == ","
    return known, "{" + values[place:]


def _in_display_order(field: str) -> int:
    return FIELD_NAMES.index(field) if field in FIELD_NAMES else len(FIELD_NAMES)
