"""The same faults behind the real Portkey gateway, which passes some on and disguises others."""

from dataclasses import replace
from functools import partial
from pprint import pformat
from typing import Any

import pytest

from assistants.gateway import Endpoint
from tests.conftest import Cast
from tests.faults.catalogue import Fault
from tests.faults.choice import cells
from tests.faults.matrix import Record, wrong
from tests.faults.remotes import Remote, hasten, running

pytestmark = [pytest.mark.chain, pytest.mark.django_db(transaction=True)]

PATHS = ("publish", "create", "delete")
SAMPLE = 30
FOLLOWED = "302, before applying"
"""The gateway follows this with DELETE of the list, which answers 404: nothing was deleted."""


@pytest.fixture
def new_remote(portkey: str, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """Remotes that are reached through the gateway."""
    hasten(settings, monkeypatch)

    def endpoint(url: str) -> Endpoint:
        options = {"provider": "openai", "custom_host": url}
        return Endpoint("portkey-oss", portkey, {"api_key": "sk-secret"}, options)

    return partial(running, cast.workspace, endpoint)


def seen(fault: Fault) -> Fault:
    """Return `fault` as the gateway passes it on."""
    if fault.name != FOLLOWED:
        return fault
    return replace(fault, outcomes=(*fault.outcomes[:2], "not_delivered"))


@pytest.mark.parametrize("path", PATHS)
def test_no_fault_behind_the_gateway_loses_or_invents_anything(
    path: str, cast: Cast, new_remote: Remote, record_property: Record
) -> None:
    found = wrong(
        place="behind Portkey",
        path=path,
        faults=[seen(fault) for fault in cells(PATHS, SAMPLE)[path]],
        cast=cast,
        new_remote=new_remote,
        record_property=record_property,
    )
    assert not found, pformat(found, width=110)
