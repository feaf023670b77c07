"""What SAML needs is an extra: without it, the start says what to install."""

import builtins
import sys
from importlib.machinery import PathFinder
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from tests.identity.conftest import saml_row, use_providers
from tests.identity.saml import SamlProcess


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the packages of the extra had not been installed."""
    for name in [name for name in sys.modules if name.startswith("onelogin")]:
        monkeypatch.delitem(sys.modules, name)
    find = PathFinder.find_spec
    monkeypatch.setattr(
        PathFinder,
        "find_spec",
        lambda name, *more: None if name.startswith("onelogin") else find(name, *more),
    )


def test_without_the_extra_a_provider_stops_the_start(
    without_extra: None, saml_process: SamlProcess, settings: Any
) -> None:
    call_command("check")
    use_providers(settings, saml=[saml_row(saml_process)])
    with pytest.raises(SystemCheckError, match=r"assistants-admin\[saml\]"):
        call_command("check")


def test_with_the_extra_all_is_well(saml_process: SamlProcess, settings: Any) -> None:
    use_providers(settings, saml=[saml_row(saml_process)])
    call_command("check")


def test_nothing_of_the_extra_is_loaded_without_a_provider(
    without_extra: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def asked(name: str, *more: Any, **named: Any) -> Any:
        assert not name.startswith(("onelogin", "xmlsec", "lxml"))
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", asked)
    for name in ("saml_flow", "saml_answers", "checks"):
        monkeypatch.delitem(sys.modules, f"admin_ui.accounts.identity.{name}")
        __import__(f"admin_ui.accounts.identity.{name}")
