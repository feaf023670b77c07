"""The summary of a form's errors: what each is about, and where on the page it leads."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from admin_ui.display.isolation import isolated
from assistants.definition import DEFINITION_FIELDS
from assistants.forms.shown_input import InputRow, ShownBuilder, ShownInput
from assistants.wording import field_label


class Fault(NamedTuple):
    """An entry in the summary of errors: where it leads, what it is about, what is wrong.

    Without a label it is about no field, and leads nowhere.
    """

    anchor: str
    label: str
    message: str


class InputAnchors:
    """Where each input is and what it is called, by its name, in the order of the page."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, str]] = {}

    def add_inputs(self, inputs: Iterable[ShownInput], title: str = "") -> None:
        for entry in inputs:
            label = f"{isolated(title)}: {entry.spec.label}" if title else entry.spec.label
            self._found[entry.name] = (f"id_{entry.name}", label)

    def add_rows(self, rows: Iterable[InputRow]) -> None:
        for row in rows:
            self._found[row.prefix] = (f"row_{row.prefix}", isolated(row.title))
            self.add_inputs(row.inputs.values(), row.title)
            if row.builder is not None:
                self.add_builder(row.builder, row.title)

    def add_builder(self, builder: ShownBuilder, title: str = "") -> None:
        """Add the rows of a schema that have errors."""
        around = f"{isolated(title)}: " if title else ""
        for name, label in builder.labels.items():
            self._found[name] = (f"id_{name}", f"{around}{label}")

    def faults(self, errors: Mapping[str, list[str]], kept: Collection[str]) -> Iterator[Fault]:
        """Yield the errors in the order of the page; those of no input come last.

        `kept` names the fields that the form keeps and does not show.
        """
        found = dict(self._found)
        for name in errors:
            anchor = "kept" if name in kept else _section(name)
            found.setdefault(name, (anchor, field_label(name) if name else ""))
        for name, (anchor, label) in found.items():
            for message in errors.get(name, ()):
                yield Fault(anchor, label, message)


def _section(name: str) -> str:
    """Return where the page shows a field that has no input of its own."""
    declared = DEFINITION_FIELDS.get(name)
    if declared is not None and declared.type is not None:
        return declared.section
    return "main" if name else ""
