"""Every fault in every way of writing: no text lost, nothing untrue recorded, nothing left open."""

from pprint import pformat

import pytest

from tests.conftest import Cast
from tests.faults.choice import cells
from tests.faults.matrix import Record, wrong
from tests.faults.paths import PATHS
from tests.faults.remotes import Remote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", PATHS)
def test_no_fault_loses_or_invents_anything(
    path: str, cast: Cast, new_remote: Remote, record_property: Record
) -> None:
    found = wrong(
        place="loopback",
        path=path,
        faults=cells()[path],
        cast=cast,
        new_remote=new_remote,
        record_property=record_property,
    )
    assert not found, pformat(found, width=110)
