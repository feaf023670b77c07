"""The rows of a schema as HTML.

It is put together here, because a template takes many times as long and a page may have 200 rows.
"""

from collections.abc import Iterator, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from admin_ui.display.icons import markup
from admin_ui.display.isolation import isolated
from assistants.definition.parameters import KEPT_KIND, MOST_SCHEMA_ROWS, SchemaRow
from assistants.definition.parameters.parameter import MOST_DEPTH
from assistants.definition.parameters.values import lines_of
from assistants.forms.advising.hints import Hints
from assistants.forms.builder.places import BUILD_ACTION
from assistants.forms.builder.typed import ITEMS, inside
from assistants.forms.builder.words import kind_options, row_words
from assistants.forms.text import show
from assistants.wording import notices


class RowsHtml:
    """Renders the rows of one schema, with the errors and hints at each."""

    def __init__(
        self,
        name: str,
        rows: SchemaRow,
        *,
        errors: Mapping[str, list[str]],
        hints: Mapping[str, Hints],
        focus: str = "",
    ) -> None:
        self._name, self._rows = name, rows
        self._errors, self._hints, self._focus = errors, hints, focus
        self._language = get_language() or ""
        self._words = row_words(self._language)
        self._of_answers = name == "response_schema_schema"
        keys = [int(row.key) for row in inside(rows) if row.key]
        self._next = 1 + max(keys, default=-1)
        self._is_full = len(keys) >= MOST_SCHEMA_ROWS

    def render(self) -> SafeString:
        root = self._rows
        parts = [self._kept(root, self._name)]
        if not root.children:
            word = "none_answer" if self._of_answers else "none"
            parts.append(f'<p class="small quiet-text">{self._words[word]}</p>')
        parts += self._list(root, "", 0)
        if "additionalProperties" not in root.kept:
            parts.append(self._box(self._name, "closed", root.closed))
        parts.append(
            f'<button type="submit" class="button small quiet without-js" name="action"'
            f' value="{BUILD_ACTION}show:{self._name}:" data-shows-rows {_HTMX}>'
            f"{self._words['show']}</button>"
        )
        return SafeString("".join(parts))

    def _list(self, row: SchemaRow, label: str, depth: int) -> Iterator[str]:
        """Yield the rows inside one, and the button for another."""
        if row.children:
            said = f' aria-label="{label}"' if label else ""
            yield f'<div class="schema-rows" role="group" data-rows="order"{said}>'
            for child in row.children:
                yield from self._row(child, row.key, depth + 1, required="required" not in row.kept)
            yield "</div>"
        if self._is_full:
            yield f'<p class="small quiet-text">{self._words["full"]}</p>' if not row.key else ""
        elif not row.key or row.kind == "object":
            word = "add_inside" if row.key else "add_answer" if self._of_answers else "add"
            value = f"{BUILD_ACTION}add:{self._name}:{row.key}"
            yield (
                f'<button type="submit" class="button small" name="action" value="{value}"'
                f' id="add_{self._name}-{row.key}" data-adds-row {_HTMX}>{markup("plus")}'
                f"{self._words[word]}{self._after(row)}</button>"
            )

    def _after(self, row: SchemaRow) -> str:
        return f' <span class="visually-hidden">{_shown(row.name)}</span>' if row.name else ""

    def _row(
        self, row: SchemaRow, around: str, depth: int, *, required: bool, entry: bool = False
    ) -> Iterator[str]:
        prefix = f"{self._name}-{row.key}"
        title = _shown(row.name) or self._words["each" if entry else "name"]
        opening = ' class="schema-row entry"' if entry else ' class="row schema-row" data-row'
        yield f'<div{opening} id="row_{prefix}" role="group" aria-label="{title}">'
        yield f'<input type="hidden" name="{prefix}-in" value="{around}">'
        if row.origin is not None and row.origin.key != row.key:
            yield f'<input type="hidden" name="{prefix}-of" value="{row.origin.key}">'
        yield '<div class="schema-main"><div class="field schema-line">'
        if entry:
            yield f'<span class="entry-title">{self._words["each"]}</span>'
        else:
            yield self._input(prefix, "name", row.name, "data-row-title")
        yield self._kind(prefix, row, entry=entry)
        if required and not entry:
            yield self._box(prefix, "required", row.required)
        yield "</div>"
        yield from self._details(prefix, row, entry=entry)
        yield self._notes(prefix, row)
        yield from self._inside(row, depth)
        yield "</div></div>"

    def _details(self, prefix: str, row: SchemaRow, *, entry: bool) -> Iterator[str]:
        words = self._words
        if "description" not in row.kept:
            described = self._invalid(prefix, "description")
            yield (
                f'<div class="field"><textarea id="id_{prefix}-description" rows="1" dir="auto"'
                f' name="{prefix}-description" aria-label="{words["description"]}"'
                f' placeholder="{words["what"]}"{described}>\n{_shown(row.description)}'
                "</textarea></div>"
            )
        more = list(self._more(prefix, row, entry=entry))
        if more:
            told = self._brief(row)
            is_open = any(f"{prefix}-{part}" in self._errors for part in ("allowed", "default"))
            yield f'<details class="row-more"{" open" if is_open else ""}><summary>{words["more"]}'
            yield f'<span class="quiet-text">{told}</span></summary><div class="more-fields">'
            yield from more
            yield "</div></details>"

    def _brief(self, row: SchemaRow) -> str:
        """What is set under "More", in a few words."""
        said = []
        if row.allowed:
            values = lines_of(row.allowed)
            said.append(", ".join(values[:4]) + (" …" if len(values) > 4 else ""))
        if row.default:
            said.append(f"= {row.default}")
        text = " · ".join(said)
        return f" {_shown(text if len(text) <= 60 else f'{text[:59]}…')}" if text else ""

    def _more(self, prefix: str, row: SchemaRow, *, entry: bool) -> Iterator[str]:
        words = self._words
        may_be_listed = row.kind not in ("boolean", "object", "array") or row.allowed
        if may_be_listed and "enum" not in row.kept:
            name = f"{prefix}-allowed"
            about = f"help_{name} error_{name}" if name in self._errors else f"help_{name}"
            yield (
                f'<div class="field"><label for="id_{name}">{words["allowed"]}</label>'
                f'<textarea id="id_{name}" name="{name}" rows="3" dir="auto"'
                f' aria-describedby="{about}"{self._invalid(prefix, "allowed", False)}>'
                f'\n{_shown(row.allowed)}</textarea><p class="help" id="help_{name}">'
                f"{words['allowed_help']}</p>{self._errors_of(prefix, 'allowed')}</div>"
            )
        if "default" not in row.kept and not entry:
            yield (
                f'<div class="field"><label for="id_{prefix}-default">{words["default"]}</label>'
                f"{self._input(prefix, 'default', row.default, '')}"
                f'<p class="help">{words["default_help"]}</p>'
                f"{self._errors_of(prefix, 'default')}</div>"
            )
        yield '<div class="cluster">'
        if row.kind != KEPT_KIND:
            yield self._box(prefix, "null", row.nullable)
        if row.kind == "object" and "additionalProperties" not in row.kept:
            yield self._box(prefix, "closed", row.closed)
        elif row.closed:
            yield f'<input type="hidden" name="{prefix}-closed" value="on">'
        yield "</div>"
        if not entry:
            yield '<div class="cluster">'
            for verb in ("up", "down", "copy"):
                hidden = "" if verb == "copy" else " data-row-typed"
                yield (
                    f'<button type="submit" class="button quiet small" name="action"{hidden}'
                    f' value="{BUILD_ACTION}{verb}:{self._name}:{row.key}" {_HTMX}>'
                    f"{words[verb]}{self._after(row)}</button>"
                )
            checked = " checked" if row.removed else ""
            yield (
                '<label class="check remove" data-row-typed><input type="checkbox" value="on"'
                f' name="{prefix}-DELETE" data-row-delete{checked}>{words["remove"]}</label></div>'
            )

    def _inside(self, row: SchemaRow, depth: int) -> Iterator[str]:
        if depth >= MOST_DEPTH + 2:
            return
        counts_items = row.holds_items and depth < MOST_DEPTH
        counts_fields = row.holds_fields and (row.kind == "object" or row.children)
        if row.idle:
            yield f'<p class="advice small">{markup("triangle-alert")}{self._words["idle"]}</p>'
        items = row.items
        if items is None and counts_items:
            items = SchemaRow(key=str(self._next), level=row.level)
            self._next += 1
        if items is not None and (counts_items or row.items in row.idle):
            inner = self._row(items, row.key + ITEMS, depth + 1, required=False, entry=True)
            yield f'<div class="inside">{"".join(inner)}</div>'
        if counts_fields and not row.may_nest:
            yield f'<p class="small quiet-text">{self._words["deeper"]}</p>'
        elif counts_fields or row.children:
            name = escape(isolated(row.name)) if row.name else self._words["each"]
            label = self._words["in"] % {"name": name}
            yield f'<div class="inside">{"".join(self._list(row, label, depth))}</div>'

    def _kind(self, prefix: str, row: SchemaRow, *, entry: bool) -> str:
        kind = row.kind
        options = kind_options(self._language, kind)
        if entry and kind and kind != KEPT_KIND:
            options = f'<option value="">{self._words["kind:"]}</option>{options}'
        label = self._words["entry_type" if entry else "type"]
        return (
            f'<select id="id_{prefix}-type" name="{prefix}-type" aria-label="{label}"'
            f' data-kind="{kind}"{self._autofocus(prefix, "type")}>{options}</select>'
        )

    def _input(self, prefix: str, part: str, value: str, more: str) -> str:
        label = f' aria-label="{self._words["name"]}"' if part == "name" else ""
        code = ' class="mono" spellcheck="false"' if part == "name" else ""
        placeholder = f' placeholder="{self._words["name"]}"' if part == "name" else ""
        if "\n" in value:  # a browser takes line ends out of one line
            return (
                f'<textarea rows="2" id="id_{prefix}-{part}" name="{prefix}-{part}"{label}{code}'
                f" {more}>\n{_shown(value)}</textarea>"
            )
        return (
            f'<input type="text" id="id_{prefix}-{part}" name="{prefix}-{part}"{label}{code}'
            f'{placeholder} value="{_shown(value)}" autocomplete="off" dir="auto" {more}'
            f"{self._invalid(prefix, part)}{self._autofocus(prefix, part)}>"
        )

    def _autofocus(self, prefix: str, part: str) -> str:
        return " autofocus" if self._focus == f"{prefix}-{part}" else ""

    def _invalid(self, prefix: str, part: str, described: bool = True) -> str:
        if f"{prefix}-{part}" not in self._errors:
            return ""
        about = f' aria-describedby="error_{prefix}-{part}"' if described else ""
        return f' aria-invalid="true"{about}'

    def _errors_of(self, prefix: str, part: str) -> str:
        texts = self._errors.get(f"{prefix}-{part}")
        if not texts:
            return ""
        told = "".join(
            f'<p class="error">{markup("circle-alert")}<span>{escape(text)}</span></p>'
            for text in texts
        )
        return f'<div id="error_{prefix}-{part}">{told}</div>'

    def _box(self, prefix: str, part: str, is_on: bool) -> str:
        checked = " checked" if is_on else ""
        return (
            f'<label class="check"><input type="checkbox" name="{prefix}-{part}" value="on"'
            f"{checked}>{self._words[part]}</label>"
        )

    def _kept(self, row: SchemaRow, prefix: str) -> str:
        kept = [name for name in row.kept if name != "properties" or row.may_nest]
        if not kept:
            return ""
        names = ", ".join(isolated(name[:60]) for name in kept[:12])
        told = self._words["kept"] % {"names": escape(names + (" …" if len(kept) > 12 else ""))}
        return f'<p class="small quiet-text kept" id="kept_{prefix}">{told}</p>'

    def _notes(self, prefix: str, row: SchemaRow) -> str:
        hints = self._hints.get(prefix)
        told = [
            text
            for value in (row.name, row.description, row.allowed, row.default)
            if value and not value.isascii()
            for text in notices(value)
        ]
        entries = [(text, "") for text in told] + (hints.advised if hints else [])
        noticed = f'<input type="hidden" name="noticed" value="{prefix}">' if entries else ""
        texts = "".join(
            f'<p class="advice">{markup("triangle-alert")}<span>{escape(text)}</span>'
            f"{fix_button(fix, self._words['fix'])}</p>"
            for text, fix in entries
        )
        return (
            f"{self._errors_of(prefix, 'name')}{self._kept(row, prefix)}"
            f'<div class="notices" id="notice_{prefix}">{noticed}{texts}</div>'
        )


_HTMX = 'formnovalidate hx-post=""'


def fix_button(value: str, label: str) -> str:
    """Return the button that corrects what stands beside it; nothing without a value."""
    if not value:
        return ""
    return (
        f' <button type="submit" class="button small" name="action" value="{escape(value)}"'
        f" {_HTMX}>{label}</button>"
    )


def _shown(text: str) -> str:
    return str(escape(show(text)))
