"""Answers are compressed: as Django would, except for how much time a large one may take."""

import gzip
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

from admin_ui.request.compression import LARGE_ANSWER, CompressionMiddleware

WORDS = " ".join(f"{number * 7919:x}" for number in range(LARGE_ANSWER)).encode()
SIZES = [0, 150, 300, LARGE_ANSWER - 1, LARGE_ANSWER, len(WORDS)]


def sent(
    make: Callable[[], Any], kind: Any = CompressionMiddleware, accepts: str = "br, gzip"
) -> Any:
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return kind(lambda _request: make())(request)


def body(answer: Any) -> bytes:
    content = answer.getvalue() if answer.streaming else answer.content
    return gzip.decompress(content) if answer.get("Content-Encoding") == "gzip" else content


def named(content: bytes = WORDS, **headers: str) -> Callable[[], HttpResponse]:
    return lambda: HttpResponse(content, headers=headers)


ANSWERS: dict[str, Callable[[], Any]] = {
    **{f"{size} bytes": named(WORDS[:size]) for size in SIZES},
    "strong tag": named(ETag='"a"'),
    "weak tag": named(ETag='W/"a"'),
    "encoded already": named(WORDS, **{"Content-Encoding": "br"}),
    "varies": named(Vary="Cookie"),
    "streamed": lambda: StreamingHttpResponse([WORDS, WORDS]),
}


@pytest.mark.parametrize("accepts", ["gzip", "br", "", "gzip;q=1.0, *;q=0"])
@pytest.mark.parametrize("name", ANSWERS)
def test_the_headers_and_the_text_are_as_from_django(name: str, accepts: str) -> None:
    ours, theirs = (
        sent(ANSWERS[name], kind, accepts) for kind in (CompressionMiddleware, GZipMiddleware)
    )
    size = ours.get("Content-Length")
    assert size is None or int(size) == len(ours.content)
    del ours["Content-Length"], theirs["Content-Length"]
    assert dict(ours.headers) == dict(theirs.headers)
    assert body(ours) == body(theirs)


def test_what_does_not_shrink_is_sent_as_it_is() -> None:
    noise = Random(1).randbytes(LARGE_ANSWER)
    answer = sent(named(noise))
    assert "Content-Encoding" not in answer
    assert answer.content == noise


def test_only_a_large_answer_is_compressed_quickly() -> None:
    flags = [sent(named(WORDS[:size])).content[8] for size in (LARGE_ANSWER - 1, LARGE_ANSWER)]
    assert flags == [0, 4], "a gzip header says 4 of the quickest level"


@pytest.mark.parametrize("size", [LARGE_ANSWER - 1, LARGE_ANSWER])
def test_one_page_has_many_compressed_sizes(size: int) -> None:
    assert len({len(sent(named(WORDS[:size])).content) for _ in range(60)}) > 20
