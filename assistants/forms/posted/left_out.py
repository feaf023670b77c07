"""Text in inputs that count only with another choice, such as the schema of other answers."""

from collections.abc import Iterator

from assistants.definition import Definition
from assistants.forms.builder.typed import has_rows, is_idle, schema_text
from assistants.forms.inputs import INPUTS, name_of_input
from assistants.forms.posted.answers import Answers
from assistants.forms.shown import ShownDefinition


def is_left_out(answers: Answers, base: Definition | None) -> bool:
    """Return whether text was posted that does not count now, and that `base` does not hold.

    A person can get back from the history what `base` holds.
    """
    if any(is_idle(tree) for name, tree in answers.trees.items() if has_rows(answers, name)):
        return True
    idle = {name: answers.value(name) for name in _idle(answers) if name in answers.data}
    if not any(text.strip() for text in idle.values()):
        return False
    held = ShownDefinition.of(base).values if base else {}
    for name in idle.keys() & answers.schema_rows.keys():
        idle[name] = schema_text(answers, name)
    return any(text.strip() and text != held.get(name) for name, text in idle.items())


def _idle(answers: Answers) -> Iterator[str]:
    """Yield the names of the inputs that do not count now."""
    for key, spec in INPUTS.items():
        if spec.counts_with and not _has(answers, *spec.counts_with):
            yield name_of_input(key)


def _has(answers: Answers, name: str, value: str) -> bool:
    if value == "on":
        return answers.checked(name)
    return answers.value(name).strip() == value
