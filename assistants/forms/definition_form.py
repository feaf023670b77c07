"""The form in which a person edits a definition."""

from collections.abc import Callable, Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from assistants.definition import (
    FIELD_NAMES,
    Definition,
    Problem,
    changed_fields,
    excerpt,
    problems,
    schemas_in,
)
from assistants.forms.advising.advice import advise_on_schemas, schema_hints
from assistants.forms.advising.hints import Hints
from assistants.forms.builder.actions import take_step
from assistants.forms.builder.shown import name_hints, order_hints, schema_hint_regions
from assistants.forms.changed import input_of, is_input_of
from assistants.forms.editor_layout import EditorLayout
from assistants.forms.faults import Fault
from assistants.forms.places import input_for_param, input_for_path, input_for_problem
from assistants.forms.posted.add_from import SOURCE, AddFrom, add_functions, no_room_sentence
from assistants.forms.posted.answers import Answers, schema_of
from assistants.forms.posted.build import Built, build
from assistants.forms.posted.left_out import is_left_out
from assistants.forms.posted.take_apart import take_apart
from assistants.forms.sentences import problem_sentence
from assistants.forms.shown import ShownDefinition
from assistants.importing import FoundFunctions

OPEN = "open:"
"""What the value of `action` begins with to show the inputs of a function."""


class DefinitionForm:
    """Shows a definition as fields of text, and reads what comes back.

    It is used like a `django.forms.Form` but is none: a definition may hold anything that a gateway
    sent, `definition.problems` checks its limits, and unchanged fields keep their exact values.

    `original` is what the page showed, `data` what was posted (None to show the page first), and
    `base` what was live when the person began. Fields that equal those of `base` are not checked;
    without `base`, as for a new assistant, all fields are. `closed` names the fields that the
    person may not change: they stay as they were, and what was typed into them is an error.
    """

    def __init__(
        self,
        original: Definition,
        data: Mapping[str, str] | None = None,
        *,
        base: Definition | None = None,
        closed: frozenset[str] = frozenset(),
    ) -> None:
        self.closed = closed
        self.refused: tuple[str, ...] = ()
        """The closed fields for which something else was posted."""
        self.answers = Answers(ShownDefinition.of(original), data or {})
        self.base = base
        self.definition = original
        self.errors: dict[str, list[str]] = {}
        self.said: dict[str, list[str]] = {}
        """What `take_apart` did, by the name of its input."""
        self.add_from = AddFrom.of(data or {})
        self.opened: set[str] = set()
        """The functions whose inputs a button asked for, by the beginning of their names."""
        self.focus = ""
        """The input that a button leads to."""
        self.is_typed = False
        """Whether a button changed what is typed."""
        self._built: Built | None = None

    def read(self) -> None:
        """Build `definition` from what was posted, without checking it."""
        self._built = build(self.answers)
        self.definition = self._built.definition
        if self.closed:
            self._keep_closed()

    def is_valid(self) -> bool:
        """Build and check `definition`; `errors` says by input what is wrong with it."""
        self.read()
        self.errors = {
            name: list(messages)
            for name, messages in self.answers.errors.items()
            if not any(is_input_of(field, name) for field in self.refused)
        }
        changed = None if self.base is None else changed_fields(self.base, self.definition)
        stored = [] if self.base is None else [self.base]
        # Publishing measures a definition far over the limits; that takes too long here.
        before = None if self.answers.shown.excerpt.is_cut else self.base
        self.add_problems(problems(self.definition, changed, before=before, stored=stored))
        for field in self.refused:
            said = _("You cannot change this field. Your text is kept as typed, not in the draft.")
            self.errors[input_of(field)] = [said]
        return not self.errors

    def _keep_closed(self) -> None:
        """Put closed fields back to what the page showed, and remember which were changed."""
        original = self.answers.shown.definition
        typed = set(changed_fields(original, self.definition))
        typed |= {field for field in self.closed if self._has_unread(field)}
        self.refused = tuple(name for name in FIELD_NAMES if name in self.closed & typed)
        kept = {name: original.value(name) for name in self.refused}
        self.definition = self.definition.replace(**kept) if kept else self.definition

    def _has_unread(self, field: str) -> bool:
        return any(is_input_of(field, name) for name in self.answers.errors)

    def take_apart(self, name: str) -> None:
        """Put the whole function in the field `name` into the fields of its parts."""
        self.answers, said = take_apart(self.answers, name)
        self.said = {name: said} if said else {}

    def add_functions(self, found: FoundFunctions, *, is_text: bool) -> None:
        """Add functions as rows. The text that they were read from goes, once all have a row."""
        self.read()
        tools = self.definition.content().get("tools")
        added = add_functions(self.answers, found, len(tools) if isinstance(tools, list) else 0)
        if added is None:
            self.add_from.refuse(SOURCE, no_room_sentence(found))
            return
        self.answers = added.answers
        self.said = {f"{added.row}-parameters": added.said}
        kept = self.add_from.text if not is_text or not added.is_whole else ""
        self.add_from = AddFrom(text=kept)

    def take_step(self, action: str) -> None:
        """Do what a button of the builder says, and say what keeps it from being done."""
        if action.startswith(OPEN):
            self.opened.add(action.removeprefix(OPEN))
            self.read()
            return
        step = take_step(self.answers, action)
        self.answers, self.focus, self.is_typed = step.answers, step.focus, step.is_typed
        self.read()
        if not step.is_typed:
            errors = self.answers.errors.items()
            self.errors = {name: told for name, told in errors if schema_of(name) == step.name}

    @property
    def unreadable(self) -> bool:
        """Whether something was posted that no definition can hold, such as invalid JSON."""
        return bool(self.answers.errors)

    @property
    def left_out(self) -> bool:
        """Whether text was posted that counts only with another choice."""
        return is_left_out(self.answers, self.base)

    @property
    def pasted(self) -> bool:
        """Whether the form holds a pasted text that is no function yet."""
        return self.add_from.is_pasted

    @property
    def says_more(self) -> bool:
        """Whether the form holds something typed that is not in `definition`."""
        return self.unreadable or self.left_out or self.pasted or bool(self.refused)

    def add_problems(self, found: Iterable[Problem]) -> None:
        """Add problems of the shown definition, or of the one that was built, to `errors` by input.
        An input that could not be read already has its reason."""
        rows = self._rows()
        for problem in found:
            name = input_for_problem(problem, *rows)
            if name not in self.answers.unread:
                self.errors.setdefault(name, []).append(problem_sentence(problem))

    def add_refusal(self, param: str, message: str) -> None:
        """Add the gateway's reason to `errors`, at the input that its `param` means, or at none."""
        self.errors.setdefault(input_for_param(param, *self._rows()), []).append(message)

    def _rows(self) -> tuple[list[str], dict[str, str]]:
        if self._built is not None:
            return self._built.tool_rows, self._built.pair_rows
        shown = self.answers.shown
        return list(shown.tools), {key: row for row, key in shown.pairs.items()}

    def faults(self) -> list[Fault]:
        """Return the errors in the order of the page, each with where it leads."""
        return self.page(lambda _path: True).faults

    def hints(self) -> dict[str, Hints]:
        """Return the hints for the inputs of schemas and for names, by the region that shows them.

        None for what could not be read, nor for a definition over the limits.
        """
        rows, _pairs = self._rows()
        shown = excerpt(self.definition)
        advice = {
            entry.schema.path: entry for entry in advise_on_schemas(self.definition, self.base)
        }
        unread = self.answers.unread
        found = dict(name_hints(self.answers))
        for schema in () if shown.is_cut else schemas_in(shown.values):
            name = input_for_path(schema.path, rows)
            entry = advice.get(schema.path)
            hints = schema_hints(schema, entry.texts if entry else [])
            if name in unread or not (hints.texts or hints.whole):
                continue
            flaws = entry.flaws if entry else []
            for region, about in schema_hint_regions(self.answers, name, hints, flaws):
                found[region] = found[region].plus(about) if region in found else about
        is_whole = self.base is not None and not shown.is_cut
        if is_whole and self.definition == self.base:
            for region, about in order_hints(self.answers, self.definition, self.base, rows):
                found[region] = found[region].plus(about) if region in found else about
        return found

    def page(
        self,
        documents: Callable[[str], bool],
        *,
        add: str = "",
        more_hints: Mapping[str, Hints] | None = None,
        changed: Collection[str] = (),
    ) -> EditorLayout:
        """Return what the page shows, with another empty row in the group `add`.

        `documents` returns whether the vendor of the connection documents a part of a definition.
        `changed` names the fields to mark as such.
        """
        hints = {**self.hints(), **(more_hints or {})}
        return EditorLayout(
            self.answers,
            self.errors,
            documents,
            add=add,
            hints=hints,
            said=self.said,
            changed=changed,
            add_from=self.add_from,
            opened=self.opened,
            closed=self.closed,
            focus=self.focus,
        )
