"""A seeded sample of the kill matrix; `make soak` kills at every step."""

import random

import pytest

from tests.crash.paths import PATHS, SETTLING, Path, Place
from tests.crash.runs import Run, killed_at, number_of_steps, random_moments
from tests.crash.steps import DISTINCT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
SEED = 20_261_125


def check(runs: list[Run], label: str) -> None:
    losses = [f"{run.step or 'to its end'}: {what}" for run in runs for what in run.problems]
    assert not losses, f"{label}, seed {SEED}"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_process_killed_at_any_step_leaves_what_settle_resolves(
    places: list[Place], path: Path
) -> None:
    chance = random.Random(SEED)
    for place in places:
        last = number_of_steps(path, place, DISTINCT)
        steps = sorted(chance.sample(range(1, last + 1), 2))
        runs = [killed_at(path, place, step) for step in steps]
        assert all(run.step for run in runs), "every one was killed"
        check(runs, f"{path.name} on the {place.name}, steps {steps} of {last}")


def test_a_process_killed_while_it_settles_leaves_what_the_next_one_resolves(
    places: list[Place],
) -> None:
    chance = random.Random(SEED)
    for path in SETTLING:
        place = chance.choice(places)
        step = chance.randint(1, number_of_steps(path, place, DISTINCT))
        check([killed_at(path, place, step)], f"{path.name} on the {place.name}, step {step}")


def test_a_process_killed_at_any_moment_leaves_what_settle_resolves(places: list[Place]) -> None:
    chance = random.Random(SEED)
    for path in PATHS:
        place = chance.choice(places)
        moments = random_moments(path, place, chance)
        runs = [next(moments) for _ in range(2)]
        check(runs, f"{path.name} on the {place.name}")
