"""What the editor's page shows: every input with its text, its limits and its errors."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assistants.definition import DEFINITION_FIELDS, LIMITS, PAGE_LIMITS
from assistants.forms.advising.hints import Hints
from assistants.forms.builder.shown import shown_builder
from assistants.forms.changed import sections_of
from assistants.forms.faults import Fault, InputAnchors
from assistants.forms.inputs import name_of_input, options_of, specs
from assistants.forms.posted.add_from import AddFrom
from assistants.forms.posted.answers import Answers
from assistants.forms.shown import ID_LISTS, OTHER_FORMAT
from assistants.forms.shown_input import InputRow, ShownBuilder, ShownInput, changed_mark
from assistants.forms.text import printable
from assistants.wording import Room, field_label, notices, remarks, show_contents, tool_label
from assistants.wording.definition.contents import ShownContents

ROW_FIELDS = ("tools", "metadata")
"""Fields whose parts are rows."""
PAIR_INPUTS = ("key", "value")
FUNCTION_INPUTS = ("name", "description", "parameters", "strict", "position")


class EditorLayout:
    """The inputs of one form; `fields` holds those that are in no row, by name."""

    def __init__(
        self,
        answers: Answers,
        errors: Mapping[str, list[str]],
        documents: Callable[[str], bool],
        *,
        add: str = "",
        hints: Mapping[str, Hints] | None = None,
        said: Mapping[str, Sequence[str]] | None = None,
        changed: Collection[str] = (),
        add_from: AddFrom | None = None,
        opened: Collection[str] = (),
        closed: frozenset[str] = frozenset(),
        focus: str = "",
    ) -> None:
        self._answers = answers
        self._errors = errors
        self._documents = documents
        self._hints, self._said = hints or {}, said or {}
        self._changed = changed
        self.closed = closed
        """The fields that the page shows, but does not let the person change."""
        marked = {*changed, *sections_of(changed)}
        self.add_from = add_from or AddFrom()
        self._opened, self._focus = opened, focus
        self._room = Room(is_cut=answers.shown.excerpt.is_cut)
        self._language = get_language() or ""
        self.marks = dict.fromkeys(marked, changed_mark(self._language))
        """The mark of each section and of each field that has changes, by name."""
        self._specs = specs(self._language)
        self.fields = {
            _short(key): self._input(key, name_of_input(key))
            for key in self._specs
            if not key.startswith(("function.", "metadata."))
        }
        self.answers = _in_pairs(self._inputs_of("answers"))
        self.basics = self._inputs_of("basics")
        self.basics_open = any(entry.errors for entry in self.basics)
        self.functions = [self._function(row) for row in self._rows("function")]
        self.others = [self._other(row) for row in self._rows("other")]
        self.pairs = [self._pair(row) for row in self._rows("metadata")]
        self._add(add)
        schema = "response_schema_schema"
        self.builder = (
            ShownBuilder(schema, is_lean=True) if self._is_closed(schema) else self._builder(schema)
        )
        self.format_rest = self._answers.data.get("response_schema_rest", "")
        self.format_said = self._said.get("response_schema_schema", ())
        self.tool_errors = errors.get("tools", [])
        self.pair_errors = errors.get("metadata", [])
        self.knowledge_errors = errors.get("code_interpreter_file_ids", [])
        self.schema_documented = documents("response_format.json_schema")
        self.keeps = {name: name in answers.shown.kept for name in ROW_FIELDS}
        self.kept = list(self._kept())
        self.remarks = list(remarks(answers.shown.excerpt, self._room))
        self.faults = list(self._faults()) if errors else []

    @property
    def tool_count(self) -> int:
        """How many tools there will be when the form is saved."""
        boxes = sum(self.fields[name].checked for name in ("code_interpreter", "file_search"))
        return boxes + _staying(self.functions) + _staying(self.others)

    @property
    def pair_count(self) -> int:
        return _staying(self.pairs)

    @property
    def full(self) -> dict[str, bool]:
        """Which of `ROW_FIELDS` have no room for another row."""
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
        """Show another row in `group`, where there is room for it: empty, or with a key."""
        group, _colon, key = group.partition(":")
        if group == "function" and not self.full["tools"]:
            added = self._function(f"{group}-{len(self.functions)}")
            self.functions.append(added)
        elif group == "metadata" and not self.full["metadata"]:
            added = self._pair(f"{group}-{len(self.pairs)}")
            self.pairs.append(added)
            if key:
                added.title = added.inputs["key"].value = printable(key[: LIMITS.metadata_key])
        else:
            return
        added.inputs["value" if key else next(iter(added.inputs))].focused = True

    def _input(self, key: str, name: str) -> ShownInput:
        value = self._answers.value(name)
        spec = self._specs[key].holding(value)
        return ShownInput(
            name=name,
            value=value,
            spec=spec,
            errors=self._errors.get(name, []),
            choices=options_of(key, value, self._language),
            checked=spec.kind == "box" and self._answers.checked(name),
            documented=self._documents(spec.path or key),
            notices=notices(value) if spec.kind in ("line", "area") else [],
            hints=self._hints.get(name),
            changed=key in self._changed,
            closed=key in self.closed,
        )

    @cached_property
    def contents(self) -> ShownContents:
        """What the page shows of closed fields that have several inputs."""
        return show_contents(self._answers.shown.definition)

    def _inputs_of(self, section: str) -> list[ShownInput]:
        """Return the inputs of whole fields in one section."""
        return [
            self.fields[name]
            for name, declared in DEFINITION_FIELDS.items()
            if declared.section == section and name in self.fields
        ]

    def _row(self, prefix: str, title: str, inputs: dict[str, ShownInput]) -> InputRow:
        errors = self._errors.get(prefix, [])
        return InputRow(
            prefix=prefix,
            title=title,
            inputs=inputs,
            errors=errors,
            deleted=self._answers.ticked(f"{prefix}-DELETE"),
            is_open=bool(errors) or any(entry.errors for entry in inputs.values()),
        )

    def _function(self, prefix: str) -> InputRow:
        title = self._answers.value(f"{prefix}-name") or _("New function")
        is_open = self._is_open(prefix)
        names = FUNCTION_INPUTS if is_open else ("position",)
        inputs = {name: self._input(f"function.{name}", f"{prefix}-{name}") for name in names}
        row = self._row(prefix, title, inputs)
        row.is_open, row.is_lean = is_open, not is_open
        schema = f"{prefix}-parameters"
        row.has_hints = schema in self._hints
        row.rest = self._answers.data.get(f"{prefix}-rest", "")
        row.said = self._said.get(schema, ())
        row.about = self._answers.value(f"{prefix}-description")
        if is_open:
            row.builder = self._builder(schema)
            inputs["name"].focused = bool(row.said) or self._focus == f"{prefix}-name"
        return row

    def _is_open(self, prefix: str) -> bool:
        """Return whether a function shows its inputs: it is new, asked for, typed in or wrong."""
        is_new = prefix not in self._answers.shown.tools
        if is_new or prefix in self._opened or f"{prefix}-parameters-view" in self._answers.data:
            return True
        typed = (name for name in FUNCTION_INPUTS if name != "position")
        if any(self._answers.changed(f"{prefix}-{name}") is not None for name in typed):
            return True
        return any(name == prefix or name.startswith(f"{prefix}-") for name in self._errors)

    def _is_closed(self, name: str) -> bool:
        """Return whether a schema of answers is loaded when it is asked for: it may be long."""
        is_there = name in self._answers.data or name in self._opened
        return not is_there and bool(self._answers.value(name)) and name not in self._errors

    def _builder(self, name: str) -> ShownBuilder:
        return shown_builder(
            self._answers, name, errors=self._errors, hints=self._hints, focus=self._focus
        )

    def _pair(self, prefix: str) -> InputRow:
        inputs = {name: self._input(f"metadata.{name}", f"{prefix}-{name}") for name in PAIR_INPUTS}
        return self._row(prefix, inputs["key"].value, inputs)

    def _other(self, prefix: str) -> InputRow:
        shown = self._answers.shown
        tool = shown.definition.content()["tools"][shown.tools[prefix]]
        kind = tool.get("type") if isinstance(tool, dict) else None
        title = tool_label(printable(kind)).text if isinstance(kind, str) else _("Tool")
        row = self._row(prefix, title, {})
        row.json = printable(self._room.json(tool))
        return row

    def _kept(self) -> Iterator[tuple[str, str]]:
        """Yield label and JSON of the fields that the form cannot show, and keeps."""
        shown = self._answers.shown
        found = shown.excerpt
        for name, value in found.values.items():
            declared = DEFINITION_FIELDS.get(name)
            if declared is None:
                continue
            wrong = declared.type is not None and not isinstance(value, declared.type)
            other = declared.kind == "format" and shown.values[name] == OTHER_FORMAT
            if name in shown.kept or wrong or other:
                yield field_label(name), printable(self._room.json(value))
        for name in found.unknown[: PAGE_LIMITS.fields]:
            yield field_label(printable(name)), printable(self._room.json(found.values[name]))

    def _faults(self) -> Iterator[Fault]:
        anchors = InputAnchors()
        fields = list(self.fields.values())
        tools_end = list(self.fields).index(next(iter(ID_LISTS)))
        anchors.add_inputs(fields[:tools_end])
        anchors.add_rows([*self.functions, *self.others])
        anchors.add_inputs(fields[tools_end:])
        anchors.add_builder(self.builder)
        anchors.add_rows(self.pairs)
        kept = {name for name, is_kept in self.keeps.items() if is_kept}
        kept.update(self._answers.shown.definition.unknown)
        return anchors.faults(self._errors, kept)


def _staying(rows: Iterable[InputRow]) -> int:
    return sum(not row.deleted for row in rows)


def _in_pairs(inputs: list[ShownInput]) -> list[list[ShownInput]]:
    """Return the inputs as rows of two."""
    return [inputs[start : start + 2] for start in range(0, len(inputs), 2)]


def _short(key: str) -> str:
    """A template's name for an input: "ranker" for "file_search.ranker"; a box has its card's."""
    group, _dot, name = key.rpartition(".")
    return group if name == "enabled" else name
