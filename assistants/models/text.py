"""Long texts, stored once: compressed, and found by the SHA-256 of their content.

One that is near another is stored as its difference to that, where this is much shorter.
"""

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from assistants.definition import LIMITS, REST, Definition
from assistants.deltas import apply_delta, pack_near

logger = logging.getLogger(__name__)

INLINE_MAX = 1000
"""Values whose JSON is longer than this many characters go to `Text`."""
DELTA = b"\x00"
"""Begins a difference, so that nothing takes it for a whole text: no compressed text does."""
TEXTS_AT_ONCE = 20
"""How many long values are in memory at once where all are read."""


class Text(models.Model):
    """One long value (as JSON), shared by every revision that holds it. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField(help_text="Compressed; a difference begins with `DELTA`.")
    base = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        help_text="What `body` is a difference to; empty for a whole text.",
    )

    def __str__(self) -> str:
        return self.digest[:12]


def split(definition: Definition) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """Split a definition for storage.

    Returns the short values, the digests of the long ones, and the JSON of the long ones by digest.
    Fields that the API does not define are one value (`REST`): there may be any number of them.
    """
    content = definition.content()
    rest = {name: content[name] for name in definition.unknown}
    parts = {name: value for name, value in content.items() if name not in rest}
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for field, value in {**parts, REST: rest}.items():
        digest, encoded = encode_text(value)
        if len(encoded) <= INLINE_MAX:
            values |= rest if field == REST else {field: value}
            continue
        texts[field] = digest
        bodies[digest] = encoded
    return values, texts, bodies


def encode_text(value: Any) -> tuple[str, str]:
    """Return the digest of a value, and its JSON."""
    encoded = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _sha256(encoded), encoded


def _sha256(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def keep_texts(bodies: Mapping[str, str], near: Mapping[str, str] | None = None) -> None:
    """Store long values that are not stored yet.

    `near` has, by digest, the digest of a value that is much like it.
    """
    if not bodies:
        return
    near = near or {}
    relatives = _chains(near[digest] for digest in bodies if digest in near)
    rows = [
        _packed(digest, body, relatives.get(near.get(digest, "")))
        for digest, body in bodies.items()
    ]
    Text.objects.bulk_create(rows, ignore_conflicts=True)


def _packed(digest: str, body: str, chain: "StoredChain | None") -> Text:
    if chain and digest not in chain.digests and len(body) <= LIMITS.size:
        texts = chain.texts()
        found = pack_near(body, texts, len(chain.bodies[-1]))
        if found:
            return Text(digest=digest, body=DELTA + found.data, base_id=chain.digests[found.base])
    return Text(digest=digest, body=whole_body(body))


def whole_body(body: str) -> bytes:
    """Return the JSON of a long value as it is stored whole."""
    return zlib.compress(body.encode("utf-8", "surrogatepass"), 3)


def fetch_texts(digests: Iterable[str]) -> dict[str, Any]:
    """Return the values of `digests`, in one query (none for no digests)."""
    return {digest: json.loads(body) for digest, body in fetch_bodies(digests).items()}


def fetch_bodies(digests: Iterable[str]) -> dict[str, str]:
    """Return the JSON of the values of `digests`, in one query (none for no digests).

    One that is not what its digest says is left out, as if it were missing.
    """
    return {
        digest: body
        for digest, chain in _chains(digests).items()
        if (body := chain.read()) is not None
    }


def each_text() -> Iterator[tuple[str, str]]:
    """Yield the digest and the JSON of every long value."""
    for row in Text.objects.values_list(*CHAIN).iterator(chunk_size=TEXTS_AT_ONCE):
        chain = StoredChain.of(*row)
        if (body := chain.read()) is not None:
            yield chain.digests[0], body


CHAIN = ("digest", "body", "base_id", "base__body", "base__base_id", "base__base__body")
"""The columns of a text and of those that it is a difference to."""


@dataclass(frozen=True)
class StoredChain:
    """A text as it is stored, and what it is a difference to, up to a whole text."""

    digests: list[str]
    bodies: list[bytes]

    @classmethod
    def of(cls, *columns: Any) -> "StoredChain":
        """Return the chain in `CHAIN` columns."""
        digests = [digest for digest in columns[::2] if digest is not None]
        bodies = [bytes(body) for body in columns[1::2] if body is not None]
        return cls(digests, bodies)

    def texts(self) -> list[str]:
        """Return the JSON of each."""
        found = [zlib.decompress(self.bodies[-1]).decode("utf-8", "surrogatepass")]
        for body in reversed(self.bodies[:-1]):
            found.append(apply_delta(found[-1], body.removeprefix(DELTA)))
        return found[::-1]

    def read(self) -> str | None:
        """Return the JSON; None for a difference that gives another text than it should."""
        body = self.texts()[0]
        if len(self.bodies) > 1 and _sha256(body) != self.digests[0]:
            logger.error("the text %s is damaged", self.digests[0])
            return None
        return body


def _chains(digests: Iterable[str]) -> dict[str, StoredChain]:
    wanted = set(digests)
    rows = Text.objects.filter(digest__in=wanted).values_list(*CHAIN) if wanted else ()
    return {row[0]: StoredChain.of(*row) for row in rows}


def join_texts(
    values: Mapping[str, Any], texts: Mapping[str, str], found: Mapping[str, Any]
) -> Definition:
    """Rebuild what `split` took apart, with long values from `fetch_texts`."""
    long = {field: found[key] for field, key in texts.items()}
    rest = long.pop(REST, {})
    return Definition.stored({**values, **rest, **long}, texts)
