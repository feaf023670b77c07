"""Addresses below `/api/`. The last pattern takes the rest, so that every answer is JSON."""

from typing import Any, NoReturn

from django.http import Http404
from django.urls import URLPattern, path, re_path, register_converter

from assistants.api.page import description, openapi


class NumberConverter:
    """A primary key or a number of a revision: nothing that a database could not look up."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberConverter, "number")

from assistants.api.application import api  # noqa: E402  # its addresses use the converter
from assistants.api.endpoint import answering  # noqa: E402


def _unknown(_request: Any, **_captured: Any) -> NoReturn:
    raise Http404


app_name = "api"
urlpatterns = [
    path("", description, name="description"),
    path("openapi.json", openapi, name="openapi"),
    *(
        URLPattern(entry.pattern, answering(entry.callback), name=entry.name)
        for entry in api.urls[0]
        if isinstance(entry, URLPattern) and entry.name != "api-root"
    ),
    re_path("^w/(?P<ws>[-a-zA-Z0-9_]+)/", answering(_unknown)),
    re_path("", answering(_unknown)),
]
