"""A server of older code goes on saving while newer code has migrated the database.

Of two servers that are updated one after the other, the second runs like this for a while.
"""

import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.installation.served import ROOT, Person, Place, code_of_commit, database_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
RULE_BEGINS = "08db783"
"""The last commit before migrations had to leave room for older code."""
TYPED = "Written through the older server.\nKönigsallee 🙂"


def older_commits() -> list[str]:
    """Where the rule begins, and the commit before the one that added the newest migration."""
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return sorted({git("rev-parse", RULE_BEGINS), git("rev-parse", f"{newest}^")})


def git(*command: str) -> str:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"Git lacks history here: clone with all of it. {done.stderr}"
    return done.stdout.strip()


def test_saves_of_an_older_server_hold_on_the_newer_database(tmp_path: Path) -> None:
    for commit in older_commits():
        folder = tmp_path / commit
        old_code = code_of_commit(commit, folder / "code")
        with database_for(connection.vendor, "older", folder / "data") as url:
            new = Place(ROOT, folder / "data", url)
            with new.serving():
                new.add("Pia", "publisher")
                new.add("Emil", "editor")
            old = Place(old_code, folder / "data", url)
            with old.serving():
                work_on(old)
            with new.serving():
                look_at(new)
            new.verify()


def look_at(new: Place) -> None:
    assert TYPED in Person(new, "Emil").form("/w/main/assistants/2/edit/")["instructions"]
    page = Person(new, "Pia").get("/w/main/assistants/1/history/").text
    assert "Through the older server" in page


def work_on(old: Place) -> None:
    """Every page that writes: autosave, draft, publish, create, delete, presence, an API key."""
    emil, pia = Person(old, "Emil"), Person(old, "Pia")
    kept = emil.autosave(2, instructions=TYPED)
    assert (kept.status_code, kept.headers.get("X-Kept")) == (200, "true")
    assert pia.autosave(1, instructions=TYPED).headers.get("X-Kept") == "true"
    published = pia.publish(1, note="Through the older server")
    assert published.status_code == 303, published.text
    assert published.headers["Location"].endswith("/history/")
    here = "/w/main/assistants/2/here/"
    tab = emil.form("/w/main/assistants/2/edit/")["tab"]
    assert emil.post(here, {"tab": tab}, **{"X-Background": "true"}).status_code in (200, 204)
    new = pia.form("/w/main/assistants/new/")
    made = pia.post("/w/main/assistants/new/", {**new, "name": "New", "model": "m"})
    assert made.status_code == 303, made.text
    gone = pia.form("/w/main/assistants/3/delete/")
    name = "".join(value for key, value in gone.items() if key == "name")
    assert pia.post("/w/main/assistants/3/delete/", {**gone, "name": name}).status_code < 500
