"""The part "Add from …" of the form: functions read from elsewhere become rows of their own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from admin_ui.display.isolation import isolated
from assistants.definition import LIMITS
from assistants.definition.value import as_dict
from assistants.forms.posted.answers import Answers
from assistants.forms.posted.json_text import json_fault
from assistants.forms.text import printable, show_json
from assistants.importing import (
    READY_MADE,
    FoundFunction,
    FoundFunctions,
    NotRead,
    Remark,
    functions_in,
    functions_of,
    ready_made,
)
from assistants.wording import quoted

PASTED, TEMPLATE, OWNER = "from-text", "from-template", "from-assistant"
SOURCE, SEARCH, PICK = "from-source", "from-search", "from-pick-"
"""Inputs: what was pasted, a template, an assistant; where the listed functions are from, what
assistants are searched for, and the beginning of the name of each box."""
_MOST_TICKED = 8
"""Functions in a list up to which all of them are ticked at first."""


class FunctionChoice(NamedTuple):
    """One function to tick: its box, and what is said about it."""

    box: str
    name: str
    label: str
    text: str
    ticked: bool


class Owner(NamedTuple):
    """An assistant whose functions can be added."""

    pk: int
    name: str


@dataclass
class AddFrom:
    """What this part of the page shows. `fault` is at the input `fault_at`."""

    text: str = ""
    source: str = ""
    search: str = ""
    fault: str = ""
    fault_at: str = ""
    remarks: list[str] = field(default_factory=list)
    choices: list[FunctionChoice] = field(default_factory=list)
    owners: Sequence[Owner] | None = None
    owner: str = ""
    template: str = ""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> "AddFrom":
        return cls(
            text=printable(data.get(PASTED, "")),
            search=printable(data.get(SEARCH, "")),
            owner=data.get(OWNER, ""),
            template=data.get(TEMPLATE, ""),
        )

    @property
    def is_pasted(self) -> bool:
        """Whether it holds a pasted text, which is no part of a definition yet."""
        return bool(self.text.strip())

    @property
    def is_open(self) -> bool:
        return self.is_pasted or bool(self.fault or self.choices) or self.owners is not None

    @property
    def is_not_there(self) -> bool:
        """Whether no assistant was found."""
        return self.owners is not None and not self.owners

    @property
    def owner_options(self) -> SafeString:
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (entry.pk, _selected(str(entry.pk) == self.owner), isolated(entry.name))
                for entry in self.owners or ()
            ),
        )

    @property
    def templates(self) -> SafeString:
        return _template_options(get_language() or "")

    def refuse(self, at: str, fault: str) -> None:
        self.fault_at, self.fault = at, fault


def _selected(is_selected: bool) -> SafeString:
    return SafeString(" selected" if is_selected else "")


@cache
def _template_options(language: str) -> SafeString:
    with override(language):
        options = ((entry.key, _(entry.title), _(entry.text)) for entry in READY_MADE)
        return format_html_join("", '<option value="{}">{}: {}</option>', options)


# Each of these reads a source. None: the state says why there is nothing to choose from.


def read_text(state: AddFrom) -> FoundFunctions | None:
    try:
        return functions_of(state.text)
    except NotRead as reason:
        state.refuse(PASTED, not_read_sentence(reason))
    return None


def read_template(state: AddFrom) -> FoundFunctions | None:
    found = ready_made(state.template)
    if found is None:
        state.refuse(TEMPLATE, _("Choose a template first."))
    return found


def read_tools(state: AddFrom, tools: Any) -> FoundFunctions | None:
    found = functions_in(tools)
    if found is None:
        state.refuse(OWNER, _("This assistant has no function. Choose another one."))
    return found


def list_functions(
    state: AddFrom, source: str, found: FoundFunctions, picked: Iterable[int] | None = None
) -> None:
    """Show the functions to tick; all are ticked if there are few, or those of `picked`."""
    few = len(found.functions) <= _MOST_TICKED
    ticked = set(range(len(found.functions)) if few else ()) if picked is None else set(picked)
    state.source = source
    state.remarks = [remark_sentence(remark) for remark in found.remarks]
    state.choices = [
        FunctionChoice(
            box=f"{PICK}{number}",
            name=printable(function.name),
            label=printable(function.name) or _("Function without a name"),
            text=_brief(function),
            ticked=number in ticked,
        )
        for number, function in enumerate(found.functions)
    ]


def picked_functions(
    state: AddFrom, source: str, found: FoundFunctions, data: Mapping[str, str]
) -> FoundFunctions | None:
    """Return the functions that were ticked; None where there is none, or the list has changed."""
    numbers = [number for number in range(len(found.functions)) if f"{PICK}{number}" in data]
    changed = any(
        data[f"{PICK}{number}"] != printable(found.functions[number].name) for number in numbers
    )
    if numbers and not changed:
        return FoundFunctions(tuple(found.functions[n] for n in numbers), found.remarks)
    list_functions(state, source, found, None if changed else ())
    state.refuse(
        SOURCE,
        _("The functions have changed since. Choose again.")
        if changed
        else _("Tick at least one function."),
    )
    return None


class Added(NamedTuple):
    """The answers with the functions as rows, the first of these rows, and what to say there."""

    answers: Answers
    row: str
    said: list[str]
    is_whole: bool
    """Whether all of them fitted."""


def add_functions(answers: Answers, found: FoundFunctions, used: int) -> Added | None:
    """Add functions to rows that are empty, or to new ones; None where there is no room.

    `used` is how many tools there are already.
    """
    fitting = found.functions[: max(LIMITS.tools - used, 0)]
    if not fitting:
        return None
    data = {key: str(value) for key, value in answers.data.items()}
    shown = sum(row.startswith("function-") for row in answers.shown.tools)
    rows = answers.rows("function", shown) or range(shown)
    free = _free_rows(answers, rows, shown)
    total, first = len(rows), ""
    for function in fitting:
        row = next(free, "")
        if not row:
            row, total = f"function-{total}", total + 1
        first = first or row
        data.update(_inputs(row, function))
    data["function-TOTAL_FORMS"] = str(total)
    told = ngettext("%(count)s function added.", "%(count)s functions added.", len(fitting))
    said = [told % {"count": len(fitting)}]
    said += [remark_sentence(remark) for remark in found.remarks]
    if left := len(found.functions) - len(fitting):
        said.append(_no_room(left))
    return Added(Answers(answers.shown, data), first, said, not left)


def no_room_sentence(found: FoundFunctions) -> str:
    return _no_room(len(found.functions))


def _no_room(left: int) -> str:
    text = ngettext(
        "%(count)s function did not fit. An assistant can have %(limit)s tools: remove some first.",
        "%(count)s functions did not fit. An assistant can have %(limit)s tools: remove some"
        " first.",
        left,
    )
    return text % {"count": left, "limit": LIMITS.tools}


def _free_rows(answers: Answers, rows: range, shown: int) -> Iterator[str]:
    """Yield the rows that were added and never filled in."""
    for number in rows:
        row = f"function-{number}"
        inputs = (answers.value(f"{row}-{name}") for name in ("name", "description", "parameters"))
        if number >= shown and not answers.ticked(f"{row}-DELETE") and not any(inputs):
            yield row


def _inputs(row: str, function: FoundFunction) -> Iterator[tuple[str, str]]:
    yield f"{row}-name", function.name
    yield f"{row}-description", function.description
    yield f"{row}-parameters", show_json(function.parameters)
    if function.strict:
        yield f"{row}-strict", "on"
    if function.rest:
        yield f"{row}-rest", show_json(dict(function.rest))


def _brief(function: FoundFunction) -> str:
    """Return what tells functions apart in a list."""
    count = len(as_dict(as_dict(function.parameters).get("properties")))
    parameters = ngettext("%(count)s parameter", "%(count)s parameters", count) % {"count": count}
    line = " ".join(function.description[:400].split())
    line = line if len(line) <= 120 else f"{line[:119]}…"
    return f"{printable(line)} · {parameters}" if line else parameters


def remark_sentence(remark: Remark) -> str:
    """Return a remark in the language of the page."""
    return _(remark.text) % {
        key: quoted(value) if isinstance(value, str) else number_format(value, force_grouping=True)
        for key, value in remark.params.items()
    }


def not_read_sentence(reason: NotRead) -> str:
    """Return why a text cannot be read; of JSON also what is wrong at the place."""
    return json_fault(reason.__cause__) or remark_sentence(reason.remark)
