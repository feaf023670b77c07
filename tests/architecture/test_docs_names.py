"""Every name in backticks in `docs/architecture.md` and `docs/recipes.md` exists in the sources."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"architecture.md": False, "recipes.md": True}
"""The pages, and whether names of tests count as well."""
FOLDERS = ("admin_ui", "assistants", "bench", "docs", "locale", "static", "templates", "tests")
SOURCES = (".py", ".js", ".html", ".css", ".toml", ".example", "Makefile")

ALLOWED = {
    "FAULTS=all": "a variable that only the tests read",
    "history.state.seen": "of browsers",
    "settings.REGISTRY_APPLICATION": "of Django",
    "settings.REGISTRY_ON_WRITE": "of Django",
}
"""Names that are looked for in no source, and where they come from."""


def quoted_names(page: str) -> list[str]:
    """The texts in backticks of a page, without its blocks of code."""
    text = re.sub(r"^ *```.*?^ *```", "", (ROOT / "docs" / page).read_text(), flags=re.M | re.S)
    return sorted(set(re.findall(r"`([^`]+)`", text)))


@cache
def files() -> frozenset[str]:
    """The path of each file and folder that people write; a folder ends in a slash."""
    paths = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        paths += [path for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    return frozenset(
        f"{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}"
        for path in [*paths, *(ROOT / folder for folder in FOLDERS)]
    )


def is_path(name: str) -> bool:
    """Whether a name reads as a path: it has a slash, or the ending of a file."""
    if re.search(r"^/|^\S+ ", name):
        return False  # an address, or a command
    return "/" in name or bool(re.search(r"\w\.(py|js|css|md|html|toml|example)$", name))


@cache
def is_there(path: str) -> bool:
    """Whether a file or folder has this path, or one that ends in it, or an address does."""
    wanted = (path, path.rstrip("/") + "/")
    below = tuple(f"/{one}" for one in wanted)
    return any(f"/{name}".endswith(below) for name in files()) or f'/{path}"' in addresses()


@cache
def addresses() -> str:
    """The patterns of all addresses."""
    return "\n".join((ROOT / path).read_text() for path in files() if path.endswith("urls.py"))


def words_of(path: Path) -> set[str]:
    """The words of a file; of Python, those of its code and texts, not of its docstrings."""
    text = path.read_text()
    if path.suffix != ".py":
        return set(re.findall(r"\w+", text))
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        for _field, value in ast.iter_fields(node):
            if isinstance(node, ast.Expr) and isinstance(value, ast.Constant):
                value.value = ""  # a docstring
            elif isinstance(value, str):
                found.update(re.findall(r"\w+", value))
            elif isinstance(value, list):
                found.update(item for item in value if isinstance(item, str))
    return found


@cache
def words_below(path: str, *, of_tests: bool = False) -> frozenset[str]:
    """The words of the sources whose path begins so, and the names of their files and folders."""
    below = [one for one in files() if one.startswith(path)]
    found = [one for one in below if of_tests or not one.startswith("tests/")]
    words = {word for one in found if one.endswith(SOURCES) for word in words_of(ROOT / one)}
    return frozenset(words | {Path(one).stem for one in found} | {"True", "False", "None"})


@cache
def modules(name: str) -> list[str]:
    """The modules and packages with this name, as the beginnings of their paths."""
    ends = (f"/{name}.py", f"/{name}/")
    return [one for one in files() if f"/{one}".endswith(ends) and not one.startswith("tests/")]


def is_known(name: str, *, of_tests: bool = False) -> bool:
    """Whether the sources hold each word of a name; of `module.name`, whether the module does."""
    if name in ALLOWED:
        return True
    if name.startswith("pytest "):
        return all(is_there(path) for path in name.split()[1:])
    dotted = re.fullmatch(r"([a-z]\w*)\.(\w+)", name)
    if dotted:
        return any(dotted[2] in words_below(place) for place in modules(dotted[1]))
    words = re.findall(r"[A-Za-z_]\w+", re.sub(r"<\w+>", "", name))
    return all(word in words_below("", of_tests=of_tests) for word in words)


def lost_names(page: str, *, of_tests: bool = False) -> list[str]:
    """The names of a page that do not exist."""
    return [
        name
        for name in quoted_names(page)
        if not (is_there(name) if is_path(name) else is_known(name, of_tests=of_tests))
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("page", "of_tests"), PAGES.items())
def test_every_name_exists(page: str, *, of_tests: bool) -> None:
    assert len(quoted_names(page)) > 50
    assert lost_names(page, of_tests=of_tests) == []


def test_no_exception_is_left_over() -> None:
    quoted = {name for page in PAGES for name in quoted_names(page)}
    assert ALLOWED.keys() - quoted == set()


def test_a_name_that_is_gone_is_found() -> None:
    assert is_there("services/ledger/")
    assert not is_there("services/ledger/nothing.py")
    assert is_known("journal.pull")
    assert not is_known("journal.no_such_function")
    assert not is_known("no_such_module.pull")
    assert not is_known("pytest tests/no_such_test.py")
