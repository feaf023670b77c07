"""A migration only adds, so that servers of the release before go on saving after it.

What it removes, it removes one release after the code stopped using it (decision 34).
"""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from admin_ui.installation.release import INCOMPATIBLE

BEGINNING = {
    "accounts": "0006_stash_tab",
    "assistants": "0009_draft_texts",
    "audit": "0004_name_of_event_kinds",
    "installation": "0001_release",
    "registry": "0001_initial",
}
"""The last migration of each app before this rule."""
HARMLESS: dict[str, str] = {
    "assistants.0013_templates_and_metadata": "it fills a table of its own from the search index",
    "audit.0006_cuts_of_the_log": "it drops a trigger that the same migrate makes anew",
    "assistants.0019_changed_texts": "it makes a table of its own, which later code fills",
    "assistants.0024_erasures": "it only adds; on the way back it drops triggers first",
    "assistants.0036_sealed_clearances": "it only adds; on the way back it drops triggers first",
    "assistants.0014_documents_of_stores": "it fills a table of its own from what is live",
}
"""Migrations, as `app.name`, that do more than add, and why older code saves all the same."""
NOTHING_STORED = (
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
)


def objections(
    app: str, operations: list[Any], before: ProjectState, made: frozenset[str] = frozenset()
) -> list[str]:
    """Say of each operation that is more than an addition what older code would run into."""
    found, state, new = [], before.clone(), set(made)
    for operation in operations:
        where = f"{type(operation).__name__} {operation.describe()}"
        model = getattr(operation, "model_name", "").lower()
        if isinstance(operation, migrations.CreateModel):
            new.add(operation.name.lower())
        elif isinstance(operation, NOTHING_STORED) or (model and model in new):
            pass
        elif isinstance(operation, migrations.AddField):
            if not may_be_left_out(operation.field):
                found.append(f"{where}: older code leaves it out; give it null or db_default")
        elif isinstance(operation, migrations.AlterField):
            old = state.models[app, model].get_field(operation.name)
            if narrows(old, operation.field):
                found.append(f"{where}: it takes less than before")
        else:
            found.append(f"{where}: it may refuse or break what older code does")
        operation.state_forwards(app, state)
    return found


def may_be_left_out(field: Any) -> bool:
    return bool(
        field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED
    ) and not (field.unique and not field.null)


def narrows(old: Any, new: Any) -> bool:
    """Whether a column takes less than before; what is checked in forms does not count."""
    lengths = [getattr(field, "max_length", None) or float("inf") for field in (old, new)]
    return (
        type(old) is not type(new)
        or (old.null and not new.null)
        or lengths[1] < lengths[0]
        or (new.unique and not old.unique)
        or (
            old.db_default is not models.NOT_PROVIDED
            and new.db_default is models.NOT_PROVIDED
            and not new.null
        )
        or old.db_column != new.db_column
    )


def later_migrations() -> list[tuple[str, str, list[Any], ProjectState]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = []
    for app, name in sorted(loader.disk_migrations):
        ours = loader.disk_migrations[app, name].__module__.startswith(("admin_ui.", "assistants."))
        if ours and name > BEGINNING.get(app, ""):
            migration = loader.get_migration(app, name)
            parents = [key for key in migration.dependencies if key in loader.graph.nodes]
            before = loader.project_state(parents) if parents else ProjectState()
            found.append((app, name, migration.operations, before))
    return found


def test_migrations_after_the_beginning_only_add() -> None:
    found = {
        f"{app}.{name}": objections(app, operations, before)
        for app, name, operations, before in later_migrations()
        if f"{app}.{name}" not in {**INCOMPATIBLE, **HARMLESS}
    }
    assert {name: said for name, said in found.items() if said} == {}


def test_each_mark_is_of_a_migration_that_exists() -> None:
    there = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    assert {*INCOMPATIBLE, *HARMLESS} <= there
    assert {f"{app}.{name}" for app, name in BEGINNING.items()} <= there
    assert not INCOMPATIBLE.keys() & HARMLESS.keys()


def test_every_app_is_held_to_it() -> None:
    """An app without a line in BEGINNING is held to it from its first migration."""
    apps = {app for app, _name, _operations, _before in later_migrations()}
    assert apps.isdisjoint({"auth", "account", "sessions", "contenttypes"})


def text(**options: Any) -> Any:
    return models.CharField(max_length=5, **options)


ADDS = [
    migrations.AddField("draft", "new", text(null=True)),
    migrations.AddField("draft", "new", text(db_default="")),
    migrations.AddIndex("draft", models.Index(fields=["tab"], name="by_tab")),
    migrations.AlterField("draft", "tab", models.CharField(max_length=99)),
    migrations.CreateModel("thing", [("id", models.BigAutoField(primary_key=True))]),
]
BREAKS = [
    migrations.AddField("draft", "new", text(default="")),
    migrations.AddField("draft", "new", text(db_default="", unique=True)),
    migrations.AlterField("draft", "tab", text()),
    migrations.AlterField("connection", "paused_until", models.DateTimeField()),
    migrations.AlterField("draft", "turn", text()),
    migrations.RemoveField("draft", "tab"),
    migrations.RenameField("draft", "tab", "page"),
    migrations.DeleteModel("presence"),
    migrations.RenameModel("presence", "here"),
    migrations.AddConstraint(
        "draft", models.UniqueConstraint(fields=["tab"], name="one_draft_per_tab")
    ),
    migrations.RemoveConstraint("draft", "one_draft_per_person"),
    migrations.RunSQL("SELECT 1"),
    migrations.RunPython(migrations.RunPython.noop),
]


@pytest.mark.parametrize("operation", [*ADDS, *BREAKS], ids=lambda made: made.describe())
def test_it_knows_what_breaks_older_code(operation: Any) -> None:
    state = MigrationLoader(None).project_state(("assistants", "0009_draft_texts"))
    found = objections("assistants", [operation], state)
    assert bool(found) == (operation in BREAKS), found


def test_what_a_migration_makes_itself_may_have_constraints() -> None:
    thing = [("id", models.BigAutoField(primary_key=True)), ("name", text())]
    rule = models.UniqueConstraint(fields=["name"], name="one_name")
    made = [migrations.CreateModel("thing", thing), migrations.AddConstraint("thing", rule)]
    state = MigrationLoader(None).project_state(("assistants", "0009_draft_texts"))
    assert objections("assistants", made, state) == []


def test_the_code_before_the_beginning_did_break_it() -> None:
    """Had the rule held then, this migration would have needed `db_default`."""
    old = MigrationLoader(None).disk_migrations["assistants", "0009_draft_texts"]
    state = MigrationLoader(None).project_state(("assistants", "0008_brought_in_together"))
    assert len(objections("assistants", old.operations, state)) == 3
