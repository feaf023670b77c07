"""What the page shows of a schema: its rows, or its JSON where rows cannot show it."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from admin_ui.display.isolation import isolated
from assistants.definition import LIMITS, Definition, schemas_in
from assistants.definition.checks.json_schema import Flaw
from assistants.definition.checks.problem import path_of
from assistants.definition.parameters import (
    NotRows,
    SchemaRow,
    can_fix,
    example_of,
    is_plain_name,
    plain_name,
    read_parameters,
    write_parameters,
)
from assistants.definition.parameters.values import same_json
from assistants.forms.advising.hints import Hints
from assistants.forms.builder.html import RowsHtml
from assistants.forms.builder.places import ANSWERS_SCHEMA, BUILD_ACTION, target_of
from assistants.forms.builder.slips import too_many
from assistants.forms.builder.typed import has_rows, inside, numbered, typed_rows
from assistants.forms.builder.words import row_words
from assistants.forms.places import input_for_path
from assistants.forms.posted.answers import Answers
from assistants.forms.posted.json_text import JsonError, parse_object
from assistants.forms.shown_input import ShownBuilder
from assistants.forms.text import show_json
from assistants.wording import quoted
from assistants.wording.definition.schemas import flaw_sentence


class Unshown(ValueError):
    """The schema is shown as JSON; `str()` says why, and is empty where the JSON says so itself."""


def rows_of(answers: Answers, name: str) -> SchemaRow:
    """Return the rows of the schema in the input `name`, as typed. Raises `Unshown`."""
    if name in answers.trees:
        return answers.trees[name]
    try:
        base = read_parameters(parse_object(answers.value(name), levels=LIMITS.nesting))
    except JsonError:
        raise Unshown from None
    except NotRows as refused:
        raise Unshown(too_many(refused.rows) if refused.rows else _other_shape()) from None
    posted = has_rows(answers, name)
    answers.trees[name] = typed_rows(answers, name, base) if posted else numbered(base)
    return answers.trees[name]


def _other_shape() -> str:
    return _("The form cannot show this schema, so edit it as JSON.")


def is_form(answers: Answers, name: str) -> bool:
    """Return whether the page shows the rows of a schema: where nothing else was chosen."""
    return has_rows(answers, name) or name not in answers.data


def shown_builder(
    answers: Answers,
    name: str,
    *,
    errors: Mapping[str, list[str]],
    hints: Mapping[str, Hints],
    focus: str = "",
) -> ShownBuilder:
    """Return what the page shows of the schema in the input `name`."""
    rows, unshown, html = None, "", SafeString()
    try:
        rows = rows_of(answers, name)
    except Unshown as reason:
        unshown = str(reason)
    shows_rows = rows is not None and is_form(answers, name)
    if rows is not None and shows_rows:
        html = RowsHtml(name, rows, errors=errors, hints=hints, focus=focus).render()
    return ShownBuilder(
        name=name,
        text=answers.value(name),
        rows=html,
        is_form=shows_rows,
        unshown=unshown,
        errors=errors.get(name, ()),
        hints=hints.get(name),
        target=target_of(name),
        example=_example(answers, name, rows),
        labels=_labels(rows, name, errors) if rows is not None and errors else {},
    )


def _example(answers: Answers, name: str, rows: SchemaRow | None) -> str:
    """Return an example of an answer as JSON; "" for a function, and without a schema."""
    if name != ANSWERS_SCHEMA:
        return ""
    try:
        schema = parse_object(answers.value(name), levels=LIMITS.nesting)
    except JsonError:
        return ""
    if rows is not None and is_form(answers, name):
        schema, _slips = write_parameters(rows)
    return show_json(example_of(schema)) if schema else ""


def example_answer(answers: Answers) -> str:
    """Return the example beside the schema of answers, where the page shows that schema."""
    if f"{ANSWERS_SCHEMA}-view" not in answers.data:
        return ""
    try:
        rows = rows_of(answers, ANSWERS_SCHEMA)
    except Unshown:
        rows = None
    return _example(answers, ANSWERS_SCHEMA, rows)


def flaw_mark(flaw: Flaw) -> str:
    """Return how a button names a flaw, for as long as the schema has it."""
    return f"{flaw.code} {path_of(flaw.location)} {flaw.params.get('name', '')}".strip()


def schema_hint_regions(
    answers: Answers, name: str, hints: Hints, flaws: Iterable[Flaw]
) -> Iterator[tuple[str, Hints]]:
    """Yield the hints about a schema, each with the name of the region that shows it.

    Where rows are shown, each flaw is at its row, and else at the JSON.
    """
    target = target_of(name)
    flaws = list(flaws)
    if not hints.texts:
        yield name, hints
        return
    tree: SchemaRow | None = None
    if is_form(answers, name):
        try:
            tree = rows_of(answers, name)
        except Unshown:
            tree = None
    found: dict[str, list[tuple[str, str]]] = {}
    for flaw in flaws:
        key, rest = _place(tree, flaw.location) if tree else ("", flaw.location)
        at = "" if tree and len(rest) <= 1 else path_of(rest)
        fix = f"{BUILD_ACTION}fix:{name}:{flaw_mark(flaw)}" if can_fix(flaw) else ""
        region = f"{name}-{key}" if key else name
        found.setdefault(region, []).append((flaw_sentence(flaw.code, at, flaw.params), fix))
    fixable = sum(bool(fix) for entries in found.values() for _text, fix in entries)
    if fixable > 1:
        found.setdefault(name, [])
    for region, entries in found.items():
        every = f"{BUILD_ACTION}fixall:{name}:" if region == name and fixable > 1 else ""
        texts, fixes = [text for text, _fix in entries], tuple(fix for _text, fix in entries)
        yield region, Hints(texts, fixes=fixes, fix_all=every, target=target)


def _place(tree: SchemaRow, location: tuple[str | int, ...]) -> tuple[str, tuple[str | int, ...]]:
    """Return the key of the row that a location leads to, and what is left of the location."""
    row, done = tree, 0
    while done < len(location):
        if location[done] == "items" and row.items is not None:
            row, done = row.items, done + 1
            continue
        if location[done] != "properties" or done + 1 == len(location):
            break
        named = location[done + 1]
        child = next((c for c in row.children if c.name == named and not c.removed), None)
        if child is None:
            break
        row, done = child, done + 2
    return row.key, location[done:]


def name_hints(answers: Answers) -> Iterator[tuple[str, Hints]]:
    """Yield a plain name for each name that was typed with spaces or other signs."""
    for name in answers.data:
        if name.startswith("function-") and name.count("-") == 2 and name.endswith("-name"):
            yield from _plain(name, name, answers.value(name))
    for schema, tree in answers.trees.items():
        if has_rows(answers, schema):
            for row in inside(tree):
                if row.origin is None or row.name != row.origin.name:
                    region = f"{schema}-{row.key}"
                    yield from _plain(region, f"{region}-name", row.name)


def order_hints(
    answers: Answers, typed: Definition, base: Definition, rows: list[str]
) -> Iterator[tuple[str, Hints]]:
    """Yield what to know where rows were moved and nothing else differs from `base`.

    Equal definitions may differ in the order of keys, which is saved with another change only.
    """
    if not answers.schema_rows:
        return
    for now, was in zip(schemas_in(typed.to_dict()), schemas_in(base.to_dict()), strict=True):
        if not same_json(now.value, was.value):
            told = _("Only the order has changed. It is saved once you change something else too.")
            yield input_for_path(now.path, rows), Hints([told])


def _plain(region: str, name: str, text: str) -> Iterator[tuple[str, Hints]]:
    text = text.strip()
    plain = "" if not text or is_plain_name(text) else plain_name(text)
    if plain:
        told = _("Providers take only letters, digits, _ and -, such as “%(name)s”.")
        hint = told % {"name": quoted(plain)}
        yield region, Hints([hint], fixes=(f"{BUILD_ACTION}plain:{name}:",), target=target_of(name))


def _labels(tree: SchemaRow, name: str, errors: Mapping[str, list[str]]) -> dict[str, str]:
    """Return what the inputs of rows with errors are called, by name."""
    words = row_words(get_language() or "")
    titles = {f"{name}-{row.key}": row.name for row in inside(tree)}
    found = {}
    for wrong in errors:
        prefix, _dash, part = wrong.rpartition("-")
        if prefix in titles:
            label = words[part]
            found[wrong] = f"{isolated(titles[prefix])}: {label}" if titles[prefix] else label
    return found
