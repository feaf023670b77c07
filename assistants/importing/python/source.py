"""Parses Python text, guarded against what exhausts the parser."""

import ast
import re
from typing import Any, NoReturn

from assistants.definition.translation import gettext_noop
from assistants.importing.found import NotRead

MOST_PYTHON = 100_000
"""Characters of Python that are parsed."""
_MOST_LEVELS = 30
_LOOKS_LIKE = re.compile(
    r"(?:async[ \t]+def|def|class)[ \t]+\w+|from[ \t]+[\w.]+[ \t]+import[ \t]|import[ \t]+\w|@\w"
)
_BARE = re.compile(r"[A-Za-z_]\w{0,200}[ \t]*\(")


def looks_like_python(text: str) -> bool:
    """Return whether the first line that is no comment begins as Python does."""
    return _LOOKS_LIKE.match(_first_code(text)) is not None


def parse_python(text: str) -> ast.Module | None:
    """Return the parsed text; None for a bare signature that is none.

    A signature without its body is completed, as is one without `def`. Raises `NotRead` for what
    begins as Python and is not valid.
    """
    is_python = looks_like_python(text)
    if not is_python and not _BARE.match(text):
        return None
    _guard(text)
    if is_python:
        attempts = [text, f"{text.rstrip().rstrip(':')}:\n    ..."]
    else:
        attempts = [f"def {text.strip().rstrip(';')}: ..."]
    problem: SyntaxError | None = None
    for attempt in attempts:
        try:
            tree: ast.Module = _parsed(attempt)
        except SyntaxError as error:
            problem = problem or error
        else:
            return tree
    if not is_python or problem is None:
        return None
    raise NotRead(
        gettext_noop("This looks like Python, and is not valid: line %(line)s, column %(column)s."),
        line=problem.lineno or 1,
        column=problem.offset or 1,
    )


def parse_annotation(text: str) -> ast.expr | None:
    """Return the type in a text, as in `"Order"`; None for what is none."""
    if len(text) > 1000 or _depth(text) > _MOST_LEVELS:
        return None
    try:
        return _parsed(text.strip(), "eval").body  # type: ignore[no-any-return]
    except (SyntaxError, NotRead):
        return None


def _parsed(text: str, mode: str = "exec") -> Any:
    try:
        return ast.parse(text, mode=mode)
    except (RecursionError, MemoryError, ValueError):
        _too_complex()


def _too_complex() -> NoReturn:
    raise NotRead(gettext_noop("This Python is nested too deeply. Paste the signature alone."))


def _guard(text: str) -> None:
    if len(text) > MOST_PYTHON:
        raise NotRead(
            gettext_noop(
                "Python can have at most %(limit)s characters here; this has %(actual)s. Paste the"
                " signatures alone."
            ),
            limit=MOST_PYTHON,
            actual=len(text),
        )
    if _depth(text) > _MOST_LEVELS or _longest_import(text) > _MOST_LEVELS:
        _too_complex()


def _depth(text: str) -> int:
    """Return how deep brackets nest, also where they are in texts and comments."""
    deepest = depth = 0
    for bracket in re.findall(r"[][(){}]", text):
        depth = depth + 1 if bracket in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _longest_import(text: str) -> int:
    """Return the dots in the longest name of an import: the parser's time is quadratic in them."""
    imports = re.findall(r"\b(?:import|from)\b[^\n;]*", text.replace("\\\n", ""))
    return max((line.count(".") for line in imports), default=0)


def _first_code(text: str) -> str:
    """Return the text from its first line that is neither blank nor a comment."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if line and not line.startswith("#"):
            return text[start:].lstrip()
        start = end + 1
    return ""
