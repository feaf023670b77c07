"""Every reader of foreign text is fed 128 kilobytes of its worst.

Linear work takes well under a second here, quadratic work minutes, so that a generous limit tells
them apart on any machine.
"""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from django.test import RequestFactory

from admin_ui.request.posted import content_length
from assistants.definition import Definition, problems
from assistants.diff import summarise
from assistants.forms.posted.json_text import parse_object
from assistants.forms.text import parse_lines, parse_number, printable
from assistants.gateway import AssistantMissing
from assistants.gateway.answers import Answer, read_assistant, read_models, read_page
from assistants.gateway.refusal import clean, from_answer
from assistants.search import cut, parse

SIZE = 128 * 1024
"""Bytes of each text: what takes the square of it takes minutes."""
SECONDS = 30
SECRET = "sk-" + "a" * 200


@contextmanager
def in_time() -> Iterator[None]:
    """Fail what is still running after half a minute."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def repeated(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


TEXTS = {
    "titles": repeated("<title>"),
    "half titles": repeated("<title "),
    "closed titles": "<title>" + repeated("</titl"),
    "angle brackets": repeated("<"),
    "entities": "<title>" + repeated("&#") + "</title>",
    "a long entity": "<title>&#" + "9" * SIZE + ";</title>",
    "spaces": repeated(" "),
    "odd spaces": repeated("\u00a0 "),
    "secrets": repeated(SECRET),
    "almost secrets": repeated("a" * 199),
    "words": repeated("word "),
    "one word": repeated("w"),
    "apostrophes": repeated("a'"),
    "digits": repeated("1"),
    "points": repeated("1."),
    "line ends": repeated("\r"),
    "joiners": repeated("\u200d"),
    "marks": "e" + repeated("\u0301"),
    "surrogates": "\ud800" * (SIZE // 3),
    "quotes": repeated('"'),
    "backslashes": repeated("\\"),
    "brackets": repeated("["),
    "braces": repeated('{"a":'),
    "commas": repeated(","),
    "dots of a path": repeated("a."),
}


def error(text: str, kind: str) -> Any:
    body = text.encode("utf-8", "replace")
    return from_answer(
        400, {"content-type": kind}, body, secrets=[SECRET], about=AssistantMissing, method="POST"
    ).message


def header(name: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        headers = {name: text}
        return from_answer(
            429, headers, b"", secrets=[SECRET], about=AssistantMissing, method="POST"
        )

    return read


def assistant_with(field: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        made = Definition.parse({"model": "m", field: text})
        return made.digest, problems(made), summarise(Definition.parse({"model": "m"}), made)

    return read


def attempted(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """Take a refusal for an answer: how long it takes is what this is about."""

    def read(text: str) -> Any:
        try:
            return reader(text)
        except Exception as refused:
            return refused

    return read


def answered(reader: Callable[[Answer], Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        body = text.encode("utf-8", "replace")
        return reader(Answer(status=200, body=body, etag=None, request_id=None))

    return attempted(read)


def edited(text: str) -> Any:
    before = Definition.parse({"model": "m", "instructions": text})
    after = Definition.parse({"model": "m", "instructions": f"x{text[:-1]}y"})
    return summarise(before, after)


def length(text: str) -> int:
    request = RequestFactory().get("/")
    request.META["CONTENT_LENGTH"] = text
    return content_length(request)


READERS: dict[str, Callable[[str], Any]] = {
    "an error as a page": lambda text: error(text, "text/html"),
    "an error as text": lambda text: error(text, "text/plain"),
    "an error as JSON": lambda text: error(
        json.dumps({"error": {"message": text}}), "application/json"
    ),
    "words of a remote": lambda text: clean(text, [SECRET]),
    "Retry-After": header("retry-after"),
    "a request id": header("x-request-id"),
    "a name": assistant_with("name"),
    "instructions": assistant_with("instructions"),
    "metadata": lambda text: assistant_with("metadata")({text[:100]: text}),  # type: ignore[arg-type]
    "an unknown field": assistant_with("invented"),
    "an edit of instructions": edited,
    "an assistant": answered(read_assistant),
    "a page of assistants": answered(lambda answer: read_page(answer, None)),
    "models": answered(read_models),
    "typed JSON": attempted(lambda text: parse_object(text, levels=20)),
    "a typed text": printable,
    "a typed number": attempted(parse_number),
    "typed lines": parse_lines,
    "a search": parse,
    "what is searched": lambda text: list(cut(text)),
    "the length of a request": length,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_long_text_of_the_worst_kind_is_read_in_time(reader: str) -> None:
    for name, text in TEXTS.items():
        with in_time():
            READERS[reader](text)
        assert name


def test_a_title_is_found_and_made_readable() -> None:
    page = "<html>\u0130<TITLE lang=en>Bad &amp; worse</Title>"
    assert error(page, "text/html") == "Bad & worse"


def test_a_secret_is_hidden_in_upper_and_lower_case() -> None:
    assert (
        clean(f"no {SECRET.upper()} \u0130 {SECRET}!", [SECRET]) == "no [hidden] \u0130 [hidden]!"
    )
