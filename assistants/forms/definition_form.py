"""The form in which a person edits a definition."""

from collections.abc import Callable, Mapping

from assistants.definition import Definition, changed_fields, problems
from assistants.forms.answers import Answers
from assistants.forms.build import build
from assistants.forms.page import Page
from assistants.forms.places import place, place_of
from assistants.forms.sentences import sentence
from assistants.forms.shown import Shown


class DefinitionForm:
    """Shows a definition as fields of text, and reads what comes back.

    A definition may hold anything a gateway sent, its limits are judged by `definition.problems`,
    and what nobody touched has to keep its exact value: so this is not a `django.forms.Form`,
    though it is used like one.

    `original` is what the page showed, `data` what was posted (None to show the page first),
    `base` what was live when the person began: fields that are as in `base` are not judged. None
    for a new assistant, of which everything is.
    """

    def __init__(
        self,
        original: Definition,
        data: Mapping[str, str] | None = None,
        *,
        base: Definition | None = None,
    ) -> None:
        self.answers = Answers(Shown.of(original), data or {})
        self.base = base
        self.definition = original
        self.errors: dict[str, list[str]] = {}

    def is_valid(self) -> bool:
        """Build `definition` from what was posted; `errors` says by field what is wrong with it."""
        built = build(self.answers)
        self.definition = built.definition
        self.errors = {name: list(messages) for name, messages in self.answers.errors.items()}
        changed = None if self.base is None else changed_fields(self.base, built.definition)
        for problem in problems(built.definition, changed):
            name = place_of(problem, built.tool_rows, built.pair_rows)
            if name not in self.answers.errors:
                self.errors.setdefault(name, []).append(sentence(problem))
        return not self.errors

    def add_refusal(self, param: str, message: str) -> None:
        """Put the gateway's reason at the field that its `param` means."""
        shown = self.answers.shown
        pairs = {key: row for row, key in shown.pairs.items()}
        self.errors.setdefault(place(param, list(shown.tools), pairs), []).append(message)

    def page(self, documents: Callable[[str], bool], *, add: str = "") -> Page:
        """Return what the page shows, with an empty row more in the group `add`.

        `documents` tells whether the vendor behind the connection mentions a part of a definition.
        """
        return Page(self.answers, self.errors, documents, add=add)
