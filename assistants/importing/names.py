"""Names of functions: letters, digits, _ and -, at most 64 characters, each used once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistants.definition.limits import LIMITS
from assistants.definition.translation import gettext_noop
from assistants.importing.found import FoundFunction, Remarks

_VALID = re.compile(LIMITS.name_pattern.removesuffix("$") + r"\Z")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "œ": "oe"})
_LONGEST_READ = 1000


def snake_case(text: str) -> str:
    """Return a text as the name of a function; "" where it has no Latin letter and no digit."""
    broken = _HUMP.sub("_", text[:_LONGEST_READ]).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", broken)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _OTHER.sub("_", plain).strip("_")[: LIMITS.function_name].strip("_")


def is_function_name(text: str) -> bool:
    return len(text) <= LIMITS.function_name and _VALID.match(text) is not None


def with_names(functions: Iterable[FoundFunction], remarks: Remarks) -> Iterator[FoundFunction]:
    """Yield the functions, each with a valid name that no other has; some have none."""
    used: set[str] = set()
    for function in functions:
        name = function.name
        if name and not is_function_name(name):
            name = snake_case(name)
            remarks.add(
                gettext_noop("“%(old)s” is no valid name. It is now “%(name)s”.")
                if name
                else gettext_noop("“%(old)s” is no valid name. Enter another one."),
                old=function.name,
                name=name,
            )
        if name in used:
            name = _free(name, used)
            remarks.add(
                gettext_noop(
                    "Another function has the name “%(old)s”. This one is now “%(name)s”."
                ),
                old=function.name,
                name=name,
            )
        if name:
            used.add(name)
        elif not function.name:
            remarks.add(gettext_noop("The text does not name the function. Enter a name for it."))
        yield function if name == function.name else replace(function, name=name)


def _free(name: str, used: set[str]) -> str:
    number = 2
    while (found := f"{name[: LIMITS.function_name - len(f'_{number}')]}_{number}") in used:
        number += 1
    return found
