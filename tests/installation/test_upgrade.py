"""Databases of the oldest code that ever ran are brought up to date, and lose no row.

`dumping.py` says how their dumps were made.
"""

import re
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.installation.dumping import COMMITS, LONG, dump_of
from tests.installation.served import ROOT, Person, Place, database_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

GONE = {"assistants_search": "its texts were indexed again in other tables"}
"""Tables that migrations dropped, and why nothing was lost."""
CHANGED = {
    ("account_emailaddress", "verified"): "no mail had proven an address",
    ("accounts_stash", "path"): "the tab behind it has a column of its own",
    ("assistants_assistant", "changed_by"): "empty for what was brought in",
}
"""Columns whose content a migration changed, and why."""
EMPTY = {
    *("account_emailconfirmation", "auth_group", "auth_group_permissions"),
    *("accounts_user_groups", "accounts_user_user_permissions"),
}
"""Tables of libraries that the product does not use."""
Rows = dict[str, list[dict[str, Any]]]


def load(commit: str, vendor: str, url: str) -> None:
    text = dump_of(commit, vendor).read_text()
    if vendor == "postgresql":
        with psycopg.connect(url) as server:
            server.execute(text)  # type: ignore[call-overload]
        return
    database = sqlite3.connect(url.removeprefix("sqlite:///"))
    database.executescript(text)
    database.close()


def rows_of(vendor: str, url: str) -> Rows:
    """Every row of every table."""
    database: Any
    if vendor == "postgresql":
        database = psycopg.connect(url)
        listing = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    else:
        database = sqlite3.connect(url.removeprefix("sqlite:///"))
        listing = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'assistants\\_search\\_%' ESCAPE '\\'"
        )
    found = {}
    for (table,) in database.execute(listing).fetchall():
        cursor = database.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    database.close()
    return found


def without_changed(table: str, row: dict[str, Any], columns: Any) -> dict[str, Any]:
    return {name: row[name] for name in columns if (table, name) not in CHANGED}


def lost(before: Rows, after: Rows) -> dict[str, list[Any]]:
    """The rows that are not there any more as they were, in the columns that they had."""
    found = {}
    for table, rows in before.items():
        if table in GONE or not rows:
            continue
        kept = [without_changed(table, row, rows[0]) for row in after[table]]
        missing = [row for row in rows if without_changed(table, row, row) not in kept]
        if missing:
            found[table] = missing
    return found


@pytest.mark.parametrize("commit", COMMITS)
def test_an_old_database_is_brought_up_to_date_whole(tmp_path: Path, commit: str) -> None:
    vendor, data = connection.vendor, tmp_path / "data"
    with database_for(vendor, "upgrade", data) as url:
        load(commit, vendor, url)
        place = Place(ROOT, data, url)
        before = rows_of(vendor, url)
        assert {table for table, rows in before.items() if not rows} <= EMPTY
        place.manage("migrate", "--verbosity=0")
        after = rows_of(vendor, url)
        missing = lost(before, after)
        assert [row["user_id"] for row in missing.pop("accounts_member")] == [nina(before)]
        assert [row["email"] for row in after["accounts_invitation"]] == ["nina@example.com"]
        assert missing == {}
        assert {"assistants_passage", "accounts_invitation"} <= after.keys()
        with place.serving():
            use(place)
        place.verify()
        place.manage("rotate_encryption")


def test_migrations_go_back_past_append_only_tables_and_forth(tmp_path: Path) -> None:
    vendor, data = connection.vendor, tmp_path / "data"
    with database_for(vendor, "backwards", data) as url:
        place = Place(ROOT, data, url)
        place.manage("migrate", "--verbosity=0")
        place.manage("migrate", "assistants", "0033", "--verbosity=0")
        place.manage("migrate", "--verbosity=0")
        place.manage("check", "--database=default")


def nina(before: Rows) -> int:
    """The one who never chose a password; members like her became invitations."""
    people = before["accounts_user"]
    return next(row["id"] for row in people if row["email"] == "nina@example.com")


def use(place: Place) -> None:
    """Open the pages of each role, find, edit and publish."""
    for name in ("Vera", "Emil", "Pia", "Ada", "Olga"):
        person = Person(place, name)
        pages = ["", "assistants/", "changes/", "team/", "connections/", "assistants/?q=briefest"]
        pages += [f"assistants/{pk}/history/" for pk in (1, 2, 3, 4, 5, 6)]
        pages += [f"assistants/{pk}/" for pk in (1, 2, 3)]
        for page in pages:
            answer = person.client.get(f"/w/main/{page}", follow_redirects=True)
            allowed = (200, 403) if page in ("team/", "connections/") else (200,)
            assert answer.status_code in allowed, f"{name}: {page} is {answer.status_code}"
    pia, emil = Person(place, "Pia"), Person(place, "Emil")
    assert "Desk 1" in pia.get("/w/main/assistants/?q=be+very+brief").text
    assert "Emil" in emil.form("/w/main/assistants/1/edit/")["instructions"]
    kept = emil.get("/w/main/assistants/3/edit/").text
    assert "Typed after the session had ended" in kept
    assert pia.form("/w/main/assistants/3/edit/")["instructions"] == "Pia's draft"
    assert pia.publish(3, note="After the upgrade").status_code == 303
    page = pia.get("/w/main/assistants/3/history/").text
    assert re.search(r"After the upgrade", page)
    revision = pia.get("/w/main/assistants/1/history/")
    assert "Longer" in revision.text
    newest = pia.client.get("/w/main/assistants/1/", follow_redirects=True).text
    assert LONG.split(".")[0] in newest
    draft = emil.autosave(1, instructions=f"{LONG}After the upgrade")
    assert draft.headers["X-Kept"] == "true"
