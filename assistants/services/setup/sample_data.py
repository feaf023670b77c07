"""The definitions of the sample assistants in `assistants/samples`."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parents[2] / "samples"


def samples() -> list[dict[str, Any]]:
    """Read every sample: `<slug>.json` with its instructions from `<slug>.md`, in order of slug."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


class SampleRow(NamedTuple):
    """What a page shows of a sample."""

    slug: str
    name: str
    description: str


@cache
def sample_rows() -> tuple[SampleRow, ...]:
    """Return all samples by name. They are files of the release, so they are read once."""
    rows = ((path.stem, _read(path)) for path in FOLDER.glob("*.json"))
    found = (SampleRow(slug, one["name"], one.get("description", "")) for slug, one in rows)
    return tuple(sorted(found, key=lambda row: row.name))


def sample_named(slug: str) -> dict[str, Any] | None:
    """Return the definition of a sample, if there is one with that slug."""
    known = {row.slug for row in sample_rows()}
    return _read(FOLDER / f"{slug}.json") if slug in known else None


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    instructions = path.with_suffix(".md").read_text(encoding="utf-8")
    return {**content, "instructions": instructions.removesuffix("\n")}
