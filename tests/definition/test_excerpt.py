"""Beginnings of long values: what a page may show, and what nobody can store or send."""

import json
from typing import Any

import pytest

from assistants.definition import (
    PAGE_LIMITS,
    Definition,
    StoredContent,
    beginning,
    changed_fields,
    create_body,
    excerpt,
    modify_body,
)
from assistants.diff import FieldChange, compare_definitions, glance
from assistants.models import text


@pytest.mark.parametrize(
    ("start", "value"),
    [
        ('"abc', "abc…"),
        ('"abc"', "abc"),
        ('"a\\n\\"', 'a\n"…'),
        ('"ab\\', "ab…"),
        ('"ab\\u12', "ab…"),
        ('"ab\\\\u12', "ab\\u12…"),
        ('{"a":1,"b', {"a": 1}),
        ('{"a":1,"b"', {"a": 1}),
        ('{"a":1,"b":', {"a": 1}),
        ('{"a":1,"b":tru', {"a": 1}),
        ('{"a":1,"b":"x\\ud83d', {"a": 1, "b": "x\ud83d…"}),
        ('{"a":{"b":[1,2', {"a": {"b": [1, "…"]}}),
        ('{"p":{"q":{}', {"p": {"q": {}, "…": "…"}}),
        ('[{"x":1},{"y":"zz', [{"x": 1}, {"y": "zz…"}]),
        ("[[],[", [[], ["…"]]),
        ("[", []),
        ("{", {}),
        ("12", None),
        ("", None),
    ],
)
def test_a_value_is_told_from_its_first_characters(start: str, value: Any) -> None:
    assert beginning(start) == value


def test_wherever_a_value_is_cut_its_beginning_can_be_read() -> None:
    value = {
        'k"\n': ['a"\\b\n…\x01', 12, -1.5e-7, True, None, "", {}, [], [[]], "\\", "\ud800", "😀"],
        "b": {"c": {"d": [{"e": "f\\u1234"}]}},
    }
    for ascii_only in (True, False):
        whole = json.dumps(value, ensure_ascii=ascii_only)
        assert beginning(whole) == value
        for end in range(1, len(whole)):
            found = beginning(whole[:end])
            assert isinstance(found, dict)
            assert list(found) == list(value)[: len(found)]


def test_no_more_is_read_than_a_page_shows() -> None:
    found = beginning(json.dumps("x" * 10 * PAGE_LIMITS.text))
    assert found == "x" * (PAGE_LIMITS.text - 1) + "…"


class Long:
    """A value stored apart, which counts how often all of it is read."""

    def __init__(self, value: Any, start: int = 40) -> None:
        self._value = value
        self.beginning = beginning(json.dumps(value)[:start])
        self.reads = 0

    @property
    def value(self) -> Any:
        self.reads += 1
        return self._value


OTHERS = {f"x{number:03}": number for number in range(100)}
ALL = {"name": "Support", "instructions": "Be kind. " * 50, "temperature": 1, **OTHERS}


def kept(**changed: Any) -> tuple[Definition, Long, Long]:
    """A definition of which the instructions and the unknown fields are read when needed."""
    long = Long(ALL["instructions"])
    rest = Long(OTHERS)
    values = {"name": "Support", "temperature": 1, **changed}
    sources = {"instructions": "a" * 64, "object": "b" * 64}
    fields = StoredContent(values, {"instructions": long, "object": rest})
    return Definition(fields, sources), long, rest


def test_a_definition_is_whole_however_it_is_read() -> None:
    whole, (read, _, _) = Definition.parse(ALL), kept()
    assert read == whole
    assert whole == read
    assert (read.digest, read.canonical_json()) == (whole.digest, whole.canonical_json())
    assert (read.fields(), read.unknown, len(read.content())) == (
        whole.fields(),
        whole.unknown,
        103,
    )
    assert list(read.to_dict().items()) == list(whole.to_dict().items())
    assert dict(read.content()) == dict(whole.content())
    assert read.value("instructions") == whole.value("instructions")
    assert (read.value("x007"), read.value("x100"), read.value("metadata")) == (7, None, {})
    assert "x007" in read.content()
    assert "x100" not in read.content()
    assert "object" not in read.content()
    assert read.replace(name="Other") == whole.replace(name="Other")
    assert create_body(read) == create_body(whole)
    assert text.split(read) == text.split(whole)
    assert excerpt(whole).values == whole.content()
    assert not excerpt(whole).is_cut


def test_what_is_stored_once_is_not_read_to_be_compared() -> None:
    (old, *one), (new, *two) = kept(), kept(temperature=0.5)
    assert changed_fields(old, new) == ["temperature"]
    assert modify_body(old, new) == {"temperature": 0.5}
    (change,) = compare_definitions(old, new)
    assert (change.field, change.old, change.new) == ("temperature", 1, 0.5)
    assert glance(old, new) == [change]
    assert [long.reads for long in (*one, *two)] == [0, 0, 0, 0]


def test_what_differs_is_compared_whole_except_at_a_glance() -> None:
    old, long, rest = kept()
    new = Definition.parse({**ALL, "instructions": "Be kind. " * 51, "x001": "one"})
    assert changed_fields(old, new) == ["instructions", "x001"]
    assert modify_body(old, new) == {"instructions": "Be kind. " * 51, "x001": "one"}
    long.reads = rest.reads = 0
    assert glance(old, new) == [
        FieldChange(
            "instructions",
            "changed",
            "Be kind. Be kind. Be kind. Be kind. Be …",
            "Be kind. " * 51,
            is_cut=True,
        ),
        FieldChange("x001", "changed", 1, "one"),
        FieldChange("", "more", None, None),
    ]
    assert (long.reads, rest.reads) == (0, 0)


def test_a_glance_says_nothing_of_fields_that_were_not_read() -> None:
    """A page names no field as added just since the other side was read less far."""
    values = {"name": "Support"}
    short = Definition(StoredContent(values, {"object": Long(OTHERS, 40)}), {"object": "a" * 64})
    far = Definition(StoredContent(values, {"object": Long(OTHERS, 80)}), {"object": "b" * 64})
    more = FieldChange("", "more", None, None)
    assert glance(short, far) == [more]
    assert glance(far, short) == [more]


def test_an_excerpt_says_what_it_cuts() -> None:
    read, long, rest = kept()
    found = excerpt(read)
    assert found.values == {
        "name": "Support",
        "instructions": "Be kind. Be kind. Be kind. Be kind. Be …",
        "temperature": 1,
        "x000": 0,
        "x001": 1,
        "x002": 2,
    }
    assert found.cut == {"instructions", "x002"}
    assert (found.is_cut, found.has_more) == (True, True)
    assert (long.reads, rest.reads) == (0, 0)


@pytest.mark.parametrize(
    "use",
    [
        create_body,
        text.split,
        lambda cut: modify_body(Definition.parse({}), cut),
        lambda cut: modify_body(cut, Definition.parse({})),
        lambda cut: changed_fields(Definition.parse({}), cut),
    ],
)
def test_nothing_takes_an_excerpt_for_a_definition(use: Any) -> None:
    with pytest.raises(AttributeError):
        use(excerpt(kept()[0]))
