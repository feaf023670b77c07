"""What the editor's page shows: every input with its text, its limits and its errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from admin_ui.isolation import isolated
from assistants.definition import FIELDS, LIMITS, SHOWN
from assistants.forms.advice import Hints
from assistants.forms.answers import Answers
from assistants.forms.inputs import Choice, Spec, choices, specs
from assistants.forms.shown import OTHER
from assistants.forms.text import printable
from assistants.wording import Room, field_label, notices, remarks, tool_label


@dataclass(slots=True)
class Input:
    """One input, with everything that its template shows."""

    name: str
    value: str
    spec: Spec
    errors: list[str]
    choices: list[Choice]
    checked: bool
    documented: bool
    """Whether the vendor behind the connection mentions this field at all."""
    notices: list[str]
    """What the text holds that nobody sees."""
    hints: Hints | None
    """What is said about the schema in it."""
    focused: bool = False
    """Whether typing goes on here."""

    @property
    def label(self) -> SafeString:
        return format_html('<label for="id_{}">{}</label>', self.name, self.spec.label)

    @property
    def attributes(self) -> SafeString:
        """All of its HTML attributes but type and value, put together here because a template
        takes many times as long. A name holds letters, digits, _ and - only."""
        described = f"help_{self.name}" if self.spec.help else ""
        flags = ""
        if self.errors:
            described = f"{described} error_{self.name}".strip()
            flags = ' aria-invalid="true"'
        if self.is_text:
            described = f"{described} notice_{self.name}".strip()
            flags += self.spec.direction
        if self.focused:
            flags += " autofocus"
        about = f' aria-describedby="{described}"' if described else ""
        return SafeString(
            f'id="id_{self.name}" name="{self.name}"{about} {self.spec.attributes}{flags}'
        )

    @property
    def is_text(self) -> bool:
        return self.spec.kind in ("line", "area")

    @property
    def is_box(self) -> bool:
        return self.spec.kind == "box"

    @property
    def is_area(self) -> bool:
        return self.spec.kind == "area"

    @property
    def is_slider(self) -> bool:
        return self.spec.kind == "slider"

    @property
    def has_remarks(self) -> bool:
        return bool(self.errors) or not self.documented


@dataclass(slots=True)
class Row:
    """A tool or a pair of metadata: its inputs by short name, or its JSON where it has none."""

    prefix: str
    title: str
    errors: list[str]
    inputs: dict[str, Input] = field(default_factory=dict)
    json: str = ""
    deleted: bool = False
    is_open: bool = False
    rest: str = ""
    """JSON of what has no field of its own, since it was taken apart."""
    said: Sequence[str] = ()
    """What taking it apart did."""


GROUPS = ("tools", "metadata")
SECTIONS = {"tools": "tools", "metadata": "metadata", "tool_resources": "knowledge"}
"""Where the page shows a field that has no input of its own."""
SHAPES: dict[str, type] = {"tools": list, "tool_resources": dict, "metadata": dict}
PAIR = ("key", "value")
OF_FUNCTION = ("name", "description", "parameters", "strict", "position")


Places = dict[str, tuple[str, str]]
"""Where each field stands and what it is called, by its name, in the order of the page."""


class Fault(NamedTuple):
    """An entry in the summary of errors: where it leads, what it is about, what is wrong.

    Without a label it is about no field, and leads nowhere.
    """

    anchor: str
    label: str
    message: str


class Page:
    """The inputs of one form; `fields` holds those that stand alone, by name."""

    def __init__(
        self,
        answers: Answers,
        errors: Mapping[str, list[str]],
        documents: Callable[[str], bool],
        *,
        add: str = "",
        hints: Mapping[str, Hints] | None = None,
        said: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._answers = answers
        self._errors = errors
        self._documents = documents
        self._hints, self._said = hints or {}, said or {}
        self._room = Room(is_cut=answers.shown.excerpt.is_cut)
        self._language = get_language() or ""
        self._specs = specs(self._language)
        self.fields = {
            _short(key): self._input(key, key.replace(".", "-0-"))
            for key in self._specs
            if not key.startswith(("function.", "metadata."))
        }
        self.functions = [self._function(row) for row in self._rows("function")]
        self.others = [self._other(row) for row in self._rows("other")]
        self.pairs = [self._pair(row) for row in self._rows("metadata")]
        self._add(add)
        self.format_rest = self._answers.data.get("response_schema_rest", "")
        self.format_said = self._said.get("response_schema_schema", ())
        self.tool_errors = errors.get("tools", [])
        self.pair_errors = errors.get("metadata", [])
        self.schema_documented = documents("response_format.json_schema")
        self.keeps = {name: name in answers.shown.kept for name in GROUPS}
        self.kept = list(self._kept())
        self.remarks = list(remarks(answers.shown.excerpt, self._room))
        self.faults = list(self._faults()) if errors else []

    @property
    def tool_count(self) -> int:
        """Tools as they will be when the form is saved."""
        boxes = sum(self.fields[name].checked for name in ("code_interpreter", "file_search"))
        return boxes + _staying(self.functions) + _staying(self.others)

    @property
    def pair_count(self) -> int:
        return _staying(self.pairs)

    @property
    def full(self) -> dict[str, bool]:
        """Which of `GROUPS` have no room for a row more."""
        return {
            "tools": self.tool_count >= LIMITS.tools,
            "metadata": self.pair_count >= LIMITS.metadata_pairs,
        }

    def _rows(self, group: str) -> Iterator[str]:
        shown = int(self._answers.shown.values[f"{group}-TOTAL_FORMS"])
        rows = self._answers.rows(group, shown) or range(shown)
        for number in range(len(rows)):
            yield f"{group}-{number}"

    def _add(self, group: str) -> None:
        """Show an empty row more in `group`, where there is room for it."""
        if group == "function" and not self.full["tools"]:
            added = self._function(f"{group}-{len(self.functions)}")
            self.functions.append(added)
        elif group == "metadata" and not self.full["metadata"]:
            added = self._pair(f"{group}-{len(self.pairs)}")
            self.pairs.append(added)
        else:
            return
        next(iter(added.inputs.values())).focused = True

    def _input(self, key: str, name: str) -> Input:
        value = self._answers.value(name)
        spec = self._specs[key].holding(value)
        return Input(
            name=name,
            value=value,
            spec=spec,
            errors=self._errors.get(name, []),
            choices=choices(key, value, self._language),
            checked=spec.kind == "box" and self._answers.checked(name),
            documented=self._documents(spec.path or key),
            notices=notices(value) if spec.kind in ("line", "area") else [],
            hints=self._hints.get(name),
        )

    def _row(self, prefix: str, title: str, inputs: dict[str, Input]) -> Row:
        errors = self._errors.get(prefix, [])
        return Row(
            prefix=prefix,
            title=title,
            inputs=inputs,
            errors=errors,
            deleted=self._answers.ticked(f"{prefix}-DELETE"),
            is_open=bool(errors) or any(entry.errors for entry in inputs.values()),
        )

    def _function(self, prefix: str) -> Row:
        inputs = {name: self._input(f"function.{name}", f"{prefix}-{name}") for name in OF_FUNCTION}
        row = self._row(prefix, inputs["name"].value or _("New function"), inputs)
        is_new = prefix not in self._answers.shown.tools
        row.is_open = row.is_open or is_new or any(map(self._is_typed_in, inputs.values()))
        row.rest = self._answers.data.get(f"{prefix}-rest", "")
        row.said = self._said.get(f"{prefix}-parameters", ())
        inputs["name"].focused = bool(row.said)
        return row

    def _is_typed_in(self, entry: Input) -> bool:
        return self._answers.changed(entry.name) is not None

    def _pair(self, prefix: str) -> Row:
        inputs = {name: self._input(f"metadata.{name}", f"{prefix}-{name}") for name in PAIR}
        return self._row(prefix, inputs["key"].value, inputs)

    def _other(self, prefix: str) -> Row:
        shown = self._answers.shown
        tool = shown.definition.content()["tools"][shown.tools[prefix]]
        kind = tool.get("type") if isinstance(tool, dict) else None
        title = tool_label(printable(kind)).text if isinstance(kind, str) else _("Tool")
        row = self._row(prefix, title, {})
        row.json = printable(self._room.json(tool))
        return row

    def _kept(self) -> Iterator[tuple[str, str]]:
        """Fields that the form cannot show, and keeps: their label and their JSON."""
        shown = self._answers.shown
        found = shown.excerpt
        for name, value in found.values.items():
            wrong = name in SHAPES and not isinstance(value, SHAPES[name])
            other = name == "response_format" and shown.values[name] == OTHER
            if name in FIELDS and (name in shown.kept or wrong or other):
                yield field_label(name), printable(self._room.json(value))
        for name in found.unknown[: SHOWN.fields]:
            yield field_label(printable(name)), printable(self._room.json(found.values[name]))

    def _faults(self) -> Iterator[Fault]:
        """The errors in the order of the page; those of no field that is shown come last."""
        places: Places = {}
        tools_end = list(self.fields).index("code_interpreter_file_ids")
        fields = list(self.fields.values())
        _add_inputs(places, fields[:tools_end])
        _add_rows(places, [*self.functions, *self.others])
        _add_inputs(places, fields[tools_end:])
        _add_rows(places, self.pairs)
        kept = {name for name, is_kept in self.keeps.items() if is_kept}
        kept.update(self._answers.shown.definition.unknown)
        for name in self._errors:
            anchor = "kept" if name in kept else SECTIONS.get(name, "main" if name else "")
            places.setdefault(name, (anchor, field_label(name) if name else ""))
        for name, (anchor, label) in places.items():
            for message in self._errors.get(name, ()):
                yield Fault(anchor, label, message)


def _staying(rows: Iterable[Row]) -> int:
    return sum(not row.deleted for row in rows)


def _add_inputs(places: Places, inputs: Iterable[Input], title: str = "") -> None:
    for entry in inputs:
        label = f"{isolated(title)}: {entry.spec.label}" if title else entry.spec.label
        places[entry.name] = (f"id_{entry.name}", label)


def _add_rows(places: Places, rows: Iterable[Row]) -> None:
    for row in rows:
        places[row.prefix] = (f"row_{row.prefix}", isolated(row.title))
        _add_inputs(places, row.inputs.values(), row.title)


def _short(key: str) -> str:
    """A template's name for an input: "ranker" for "file_search.ranker"; a box has its card's."""
    group, _dot, name = key.rpartition(".")
    return group if name == "enabled" else name
