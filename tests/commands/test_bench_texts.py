"""What the soak reads on pages must be what pages say, or it takes an answer for a failure."""

import re
from pathlib import Path

import pytest

from bench.soak.hanging import CHECKED
from bench.soak.people import AS_IT_WAS

CATALOGUE = Path(__file__).parents[2] / "locale/en/LC_MESSAGES/django.po"


@pytest.mark.parametrize("text", [*AS_IT_WAS, CHECKED])
def test_a_page_says_so(text: str) -> None:
    joined = re.sub(r'"\n"', "", CATALOGUE.read_text())
    assert re.search(rf'^msgid "[^"]*{re.escape(text)}', joined, re.MULTILINE)
