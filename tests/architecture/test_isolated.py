"""People's text keeps its own direction: every place that shows some isolates it.

In a template that is the filter `isolated`, or one of those that put each turning character into a
box of its own. `<bdi>` or `dir` alone are not enough: a browser lets U+2069 in a name end them. In
Python a sentence takes a name through `isolated`, `quoted` or `noted`.
"""

import ast
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from admin_ui.display.isolation import isolated

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix()
    for ending in ("html", "txt")
    for path in (ROOT / "templates").rglob(f"*.{ending}")
)

PEOPLES = re.compile(
    r"(^|\.)(name|user|who|person|owner|drafter|accepted|author_name|created_by|vouched_by|by|made"
    r"|note|brief_note|title|former|model|description|summary|instructions|assistant"
    r"|old|new|base|live_name|names|unreadable|publishers|models|mine|theirs|both)$"
)
NOT_PEOPLES = {
    "i.name": "the id of an input",
    "entry.name": "the id of an input",
    "delivery.title": "a sentence of the product",
    "group.title": "a word of the product",
    "section.title": "a word of the product",
    "block.old": "HTML made of pieces, each isolated by the style sheet",
    "block.new": "HTML made of pieces, each isolated by the style sheet",
    "base": "a number",
    "who.base": "a sentence with isolated names",
    "who.mine": "a sentence with isolated names",
    "who.theirs": "a sentence with isolated names",
    "page.marks.instructions": "a mark of the product",
    "clash.base": "HTML made of marked pieces",
    "clash.mine": "HTML made of marked pieces",
    "clash.theirs": "HTML made of marked pieces",
    "field.name": "the id of an input",
    "limits.instructions": "a number",
    "keys.old": "a number",
    "description": "a sentence of the product",
    "name": "a word of the product, or bound in a sentence",
}
OPEN_BY_ITSELF = {"br", "hr", "img", "input", "link", "meta", "use", "rect"}
BOXES = {"option", "pre", "svg", "textarea"}
"""Elements that nothing inside reaches out of."""
FILTERS = {"isolated", "marked", "all_marked"}
ADDRESSES = {"href", "action", "hx-post", "hx-get", "id", "for", "name", "value", "class"}
ADDRESSES |= {"data-copy", "aria-labelledby", "aria-describedby", "hx-include"}
SHOWN = re.compile(r"\{\{\s*([^}]+?)\s*\}\}")
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SENTENCE = re.compile(r"(\{% blocktranslate.*?%\})(.*?)\{% endblocktranslate %\}", re.DOTALL)
BOUND = re.compile(r"(\w+)=([\w.]+)((?:\|[\w:\"', ]+?)*)(?=\s+\w+=|\s*%\}|\s+and\s)")


def is_peoples(expression: str) -> bool:
    name, *filters = expression.split("|")
    is_number = "length" in filters
    return name not in NOT_PEOPLES and not is_number and PEOPLES.search(name) is not None


def is_isolated(expression: str, filters: Collection[str] = ("isolated",)) -> bool:
    return not set(filters).isdisjoint(expression.split("|")[1:])


class Reader(HTMLParser):
    """Follows the elements of a template and notes what is shown where nothing isolates it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name not in ADDRESSES:
                self.look(value or "", f"attribute {name}", ("isolated",))
        if tag not in OPEN_BY_ITSELF:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if BOXES.isdisjoint(self.open):
            self.look(data, "text", ("isolated",) if "title" in self.open else FILTERS)

    def look(self, text: str, where: str, filters: Collection[str]) -> None:
        for expression in SHOWN.findall(text):
            if is_peoples(expression) and not is_isolated(expression, filters):
                self.found.append((where, expression))


def violations(source: str, *, is_html: bool = True) -> list[tuple[str, str]]:
    """Return where a template shows people's text unisolated: the kind of place, the expression."""
    found = []
    for opening, inside in SENTENCE.findall(source):
        bound = BOUND.findall(opening)
        for _name, value, filters in bound:
            if is_peoples(value + filters) and "|isolated" not in filters:
                found.append(("sentence", f"{value}{filters}"))
        for name in {*SHOWN.findall(inside)} - {name for name, _value, _filters in bound}:
            if is_peoples(name):
                found.append(("unbound in a sentence", name))
    titles = re.findall(r"\{% block title %\}(.*?)\{% endblock", source, re.DOTALL)
    for title in [*titles, *([] if is_html else [source])]:
        for expression in SHOWN.findall(_without_sentences(title)):
            if is_peoples(expression) and not is_isolated(expression):
                found.append(("title", expression))
    if is_html:
        rest = re.sub(r"\{% block title %\}.*?\{% endblock[^%]*%\}", "", source, flags=re.DOTALL)
        reader = Reader()
        reader.feed(TAG.sub("", _without_sentences(rest)))
        reader.close()
        found += reader.found
    return found


def _without_sentences(source: str) -> str:
    """The source without what is inside of `blocktranslate`, whose names were looked at."""
    return SENTENCE.sub("", source)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_isolates_what_people_wrote(name: str) -> None:
    source = (ROOT / "templates" / name).read_text()
    assert violations(source, is_html=name.endswith(".html")) == []


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("<p>{{ row.name }}</p>", ["text"]),
        ("<p><bdi>{{ row.name|isolated }}</bdi> {{ row.who }}</p>", ["text"]),
        ('<p dir="auto">{{ row.note|marked }}</p>', []),
        ("<option>{{ row.name }}</option>", []),
        ('<a aria-label="{{ assistant }}" href="{{ row.name }}"></a>', ["attribute aria-label"]),
        ("{% block title %}{{ assistant }}{% endblock title %}", ["title"]),
        ("{% blocktranslate with a=row.who %}{{ a }}{% endblocktranslate %}", ["sentence"]),
        ("{% blocktranslate %}{{ person }}{% endblocktranslate %}", ["unbound in a sentence"]),
        ("{% blocktranslate with a=row.who|isolated %}{{ a }}{% endblocktranslate %}", []),
    ],
)
def test_what_is_not_isolated_is_found(source: str, places: list[str]) -> None:
    assert [where for where, _expression in violations(source)] == places


# Sentences in Python: `_("… %(name)s …") % {"name": name}`.

NAMED = {"name", "other", "who", "person", "names", "old", "new", "message", "what", "workspace"}
SAFE = {"isolated", "quoted", "noted", "format_html", "escape", "mark_name", "_listed", "both"}
COMMANDS = "management"  # they write to a terminal, of which nobody knows what it does


def unsafe(tree: ast.AST) -> Iterator[str]:
    """Yield the keys under which a sentence takes people's text as it is."""
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    isolated = {name for node in assigned if _calls(node.value) for name in _names(node.targets)}
    used = {
        node.right.id
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
        if isinstance(node.right, ast.Name)
    }
    values = [node.value for node in assigned if used.intersection(_names(node.targets))]
    values += [
        node.right
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    ]
    for found in (value for value in values if isinstance(value, ast.Dict)):
        for key, value in zip(found.keys, found.values, strict=True):
            peoples = isinstance(key, ast.Constant) and key.value in NAMED
            done = isinstance(value, ast.Name) and value.id in isolated
            if peoples and not done and not _calls(value):
                yield f"line {value.lineno}: {key.value}"


def _names(targets: list[ast.expr]) -> set[str]:
    parts = (part for target in targets for part in ast.walk(target))
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _calls(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in SAFE
        for part in ast.walk(node)
    )


@pytest.mark.parametrize("folder", ["assistants", "admin_ui"])
def test_a_sentence_isolates_what_people_wrote(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)} {place}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if COMMANDS not in path.parts
        for place in unsafe(ast.parse(path.read_text()))
    ]
    assert found == []


def test_a_sentence_that_isolates_nothing_is_found() -> None:
    assert list(unsafe(ast.parse('text % {"name": user, "count": 1}'))) == ["line 1: name"]
    assert list(unsafe(ast.parse('text % {"name": isolated(user)}'))) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\u2067b\u2069c", "\u2068a\u2067b\u2069c\u2069"),
        ("a\u2069b", "\u2068ab\u2069"),
        ("a\u2067b", "\u2068a\u2067b\u2069\u2069"),
        ("plain", "plain"),
    ],
)
def test_what_a_text_opens_ends_with_it_and_nothing_else_does(text: str, kept: str) -> None:
    assert isolated(text) == kept
