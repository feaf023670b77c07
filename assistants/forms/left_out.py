"""Text in fields that count only with another choice, such as the schema of other answers."""

from collections.abc import Iterator

from assistants.definition import Definition
from assistants.forms.answers import Answers
from assistants.forms.shown import Shown

_SCHEMA = ("response_schema_name", "response_schema_description", "response_schema_schema")
_OPTIONS = ("max_num_results", "ranker", "score_threshold")
_SEARCH = tuple(f"file_search-0-{name}" for name in _OPTIONS)


def is_left_out(answers: Answers, base: Definition | None) -> bool:
    """Return whether text was posted that does not count now, and that `base` does not hold.

    What `base` holds is in the history, so it can be had back from there.
    """
    idle = {name: answers.value(name) for name in _idle(answers) if name in answers.data}
    if not any(text.strip() for text in idle.values()):
        return False
    held = Shown.of(base).values if base else {}
    return any(text.strip() and text != held.get(name) for name, text in idle.items())


def _idle(answers: Answers) -> Iterator[str]:
    if answers.value("response_format").strip() != "json_schema":
        yield from _SCHEMA
    if not answers.checked("file_search-0-enabled"):
        yield from _SEARCH
