"""A seeded sample of the pages while the database goes away; `make soak` takes every step."""

import random

import pytest
from django.db import connection

from tests.crash.cuts import DATABASE, SESSION
from tests.crash.pages import PAGES, Page, cut_at, number_of_steps
from tests.crash.paths import Place

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 20_261_125


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_in_plain_words_that_the_database_is_away(
    places: list[Place], page: Page
) -> None:
    chance = random.Random(SEED)
    for cut in DATABASE if connection.vendor == "sqlite" else (*DATABASE, SESSION):
        place = chance.choice(places)
        step = chance.randint(1, number_of_steps(page, place, cut))
        run = cut_at(page, place, cut, step)
        assert run.step
        assert not run.problems, f"{page.name} on the {place.name}, {run.step}, seed {SEED}"
