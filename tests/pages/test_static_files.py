"""What the dashboard sends with a style sheet or a script, and that nothing moves unasked."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from admin_ui.request.static_files import StaticFilesMiddleware

HEADERS_OF_ALL = {
    "Content-Type",
    "Content-Length",
    "Cache-Control",
    "X-Content-Type-Options",
}


@pytest.mark.parametrize(
    ("name", "cached", "more"),
    [
        ("page.0123456789ab.css", "max-age=315360000, public, immutable", set()),
        ("robots.css", "max-age=3600, public", {"Last-Modified", "ETag"}),
        (
            "mark.0123456789ab.svg",
            "max-age=315360000, public, immutable",
            {"Content-Security-Policy"},
        ),
    ],
)
def test_headers(
    db: None, tmp_path: Path, settings: Any, name: str, cached: str, more: set[str]
) -> None:
    (tmp_path / name).write_text("a { color: red }")
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."
    serves = StaticFilesMiddleware(lambda _: HttpResponse(status=404))
    answer = serves(RequestFactory().get(f"/static/{name}"))
    answer.close()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == cached
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert set(answer.headers) == HEADERS_OF_ALL | more
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = serves(RequestFactory().get(f"/static/{name}", secure=True))
    answer.close()
    assert answer["Strict-Transport-Security"] == "max-age=31536000"


MOVES = re.compile(r"^\s*(transition|animation)[a-z-]*:", re.MULTILINE)
MOTION_WANTED = re.compile(
    r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n  \}", re.DOTALL
)


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "static/css").rglob("*.css")), ids=lambda path: path.name
)
def test_nothing_moves_for_those_who_want_less_motion(path: Path) -> None:
    assert not MOVES.search(MOTION_WANTED.sub("", path.read_text()))
