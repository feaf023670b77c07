"""A round of every race between two processes; `make soak` runs many."""

import pytest

from tests.conftest import Cast
from tests.crash.paths import Place
from tests.crash.races import RACES, Race, run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
def test_two_processes_at_once(places: list[Place], cast: Cast, race: Race) -> None:
    for place in places:
        assert list(run(race, place, cast.publisher)) == [], place.name
