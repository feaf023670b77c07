"""How settings are read: from files too, and with a sentence when they make no sense."""

from pathlib import Path

import pytest

from admin_ui.environment import Environment, _Values


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setattr(Environment, "ENVIRON", _Values(cache=False))
    return Environment()


def test_a_secret_from_a_file(
    env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text("sk-from-file\n")
    monkeypatch.setenv("GATEWAY_API_KEY_FILE", str(file))
    monkeypatch.setenv("GATEWAY_API_KEY", "sk-from-environment")
    assert env.str("GATEWAY_API_KEY") == "sk-from-file"


def test_a_file_that_is_not_there(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/secret")
    with pytest.raises(SystemExit, match="Cannot read the file that SECRET_KEY_FILE names"):
        env.str("SECRET_KEY", default="")


@pytest.mark.parametrize("value", ["$ecret", "a$b", r"a\b", "#1", "=x", "'quoted'"])
def test_a_secret_may_hold_any_character(
    env: Environment, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", value)
    assert env.str("SECRET_KEY", default="") == value


def test_a_number_that_is_none(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(SystemExit, match="The value of the setting PORT is not valid"):
        env.int("PORT", default=8000)
