"""A seeded sample of killed task workers; `make soak` kills them at every step."""

import random

import pytest

from tests.crash.paths import Place
from tests.crash.test_kills import SEED, check
from tests.crash.workers import ERRANDS, Errand, killed_worker
from tests.tasks.conftest import queue

__all__ = ["queue"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("queue"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
EARLIEST, LATEST = 1, 60


@pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: errand.name)
def test_another_worker_ends_what_a_killed_one_began(places: list[Place], errand: Errand) -> None:
    chance = random.Random(SEED)
    for place in places if errand.on_registry else places[:1]:
        steps = sorted(chance.sample(range(EARLIEST, LATEST), 4))
        runs = [killed_worker(errand, place, step) for step in steps]
        assert runs[0].step, "it was killed"
        check(runs, f"{errand.name} on the {place.name}, steps {steps}")
