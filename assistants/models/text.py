"""Long texts, stored once: compressed, and found by the SHA-256 of their content."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import models

from assistants.definition import REST, Definition

INLINE_MAX = 1000
"""Values whose JSON is longer than this many characters go to `Text`."""
TEXTS_AT_ONCE = 20
"""How many long values are in memory at once where all are read."""


class Text(models.Model):
    """One long value (as JSON), shared by every revision that holds it. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()

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
    return hashlib.sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest(), encoded


def keep_texts(bodies: Mapping[str, str]) -> None:
    """Store long values that are not stored yet."""
    if bodies:
        Text.objects.bulk_create(
            [
                Text(digest=digest, body=zlib.compress(body.encode("utf-8", "surrogatepass"), 3))
                for digest, body in bodies.items()
            ],
            ignore_conflicts=True,
        )


def fetch_texts(digests: Iterable[str]) -> dict[str, Any]:
    """Return the values of `digests`, in one query (none for no digests)."""
    wanted = set(digests)
    rows = Text.objects.filter(digest__in=wanted) if wanted else ()
    return {row.digest: json.loads(_unpack(row)) for row in rows}


def each_text() -> Iterator[tuple[str, str]]:
    """Yield the digest and the JSON of every long value."""
    for row in Text.objects.iterator(chunk_size=TEXTS_AT_ONCE):
        yield row.digest, _unpack(row)


def _unpack(row: Text) -> str:
    return zlib.decompress(row.body).decode("utf-8", "surrogatepass")


def join_texts(
    values: Mapping[str, Any], texts: Mapping[str, str], found: Mapping[str, Any]
) -> Definition:
    """Rebuild what `split` took apart, with long values from `fetch_texts`."""
    long = {field: found[key] for field, key in texts.items()}
    rest = long.pop(REST, {})
    return Definition.stored({**values, **rest, **long}, texts)
