"""A disk without room, as the server meets it: it says so, loses nothing, and recovers."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from admin_ui.installation.health import CHECK_SECONDS
from tests.installation.served import ROOT, Person, Place
from tests.migrated import put_migrated

pytestmark = pytest.mark.slow


@contextmanager
def no_file_may_grow(master: int, most: int) -> Iterator[None]:
    """Let writes beyond `most` bytes of a file fail in the workers of a running server."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    assert workers
    before = {int(pid): resource.prlimit(int(pid), resource.RLIMIT_FSIZE) for pid in workers}
    for pid, (_soft, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_health_and_saves_say_that_nothing_can_be_written(tmp_path: Path) -> None:
    place = Place(ROOT, put_migrated(tmp_path / "data"))
    with place.serving() as server:
        place.add("Emil", "editor")
        emil = Person(place, "Emil")
        assert emil.autosave(1, instructions="Kept").headers["X-Kept"] == "true"
        form = emil.form("/w/main/assistants/1/edit/")
        time.sleep(CHECK_SECONDS)
        with no_file_may_grow(server.pid, 32):
            answer = emil.get("/healthz")
            assert answer.status_code == 503
            assert answer.json()["status"].startswith("cannot write to the database: ")
            assert answer.headers["Retry-After"]
            fields = {**form, "instructions": "Not kept", "action": "keep"}
            headers = {"X-Background": "keep", "HX-Request": "true"}
            answer = emil.post("/w/main/assistants/1/edit/", fields, **headers)
            assert answer.status_code == 503
            assert answer.headers.get("X-Kept") != "true"
        time.sleep(CHECK_SECONDS)
        assert emil.get("/healthz").json() == {"status": "ok"}
        assert emil.form("/w/main/assistants/1/edit/")["instructions"] == "Kept"
        assert emil.autosave(1, instructions="Again").headers["X-Kept"] == "true"
