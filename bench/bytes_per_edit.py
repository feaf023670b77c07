"""Measures what an edit adds to the database: `python -m bench.bytes_per_edit`.

It publishes edits of an assistant with 250 KB of instructions through the built-in registry, and
counts the bytes in the rows of every table before and after. What can be made anew from the history
is counted apart, and so is the registry, which is another system.
"""

import argparse
import random
from typing import Any

from bench.data import own_database

LENGTH = 250_000
DERIVED = ("assistants_passage", "assistants_words", "assistants_changed", "assistants_lineorigins")
"""Tables of the search and of who wrote a line; their shadow tables begin alike."""
REGISTRY = "registry_"
GOALS = {"temperature": 2_000, "sentence": 4_000}
"""Bytes; for a sentence, beside its own words, compressed."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.bytes_per_edit", description=__doc__)
    parser.add_argument("--edits", type=int, default=60, metavar="N", help="of each kind")
    parser.add_argument("--database", default="", metavar="URL", help="as for `make bench`")
    options = parser.parse_args()
    print(f"{'bytes of an edit':<20}{'history':>10}{'goal':>10}{'indexes':>10}{'registry':>10}")
    missed = False
    with own_database(options.database):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        author = make_author()
        for kind, goal in GOALS.items():
            spent = measure(author, kind, options.edits)
            sizes_told = (spent["history"], goal, spent["derived"], spent["registry"])
            print(f"{kind:<20}" + "".join(f"{size:>10,}" for size in sizes_told))
            missed = missed or spent["history"] > goal
    return 1 if missed else 0


def make_author() -> Any:
    """Return a member who may publish, in a workspace with the built-in registry."""
    from admin_ui.accounts.models import Member, User
    from assistants.services.setup.first_start import create_workspace_with_registry

    workspace = create_workspace_with_registry(slug="bench", name="Bench")
    user = User.objects.create_user("bea@example.org", name="Bea")
    return Member.objects.create(workspace=workspace, user=user, role="publisher")


def measure(author: Any, kind: str, edits: int) -> dict[str, int]:
    """Return the bytes that an edit of this kind adds on average, by what keeps them."""
    from assistants.definition import Definition
    from assistants.models import Assistant
    from assistants.services.connections.client import registry_of
    from assistants.services.editing.drafts import new_assistant
    from assistants.services.ledger.reading import live_definition
    from assistants.services.publishing.publish import publish

    words = random.Random(kind)
    connection = registry_of(author.workspace)
    assert connection
    start = {"name": kind, "model": "gpt-4o", "instructions": prose(words, LENGTH)}
    wanted = Definition.parse({**start, "temperature": 0.0})
    row = new_assistant(author=author, connection=connection, definition=wanted)
    publish(author=author, assistant=row, wanted=wanted, base=None)
    before = sizes()
    for number in range(edits):
        row = Assistant.objects.select_related("connection", "live", "slot").get(pk=row.pk)
        live = live_definition(row)
        publish(
            author=author,
            assistant=row,
            wanted=edited(live, kind, number, words),
            base=row.live,
            note="A reason in a few words.",
        )
    after = sizes()
    grown = {name: after[name] - before.get(name, 0) for name in after}
    derived = sum(size for name, size in grown.items() if name.startswith(DERIVED))
    registry = sum(size for name, size in grown.items() if name.startswith(REGISTRY))
    return {
        "history": (sum(grown.values()) - derived - registry) // edits,
        "derived": derived // edits,
        "registry": registry // edits,
    }


def edited(live: Any, kind: str, number: int, words: random.Random) -> Any:
    """Return the next definition: another temperature, or a sentence more at any place."""
    if kind == "temperature":
        return live.replace(temperature=(number % 19 + 1) / 10)
    lines = live.value("instructions").split("\n")
    lines[words.randrange(len(lines))] += f" {sentence(words)}"
    return live.replace(instructions="\n".join(lines))


def prose(words: random.Random, length: int) -> str:
    """Return text of about that length, in paragraphs of a few sentences."""
    lines, size = [], 0
    while size < length:
        lines.append(" ".join(sentence(words) for _ in range(words.randrange(2, 6))))
        size += len(lines[-1]) + 1
    return "\n".join(lines)


def sentence(words: random.Random) -> str:
    return " ".join(word(words) for _ in range(words.randrange(8, 16))).capitalize() + "."


def word(words: random.Random) -> str:
    return "".join(words.choice(SYLLABLES) for _ in range(words.randrange(1, 4)))


SYLLABLES = "an be con der est for ing ker lo men no per qua re sta ti un ver we zu".split()  # noqa: SIM905


def sizes() -> dict[str, int]:
    """Return the bytes in the rows of each table."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            if f"{table}_content" in tables:  # the same rows once more
                continue
            quoted = connection.ops.quote_name(table)
            if connection.vendor == "postgresql":
                cursor.execute(f"SELECT COALESCE(SUM(pg_column_size(t.*)), 0) FROM {quoted} t")
            else:
                names = [
                    connection.ops.quote_name(each.name)
                    for each in connection.introspection.get_table_description(cursor, table)
                ]
                each = " + ".join(f"COALESCE(LENGTH(CAST({name} AS BLOB)), 0)" for name in names)
                cursor.execute(f"SELECT COALESCE(SUM({each}), 0) FROM {quoted}")
            found[table] = int(cursor.fetchone()[0])
    return found


if __name__ == "__main__":
    raise SystemExit(main())
