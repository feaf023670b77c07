"""How the dashboard connects to its database."""

from pathlib import Path

from environ import Env

from admin_ui.databases.connecting import database_settings

SERVER = "postgres://postgres@127.0.0.1/one"


def test_postgresql_compiles_no_statement_and_waits_for_no_lock_forever(tmp_path: Path) -> None:
    options = database_settings(Env.db_url_config(SERVER), tmp_path)["OPTIONS"]["options"]
    assert "-c jit=off" in options
    assert "-c lock_timeout=15s" in options


def test_options_of_the_address_come_first(tmp_path: Path) -> None:
    address = Env.db_url_config(f"{SERVER}?options=-c%20jit%3Don")
    assert database_settings(address, tmp_path)["OPTIONS"]["options"] == "-c jit=on"
