"""No model that is announced to retire is what we suggest: in samples, settings, pages or docs."""

import re
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

RETIRING = {
    **dict.fromkeys(("gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-5-pro"), date(2026, 12, 11)),
    **dict.fromkeys(("o3", "o3-pro"), date(2026, 12, 11)),
    **dict.fromkeys(("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini"), date(2027, 1, 14)),
    "gpt-5.1": date(2027, 4, 1),
}
"""The names that are announced to retire, and when; the dated snapshots of each go with it."""
RETIRED = ("gpt-3.5-turbo", "gpt-4", "gpt-4-turbo", "gpt-4.1-nano", "o1", "o3-mini", "o4-mini")
PLACES = (
    "README.md",
    ".env.example",
    "admin_ui/**/*.py",
    "assistants/**/*.py",
    "assistants/samples/*",
    "templates/**/*.html",
    "static/js/*.js",
    "docs/*.md",
)
_NAME = re.compile(r"(?<![\w.-])(?:gpt-|o(?=\d))[a-z0-9]+(?:[.-][a-z0-9]+)*", re.ASCII)
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def models_in(text: str) -> set[str]:
    """The names of models in a text, those of dated snapshots without their date."""
    return {_SNAPSHOT.sub("", name) for name in _NAME.findall(text)}


def test_names_are_found_with_and_without_a_date() -> None:
    text = '"gpt-5-2025-08-07", gpt-5.2. gpt-4o,o3 (o4-mini) gpt-4.1-mini-2025-04-14; no1, foo3'
    assert models_in(text) == {"gpt-5", "gpt-5.2", "gpt-4o", "o3", "o4-mini", "gpt-4.1-mini"}


@pytest.mark.parametrize("place", PLACES)
def test_what_we_suggest_is_not_about_to_retire(place: str) -> None:
    files = [path for path in ROOT.glob(place) if path.is_file()]
    assert files
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in models_in(path.read_text(encoding="utf-8"))
        if name in RETIRING or name in RETIRED
    }
    assert sorted(named) == []
