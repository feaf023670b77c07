"""One word, one meaning: a module-level name is defined in one file, apart from a few."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {
    "app_name": "Django looks for it in each module of addresses",
    "urlpatterns": "Django looks for it in each module of addresses",
    "register": "the library of template tags and filters that Django looks for",
    "router": "each module of operations of the JSON API has its own",
    "logger": "each module has its own, named after it",
    "create_assistant": "an operation of /v1, and the service that sends it to a remote",
    "delete_assistant": "an operation of /v1, and the service that sends it to a remote",
}
"""Names with the same meaning in each of their files, and why."""
GENERATED = {"migrations", "management"}


def names_of(path: Path) -> set[str]:
    """The names that a module defines at its top level, without those of its own (`_name`)."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            found.update(part.id for part in ast.walk(target) if isinstance(part, ast.Name))
    return {name for name in found if not name.startswith("_")}


def test_a_name_means_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for folder in ("admin_ui", "assistants"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not GENERATED & set(path.parts):
                for name in names_of(path):
                    places[name].append(path.relative_to(ROOT).as_posix())
    twice = {name: files for name, files in places.items() if len(files) > 1}
    assert {name: files for name, files in twice.items() if name not in ALLOWED} == {}
    assert ALLOWED.keys() - twice.keys() == set(), "these exceptions are needed no more"
