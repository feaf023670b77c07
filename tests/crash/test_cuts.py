"""A seeded sample of cutting the database and the gateway; `make soak` cuts at every step."""

import random

import pytest
from django.db import connection

from tests.crash.cuts import DATABASE, GATEWAY, SESSION, Cut, cut_at
from tests.crash.paths import PATHS, Place
from tests.crash.runs import number_of_steps

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 20_261_125


def sample(places: list[Place], cut: Cut, count: int) -> None:
    chance = random.Random(f"{SEED} {cut.name}")
    for path in chance.sample(PATHS, count):
        place = chance.choice(places)
        step = chance.randint(1, number_of_steps(path, place, cut.only))
        run = cut_at(path, place, cut, step)
        assert run.step
        assert not run.problems, f"{path.name} on the {place.name}, {run.step}, seed {SEED}"


@pytest.mark.parametrize("cut", DATABASE, ids=lambda cut: cut.name)
def test_the_database_may_go_away_at_any_step(places: list[Place], cut: Cut) -> None:
    sample(places, cut, len(PATHS))


def test_a_session_may_be_ended_at_any_step(places: list[Place]) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has no sessions
    sample(places, SESSION, len(PATHS))


@pytest.mark.parametrize("cut", GATEWAY, ids=lambda cut: cut.name)
def test_the_gateway_may_be_cut_off_at_any_call(places: list[Place], cut: Cut) -> None:
    sample(places[:1], cut, 2)
