"""Finding out which version brought each word of a line, when somebody asks."""

from time import thread_time

from assistants.diff.line_words import TracedWords, WordRun, find_former
from assistants.diff.origins import numbered_lines
from assistants.models import Assistant
from assistants.services.history.line_origins import instructions_of, trace_lines

MOST_STEPS = 100
"""Versions that changed one line, as far as they are followed back."""


def trace_words(*, assistant: Assistant, line: str, version: int, seconds: float) -> list[WordRun]:
    """Return the words of a line that `version` introduced, by the version that brought them.

    A line is followed back through the lines that it was made of. What is not found within about
    `seconds` of processor time has the version 0.
    """
    until, traced = thread_time() + seconds, TracedWords(line)
    for _step in range(MOST_STEPS):
        left = until - thread_time()
        if version > 1 and left <= 0:
            break
        before = trace_lines(assistant=assistant, version=version - 1, seconds=left)
        if version > 1 and not before.is_done:
            break
        old, new = map(numbered_lines, (before.text, instructions_of(assistant, version)))
        at = find_former(old, new, traced.now)
        if at is None:
            traced.end(version=version)
            break
        traced.step(old[at], version=version)
        if traced.is_done:
            break
        version = before.origins.lines[at]
    return list(traced.runs())
