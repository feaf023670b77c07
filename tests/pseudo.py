"""A language for tests: each text of the catalogue in «brackets», accented and 40 % longer.

Text without brackets has not gone through the translations. Text that is cut off or widens the page
at this length would do so in many languages.
"""

import gettext
import math
import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import pytest
from django.utils.translation import trans_real

from tests.architecture.messages import CATALOGUE, read

LANGUAGE = "en-xp"
LONGER = 0.4
ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
KEPT = re.compile(r"(%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?[a-z][^>]*>|&#?\w+;|https?://\S+)")
"""Placeholders, tags, entities and addresses."""
OF_OTHERS = (Path(django.__file__).parent, Path(allauth.__file__).parent)
SEPARATOR = "\x04"


def pseudo(text: str) -> str:
    """Return a text as it is in this language."""
    owed = 0.0
    parts = []
    for number, part in enumerate(KEPT.split(text)):
        if number % 2:
            parts.append(part)
            continue
        for letter in part:
            owed += LONGER
            times = 1 + (math.floor(owed) if letter.isalpha() else 0)
            owed -= times - 1
            parts.append(letter.translate(ACCENTS) * times)
    return f"«{''.join(parts)}»"


class Pseudo(gettext.NullTranslations):
    """Translates what is in a catalogue of the product, of Django or of allauth, nothing else."""

    def __init__(self) -> None:
        super().__init__()
        of_others = (
            path for folder in OF_OTHERS for path in folder.rglob("locale/en/LC_MESSAGES/django.po")
        )
        self.known = {
            f"{message.context}{SEPARATOR}{text}" if message.context else text
            for path in (CATALOGUE, *of_others)
            for message in read(path)
            for text in message.texts
        }

    def gettext(self, message: str) -> str:
        return pseudo(message.rpartition(SEPARATOR)[2]) if message in self.known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        context, separator, _text = msgid1.rpartition(SEPARATOR)
        return self.gettext(msgid1 if n == 1 else context + separator + msgid2)

    def language(self) -> str:
        return LANGUAGE

    to_language = language


@pytest.fixture
def in_pseudo(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Show everything in this language, in each thread. Ask for it before what stores texts."""
    settings.LANGUAGE_CODE = LANGUAGE  # type: ignore[attr-defined]
    monkeypatch.setitem(trans_real._translations, LANGUAGE, Pseudo())
    monkeypatch.setattr(trans_real, "_default", None)
    yield
    trans_real._default = None
