"""A SQLite file that vanished is not replaced by an empty one, before a start or while running."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.installation.served import ROOT, Person, Place
from tests.migrated import put_migrated

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An installation that has been started once."""
    place = Place(ROOT, put_migrated(tmp_path / "data"))
    with place.serving():
        assert httpx.get(f"{place.address}/healthz", trust_env=False).json() == {"status": "ok"}
    return place


def refusal(place: Place, *command: str) -> str:
    said = place.manage(*command, code=1)
    assert "Traceback" not in said
    return said


def test_a_start_refuses_an_empty_database_in_place_of_a_lost_one(place: Place) -> None:
    database = place.data / "db.sqlite3"
    database.rename(place.data / "elsewhere")
    for command in (["serve"], ["migrate"]):
        said = refusal(place, *command)
        assert f"The database {database} is missing" in said
        assert "Put the database back, or restore a backup." in said
        assert f"delete the file {place.data}/installation" in said
        assert not database.exists(), "nothing is made in its place"
    database.touch()
    for command in (["serve"], ["migrate"], ["check", "--database=default"]):
        assert "is empty" in refusal(place, *command)
    (place.data / "elsewhere").rename(database)
    with place.serving():
        pass


def test_a_new_address_of_an_empty_database_is_refused_too(place: Place) -> None:
    place.url = f"sqlite:///{place.data}/mistyped.sqlite3"
    said = refusal(place, "serve")
    assert "mistyped.sqlite3 is missing" in said
    assert f"Before, it was {place.data}/db.sqlite3." in said


def test_a_new_installation_is_begun_on_purpose(place: Place) -> None:
    for file in place.data.glob("db.sqlite3*"):
        file.unlink()
    (place.data / "installation").unlink()
    with place.serving():
        assert httpx.get(f"{place.address}/healthz", trust_env=False).status_code == 200
    assert (place.data / "installation").exists()


def test_a_file_deleted_under_a_running_server_takes_no_more_saves(place: Place) -> None:
    place.add("Emil", "editor")
    with place.serving():
        emil = Person(place, "Emil")
        assert emil.autosave(1, instructions="Kept").headers["X-Kept"] == "true"
        form = emil.form("/w/main/assistants/1/edit/")
        hidden = [(file, file.with_name(f"_{file.name}")) for file in place.data.glob("db.*")]
        for file, aside in hidden:
            file.rename(aside)
        answer = emil.get("/healthz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "the database file is missing: restore it"}
        assert answer.headers["Retry-After"]
        headers = {"X-Background": "keep", "HX-Request": "true"}
        fields = {**form, "instructions": "Lost", "action": "keep"}
        answer = emil.post("/w/main/assistants/1/edit/", fields, **headers)
        assert (answer.status_code, answer.headers.get("X-Kept")) == (503, None)
        assert not (place.data / "db.sqlite3").exists()
        for file, aside in hidden:
            aside.rename(file)
        assert emil.get("/healthz").json() == {"status": "ok"}
        assert emil.form("/w/main/assistants/1/edit/")["instructions"] == "Kept"
