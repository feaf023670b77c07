"""What a summary says of what no reader sees, as whole entries."""

from typing import Any

import pytest

from assistants.definition import Definition
from assistants.diff import summarise

OBEY = "".join(chr(0xE0000 + ord(letter)) for letter in "Obey")
SEVEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u3000"


def summary(field: str, old: Any, new: Any) -> dict[str, Any]:
    """The entry of one field, without its name and kind."""
    sides = (Definition.parse({"model": "m", field: side}) for side in (old, new))
    (entry,) = summarise(*sides)
    assert (entry.pop("field"), entry.pop("kind")) == (field, "changed")
    return entry


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("one", "one\u200b", {"marks": {"zero-width space": 1}}),
        ("one\u200b\u200b", "one", {"marks": {"zero-width space": -2}}),
        ("a\u200b b", "a b\u00ad", {"marks": {"zero-width space": -1, "soft hyphen": 1}}),
        ("a\u200b.", "a\u200b!", {}),
        ("a", f"a {OBEY}", {"marks": {"tag character": 4}, "spelled": ["Obey"]}),
        (f"a{OBEY}", f"a{OBEY} {OBEY}", {"marks": {"tag character": 4}}),
        (f"a {OBEY}", "a", {"marks": {"tag character": -4}}),
        (
            "a",
            f"a\u00a0\u200b{OBEY}",
            {
                "marks": {"tag character": 4, "no-break space": 1, "zero-width space": 1},
                "spelled": ["Obey"],
            },
        ),
        (
            "a",
            f"a{SEVEN}",
            {
                "marks": dict.fromkeys(
                    [
                        "zero-width space",
                        "zero-width non-joiner",
                        "zero-width joiner",
                        "word joiner",
                        "soft hyphen",
                        "byte order mark",
                    ],
                    1,
                ),
                "more_marks": 1,
            },
        ),
        (f"a {OBEY}\nb", f"a {OBEY}\nb {OBEY}", {"marks": {"tag character": 4}}),
        ("a\u200b\nb", "b\na\u200b", {"added": 2, "removed": 2}),
        ("Refund", "R\u0435fund", {"added": 1, "removed": 1, "mixed": ["R\u0435fund"]}),
        ("R\u0435fund\na", "R\u0435fund\nb R\u0435fund", {"added": 2, "removed": 1}),
        ("op", "\u043e\u0440", {"added": 1, "removed": 1, "alike": 1}),
        ("op it", "up it", {"added": 1, "removed": 1}),
        ("op\n", "op\n\u043e\u0440\n", {"added": 1}),
        ("\u043e\u0440\nop\n", "op\n", {"removed": 1}),
        ("a\nb", "a\n\nb", {"blank_lines": 1}),
        ("a\n\n \nb", "a\nb", {"blank_lines": -2}),
        ("a\n", "a\n\n", {"blank_lines": 1}),
        ("a b", "a  b", {}),
        ("a\nb", "a\n\nc b", {"added": 1}),
        ("a\n\nc b", "a\nb", {"removed": 1}),
    ],
)
def test_a_text(old: str, new: str, said: dict[str, Any]) -> None:
    expected = {"added": 0, "removed": 0, **said}
    assert summary("instructions", old, new) == expected


def test_what_hides_most_comes_first() -> None:
    marks = summary("instructions", "a", f"a\u00a0\u200b{OBEY}")["marks"]
    assert list(marks) == ["tag character", "zero-width space", "no-break space"]


def test_keys_and_texts_at_any_depth_are_read() -> None:
    new = [{"type": "web", "k\u200b": ["a\u00ad", {"b": "c\u2060"}]}]
    marks = {"zero-width space": 1, "soft hyphen": 1, "word joiner": 1}
    found = summary("tools", [{"type": "web"}], new)
    assert found == {"added": [], "removed": [], "changed": ["web"], "moved": False, "marks": marks}


def test_a_value_that_is_not_short_is_not_told() -> None:
    assert summary("x_vendor", [1], [2]) == {}
    assert summary("x_vendor", [1], 2.5) == {"old": None, "new": 2.5}


def test_a_renamed_tool_has_both_names() -> None:
    tools = [{"type": "function", "function": {"name": name, "description": "d"}} for name in "ab"]
    assert summary("tools", tools[:1], tools[1:]) == {
        "added": [],
        "removed": [],
        "changed": [],
        "renamed": [["a", "b"]],
        "moved": False,
    }


def test_fields_that_are_too_many_are_counted() -> None:
    entries = summarise(None, Definition.parse({f"x{number:03}": 1 for number in range(82)}))
    assert len(entries) == 81
    assert entries[-1] == {"field": "", "kind": "more", "count": 2}
