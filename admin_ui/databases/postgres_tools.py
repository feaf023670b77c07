"""PostgreSQL's own programs, called without a password among their arguments."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from admin_ui.databases.contents import NotDone
from assistants import triggers

POSTGRES_MAGIC = b"PGDMP"
"""The first bytes of a dump in the custom format."""
_MIGRATION = re.compile(r"^\d+\t([^\t]+)\t([^\t]+)\t")


def find_tool(name: str) -> str:
    """Return the path of a program. Raises `NotDone` with the package that has it."""
    path = shutil.which(name)
    if path is None:
        raise NotDone(
            f"The program {name} is missing. Install PostgreSQL's client programs (on Debian and"
            " Ubuntu: apt-get install postgresql-client), as new as the server."
        )
    return path


def tool_arguments(connection: Any) -> tuple[list[str], dict[str, str]]:
    """Return the arguments that name the database, and the environment with its password."""
    arguments, secrets = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return arguments[1:], {**os.environ, **(secrets or {}), "LC_ALL": "C"}


def require_matching(connection: Any) -> None:
    """Raise `NotDone` when pg_dump is older than the server: it would refuse."""
    printed = run_tool([find_tool("pg_dump"), "--version"])
    found = re.search(r"(\d+)\.", printed)
    server = int(connection.pg_version) // 10_000
    if found and int(found[1]) < server:
        raise NotDone(
            f"pg_dump is version {found[1]}, and the server is PostgreSQL {server}. Install"
            f" version {server} of the client programs (on Debian: postgresql-client-{server})."
        )


def run_tool(command: Sequence[str], *, stdout: Any = subprocess.PIPE, **options: Any) -> str:
    """Run a program and return what it printed. Raises `NotDone` with the error it gave."""
    done = subprocess.run(  # noqa: S603  # no shell, and a program that `find_tool` found
        command, check=False, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
        **options,
    )  # fmt: skip
    if done.returncode:
        raise NotDone(f"{Path(command[0]).name} failed: {last_error(done.stderr)}")
    return (done.stdout or b"").decode(errors="replace")


def last_error(printed: bytes) -> str:
    """Return the first line of what a program said went wrong."""
    lines = [line for line in printed.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return (errors or lines or ["it gave no reason"])[0].strip()


def dump(connection: Any, file: IO[bytes]) -> None:
    """Write a dump of the database to `file`. Raises `NotDone`."""
    require_matching(connection)
    arguments, environment = tool_arguments(connection)
    command = [find_tool("pg_dump"), "--format=custom", "--no-password", *arguments]
    run_tool(command, stdout=file, env=environment)


def check_dump(path: Path) -> set[tuple[str, str]]:
    """Read a whole dump, and return the migrations it lists. Raises `NotDone`."""
    program = find_tool("pg_restore")
    run_tool([program, "--list", str(path)])
    run_tool([program, "--file=/dev/null", str(path)])
    rows = run_tool([program, "--data-only", "--table=django_migrations", "--file=-", str(path)])
    return {(found[1], found[2]) for line in rows.splitlines() if (found := _MIGRATION.match(line))}


def require_no_others(connection: Any) -> None:
    """Raise `NotDone` while another process is connected to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        count = cursor.fetchone()[0]
    if count:
        raise NotDone(
            f"{count} other connections use the database. Stop every server, worker and timer,"
            " then try again."
        )


def load(connection: Any, path: Path) -> None:
    """Replace every table of the database by those of a dump, in one transaction.

    Raises `NotDone` with the reason; then nothing has changed.
    """
    arguments, environment = tool_arguments(connection)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    names = [connection.ops.quote_name(table) for table in tables]
    first = ["BEGIN;", *(f"DROP TABLE {name} CASCADE;" for name in names)]
    first += [f"DROP FUNCTION IF EXISTS {name}() CASCADE;" for name in triggers.TRIGGER_FUNCTIONS]
    connection.close()
    psql = [find_tool("psql"), "--no-psqlrc", "--quiet", "--no-password", *arguments]
    script = [find_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
    with (
        subprocess.Popen(  # noqa: S603
            [*psql, "--set=ON_ERROR_STOP=1"], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        ) as target,
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as source,  # noqa: S603
    ):  # fmt: skip
        assert target.stdin
        assert target.stderr
        assert source.stdout
        try:
            target.stdin.write("\n".join(first).encode() + b"\n")
            shutil.copyfileobj(source.stdout, target.stdin)
            if source.wait() == 0:
                target.stdin.write(b"COMMIT;\n")  # without it, the end of the input undoes all
            target.stdin.close()
        except BrokenPipeError:  # psql stopped at an error
            source.kill()
            with suppress(BrokenPipeError):
                target.stdin.close()
        printed = target.stderr.read()
    if target.returncode or source.returncode:
        raise NotDone(f"Nothing was restored: {last_error(printed)}")
