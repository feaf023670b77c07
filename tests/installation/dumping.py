"""Makes the dumps of old databases in `dumps/`: one for each of the commits and databases.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/assistants python -m tests.installation.dumping

The code of that time runs as a server, people use its pages, and what they leave is dumped as SQL.
`pg_dump` must be there. The dumps are committed: make them anew only to add to what they hold.
"""

import os
import re
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from tests.installation.served import PASSWORD, Person, Place, code_of_commit, database_for
from tests.migrated import FOLDER
from tests.upstream import FaultSpec, clamped, refused, start
from tests.upstream.state import Upstream

COMMITS = ("6acc09e", "e062755")
"""The oldest code that ran with data, and the last before invitations."""
DUMPS = Path(__file__).parent / "dumps"
VENDORS = ("sqlite", "postgresql")
LONG = "Be kind, and answer in the language of the question. Königsallee 🙂 客服\n" * 24
OPEN = "/w/main/assistants/{}/{}/"


def dump_of(commit: str, vendor: str) -> Path:
    return DUMPS / f"{commit}.{vendor}.sql"


def main() -> None:
    DUMPS.mkdir(exist_ok=True)
    for commit in COMMITS:
        with tempfile.TemporaryDirectory() as folder:
            os.environ[FOLDER] = folder
            code = code_of_commit(commit, Path(folder) / "code")
            for vendor in VENDORS:
                data = Path(folder) / vendor
                with database_for(vendor, "dumping", data) as url:
                    fill(Place(code, data, url))
                    text = sqlite_dump(data) if vendor == "sqlite" else postgresql_dump(url)
                dump_of(commit, vendor).write_text(text)


def fill(place: Place) -> None:
    """Use every page that writes, so that there is a row in every table that the product uses."""
    upstream, server = start()
    for number in range(3):
        upstream.add(name=f"Brought in {number}", instructions=LONG, metadata={"team": "desk"})
    place.settings = {
        "GATEWAY_PRIVATE_HOSTS": "127.0.0.1",
        "GATEWAY_PROFILE": "openai",
        "GATEWAY_BASE_URL": upstream.url,
        "GATEWAY_API_KEY": "sk-only-for-tests",
    }
    # With a workspace and people before the first start, there are no samples.
    place.manage("migrate", "--verbosity=0")
    place.manage("create_workspace", "main")
    place.manage("create_workspace", "other")
    place.manage("create_owner", "olga@example.com", "--password-stdin", typed=PASSWORD)
    people = {"Ada": "admin", "Pia": "publisher", "Emil": "editor", "Vera": "viewer"}
    for name, role in people.items():
        place.add(name, role)
    place.manage("add_member", "main", "nina@example.com", "--role=editor", "--link")
    place.manage("create_api_key", "main", "--name=App", "--write")
    with place.serving():
        work_on_the_registry(place)
        work_on_the_gateway(place, upstream)
        leave_open(place)
    server.shutdown()
    server.server_close()


def work_on_the_registry(place: Place) -> None:
    """Create, publish again, delete, and leave a draft."""
    pia = Person(place, "Pia")
    new = "/w/main/assistants/new/"
    for pk in (1, 2, 3):
        typed = {"name": f"Desk {pk}", "model": "gpt-5.2", "instructions": f"{LONG}{pk}"}
        answer = pia.post(new, {**pia.form(new), **typed, "connection": "1", "action": "review"})
        assert answer.status_code == 303, answer.text
        assert pia.publish(pk, note="First").status_code == 303
    for text in (f"{LONG}And be brief.", f"{LONG}And be very brief."):
        assert pia.draft(1, instructions=text).status_code == 303
        assert pia.publish(1, note="Longer").status_code == 303
    path = OPEN.format(2, "delete")
    assert pia.post(path, pia.form(path)).status_code < 500
    assert pia.draft(3, instructions="Pia's draft").status_code == 303


def work_on_the_gateway(place: Place, upstream: Upstream) -> None:
    """Bring in, and publish what is refused, stored differently, in doubt, and changed outside."""
    ada = Person(place, "Ada")
    places = re.findall(r"/connections/(\d+)/", ada.get("/w/main/connections/").text)
    path = f"/w/main/connections/{max(map(int, places))}/bring-in/"
    assert ada.post(path, {}).status_code == 303
    for _ in range(4):
        assert ada.post(f"{path}step/", {}).status_code == 303
    page = ada.get("/w/main/assistants/?q=Brought").text
    first, second, third = sorted(map(int, set(re.findall(r"/assistants/(\d+)/", page))))[-3:]
    for pk, fault in (
        (first, refused("No such model.", param="model")),
        (second, FaultSpec(store=clamped)),
        (third, FaultSpec(applied=True, reset=True, blind=True)),
    ):
        assert ada.draft(pk, instructions=f"{LONG}Changed.", temperature="1.5").status_code == 303
        upstream.fail_next("POST", fault)
        assert ada.publish(pk, note="To the gateway").status_code < 500
        upstream.blind = False
    page = ada.get(OPEN.format(second, "history")).text
    for accept in sorted(set(re.findall(r'action="([^"]*/accept/)"', page))):
        assert ada.post(accept, {}).status_code in (302, 303)
    upstream.assistants[next(iter(upstream.assistants))]["description"] = "Changed outside"
    assert ada.get(OPEN.format(first, "check")).status_code < 500


def leave_open(place: Place) -> None:
    """Leave a draft, an open page, and a form that was sent after the session had ended."""
    emil = Person(place, "Emil")
    assert emil.draft(1, instructions=f"{LONG}Emil's draft").status_code == 303
    fields = emil.form(OPEN.format(1, "edit"))
    if "tab" in fields:
        for number in range(2):
            typed = {"instructions": f"{LONG}Emil types {number}"}
            assert emil.autosave(1, **typed).status_code == 200
        assert emil.post(OPEN.format(1, "here"), fields).status_code in (200, 204)
    path = OPEN.format(3, "edit")
    fields = {**emil.form(path), "instructions": "Typed after the session had ended"}
    emil.client.cookies.delete("sessionid")
    assert emil.post(path, {**fields, "action": "draft"}).status_code == 302


def sqlite_dump(data: Path) -> str:
    """Return the database as statements. `iterdump` would write full-text tables twice."""
    database = sqlite3.connect(data / "db.sqlite3")
    made = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    schema = [row for row in made if not row[1].startswith("sqlite_")]
    indexes = [name for _type, name, text in schema if text.startswith("CREATE VIRTUAL")]
    hidden = tuple(f"{name}_" for name in indexes)
    lines = []
    for kind, name, text in sorted(schema, key=lambda row: row[0] != "table"):
        if name.startswith(hidden):
            continue
        lines.append(text)
        if kind == "table":
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
            columns = [*(["rowid"] if name in indexes else []), *columns]
            values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            for (row,) in database.execute(f'SELECT {values} FROM "{name}"'):
                lines.append(f'INSERT INTO "{name}" ({names}) VALUES ({row})')
    for name, last in database.execute("SELECT name, seq FROM sqlite_sequence"):
        lines.append(f"UPDATE sqlite_sequence SET seq = {last} WHERE name = '{name}'")
    database.close()
    return "".join(f"{line};\n" for line in lines)


def postgresql_dump(url: str) -> str:
    command = ["pg_dump", "--inserts", "--rows-per-insert=50", "--no-owner", "--no-privileges", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    kept = [line for line in lines if line and not line.startswith(("--", "\\", "SET "))]
    return "".join(f"{line}\n" for line in kept)


if __name__ == "__main__":
    assert "DATABASE_URL" in os.environ, "name a PostgreSQL role that may create databases"
    main()
