"""Everything moves from SQLite to PostgreSQL, or nothing does."""

import sqlite3
from contextlib import closing
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from admin_ui.accounts.models import User, Workspace
from admin_ui.databases import moving
from admin_ui.databases.contents import NotDone, as_default, bring_up_to_date, chain_faults
from admin_ui.databases.sqlite_files import sqlite_file
from admin_ui.installation.existence import loss, remember
from admin_ui.installation.models import Release
from assistants import triggers
from assistants.models import Assistant, Passage, Revision
from assistants.search import parse
from assistants.selectors import search
from assistants.services.setup.first_start import bootstrap
from tests.databases.conftest import everything

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
INDEX = Passage._meta.db_table


def without_index(rows: dict[str, Any]) -> dict[str, Any]:
    return {table: some for table, some in rows.items() if table != INDEX}


def found(words: str) -> list[int]:
    rows = search.matching(Assistant.objects.order_by("pk"), parse(words))
    return list(rows.values_list("pk", flat=True))


def test_every_row_moves_with_its_key_and_people_go_on(
    sqlite: Any, filled: None, bare_postgres: dict[str, Any]
) -> None:
    before, hits = everything(), found("απλά")
    file = sqlite_file(sqlite).read_bytes()
    counts = moving.move(bare_postgres, replace=False)
    assert counts == {table: len(rows) for table, rows in without_index(before).items()}
    assert everything() == before, "the source"
    assert file[:18] == sqlite_file(sqlite).read_bytes()[:18]
    with as_default(bare_postgres) as target:
        assert without_index(everything()) == without_index(before)
        assert len(everything()[INDEX]) == len(before[INDEX])
        assert found("απλά") == hits != []
        assert not list(chain_faults())
        assert triggers.missing(target) == []
        target.check_constraints()
        newest = max(row["id"] for row in before["accounts_user"])
        assert User.objects.create_user("new@example.com").pk == newest + 1, "the sequences"
        with pytest.raises(Exception, match="violates foreign key constraint"):
            Workspace.objects.filter(pk=Revision.objects.first().workspace_id)._raw_delete(
                "default"
            )


def test_a_target_with_data_is_left_alone_unless_it_may_be_replaced(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any]
) -> None:
    with as_default(postgres):
        Workspace.objects.create(slug="other", name="Other")
    with pytest.raises(NotDone, match="The target holds data already"):
        moving.move(postgres, replace=False)
    with as_default(postgres):
        assert Workspace.objects.get().slug == "other"
    moving.move(postgres, replace=True)
    with as_default(postgres):
        assert Workspace.objects.get().slug == "main"


def test_what_a_server_has_made_moves(sqlite: Any, postgres: dict[str, Any]) -> None:
    """Its first start adds samples without every text, and notes where its database is."""
    bootstrap()
    remember(sqlite)
    assert moving.move(postgres, replace=False)["assistants_assistant"] > 5
    with as_default(postgres) as target:
        assert loss(target) is None
        assert found("refund") != []
        Release.objects.update(oldest_number=99, oldest_version="9.0")
        with pytest.raises(NotDone, match=r"needs 9\.0 or newer"):
            bring_up_to_date()


def test_what_was_interrupted_starts_again(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    copy = moving._copy_table

    def stops(*args: Any) -> int:
        if len(copied) == 12:
            raise KeyboardInterrupt
        copied.append(args[-1]._meta.db_table)
        return copy(*args)

    with monkeypatch.context() as patched:
        patched.setattr(moving, "_copy_table", stops)
        with pytest.raises(KeyboardInterrupt):
            moving.move(postgres, replace=False)
    before = everything()
    moving.move(postgres, replace=False)
    with as_default(postgres):
        assert without_index(everything()) == without_index(before)


def test_a_row_that_changes_on_the_way_is_noticed(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any]
) -> None:
    with as_default(postgres) as target, target.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.name = 'spoilt'; RETURN NEW; END $$;"
            "CREATE TRIGGER spoil BEFORE INSERT ON accounts_workspace"
            " FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
    with pytest.raises(NotDone, match="accounts_workspace differs after it was copied"):
        moving.move(postgres, replace=False)
    with as_default(postgres):
        assert not Workspace.objects.exists()


def test_a_value_that_postgresql_refuses_is_named(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any]
) -> None:
    Workspace.objects.update(name="secret name" * 20)
    with pytest.raises(NotDone, match="Row 1, column name of the table accounts_workspace") as told:
        moving.move(postgres, replace=False)
    assert "value too long" in str(told.value)
    assert "secret" not in str(told.value)


def test_an_altered_history_does_not_move(
    sqlite: Any, filled: None, postgres: dict[str, Any]
) -> None:
    triggers.remove(sqlite)
    Revision.objects.filter(number=1).update(note="altered")
    triggers.install(sqlite)
    with pytest.raises(NotDone, match="its content is not what was written"):
        moving.move(postgres, replace=False)
    with as_default(postgres):
        assert not Revision.objects.exists()


def test_a_database_in_use_does_not_move(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any]
) -> None:
    with closing(sqlite3.connect(sqlite_file(sqlite))) as server:
        server.execute("SELECT 1 FROM accounts_user").fetchall()
        with pytest.raises(NotDone, match="Another process uses"):
            moving.move(postgres, replace=False)
    moving.move(postgres, replace=False)


def test_nobody_writes_while_it_moves(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    copy = moving._copy_all

    def write_first(*args: Any) -> dict[str, int]:
        with closing(sqlite3.connect(sqlite_file(sqlite_of), timeout=0)) as server:
            with pytest.raises(sqlite3.OperationalError) as told:
                server.execute("UPDATE accounts_workspace SET name = 'late'")
            refused.append(str(told.value))
        return copy(*args)

    sqlite_of = connections["default"]
    monkeypatch.setattr(moving, "_copy_all", write_first)
    moving.move(postgres, replace=False)
    assert refused == ["database is locked"]


def test_the_command_says_what_comes_next_and_hides_the_password(
    sqlite: Any, workspace: Workspace, postgres: dict[str, Any], settings: Any
) -> None:
    for wrong in ("", "sqlite:////tmp/other.sqlite3", "postgres://u:hush@[broken"):
        settings.TARGET_DATABASE_URL = wrong
        with pytest.raises(CommandError, match="Set TARGET_DATABASE_URL") as told:
            call_command("move_database")
        assert "hush" not in str(told.value)
    login = f"{postgres['USER']}:{postgres['PASSWORD'] or ''}"
    place = f"{postgres['HOST']}:{postgres['PORT'] or 5432}/{postgres['NAME']}"
    settings.TARGET_DATABASE_URL = f"postgres://{login}@{place}"
    out = StringIO()
    call_command("move_database", stdout=out)
    assert "Now set DATABASE_URL" in out.getvalue()
    with as_default(postgres), pytest.raises(CommandError, match="names PostgreSQL already"):
        call_command("move_database")
