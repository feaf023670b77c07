"""Text in inputs that count only with another choice, such as the schema of other answers."""

from collections.abc import Iterator

from assistants.definition import Definition
from assistants.forms.inputs import INPUTS, name_of_input
from assistants.forms.posted.answers import Answers
from assistants.forms.shown import ShownDefinition


def is_left_out(answers: Answers, base: Definition | None) -> bool:
    """Return whether text was posted that does not count now, and that `base` does not hold.

    A person can get back from the history what `base` holds.
    """
    idle = {name: answers.value(name) for name in _idle(answers) if name in answers.data}
    if not any(text.strip() for text in idle.values()):
        return False
    held = ShownDefinition.of(base).values if base else {}
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
