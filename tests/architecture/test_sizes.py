"""Files and folders stay small enough to read: the lines of a file, the files of a folder."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = {"tests": 400, "admin_ui": 300, "assistants": 300, "bench": 300, "static": 400}
MOST_FILES = 12
FOLDERS = ("admin_ui", "assistants", "static", "templates")
GENERATED = {"__pycache__", "migrations"}

LONG_FILES: dict[str, str] = {}
"""Files that may be longer, and why."""
FULL_FOLDERS = {
    "assistants/registry": "an app of its own, with the files that Django looks for beside it",
    "assistants/samples": "two files for each of a dozen samples",
    "templates": "one page for each status that the server answers with, where Django looks for it",
}
"""Folders that may hold more files, and why."""


def paths(folder: str) -> Iterator[Path]:
    """Each file below a folder that a person writes, as a path from the root."""
    for path in sorted((ROOT / folder).rglob("*")):
        if path.is_file() and not GENERATED & set(path.parts):
            yield path.relative_to(ROOT)


def long_files() -> dict[str, int]:
    """The modules, scripts and style sheets with more lines than their kind may have."""
    found = {}
    for folder, most in MOST_LINES.items():
        for path in paths(folder):
            if path.suffix in (".py", ".css", ".js"):
                lines = len((ROOT / path).read_text().splitlines())
                if lines > most:
                    found[path.as_posix()] = lines
    return found


def full_folders() -> dict[str, int]:
    """The folders that hold more files than a dozen; management commands are no room."""
    held = Counter(
        path.parent.as_posix()
        for folder in FOLDERS
        for path in paths(folder)
        if path.name != "__init__.py" and path.parent.parts[-2:] != ("management", "commands")
    )
    return {folder: count for folder, count in held.items() if count > MOST_FILES}


def test_no_file_is_longer_than_its_kind_may_be() -> None:
    found = long_files()
    assert {path: lines for path, lines in found.items() if path not in LONG_FILES} == {}
    assert LONG_FILES.keys() - found.keys() == set(), "these exceptions are needed no more"


def test_no_folder_holds_more_than_a_dozen_files() -> None:
    found = full_folders()
    assert {folder: count for folder, count in found.items() if folder not in FULL_FOLDERS} == {}
    assert FULL_FOLDERS.keys() - found.keys() == set(), "these exceptions are needed no more"
