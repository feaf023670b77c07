"""What is too much, told from the text: never wrong about what is within, whatever it holds."""

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.definition import IDENTITY_FIELDS, LIMITS, Definition, problems, text_problems
from assistants.definition.checks.outline import passed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
HARD = st.text(st.sampled_from('",:[]{}\\/\r\n\tux0é😀\ud83d'))
WRITTEN: list[dict[str, Any]] = [
    {"ensure_ascii": True},
    {"ensure_ascii": False, "indent": 3},
    {"ensure_ascii": False, "separators": (",", ":")},
]


def count(value: Any) -> tuple[int, int, int]:
    """Values, levels, and characters of all strings, by walking what was parsed."""
    if isinstance(value, str):
        return 1, 0, len(json.dumps(value, ensure_ascii=False)) - 2
    if not isinstance(value, dict | list):
        return 1, 0, 0
    inner = [count(item) for item in (value.values() if isinstance(value, dict) else value)]
    names = sum(count(name)[2] for name in value) if isinstance(value, dict) else 0
    return (
        1 + sum(values for values, _levels, _characters in inner),
        1 + max((levels for _values, levels, _characters in inner), default=0),
        names + sum(characters for _values, _levels, characters in inner),
    )


@pytest.mark.parametrize("how", WRITTEN, ids=["escaped", "indented", "short"])
@given(value=st.dictionaries(HARD | st.text(), JSON | st.lists(HARD), max_size=5))
def test_it_counts_what_a_parser_finds(how: dict[str, Any], value: Any) -> None:
    text = json.dumps(value, **how).encode("utf-8", "surrogatepass")
    values, levels, characters = count(value)
    assert passed(text, values=values, levels=levels, characters=characters) is None
    found = passed(text, values=values - 1, levels=levels)
    assert found is not None
    assert found.limit == "values"
    deep = passed(text, values=values, levels=levels - 1)
    assert deep is not None
    assert deep.limit == "levels"


@given(st.text(st.sampled_from('",:[]{}\\ 1a'), max_size=60))
def test_it_never_fails(text: str) -> None:
    passed(text.encode(), values=0, levels=0, characters=0)
    passed(text.encode(), values=3, levels=2, characters=4)


def at_all_limits() -> dict[str, Any]:
    """The largest assistant there may be, of the characters that take most bytes."""
    tool = {"type": "web", "data": "\x01" * 42_000}
    return {
        "model": "\x01" * 256,
        "name": "\x01" * 256,
        "instructions": "," * 256_000,
        "tools": [tool] * 6,
        "metadata": {f"{n:064}": "\x01" * 512 for n in range(16)},
        "x": [{}] * 20_000,
    }


def test_the_largest_assistant_passes_however_it_is_written() -> None:
    content = at_all_limits()
    definition = Definition.parse(content)
    assert problems(definition) == []
    assert len(definition.canonical_json()) > 0.9 * LIMITS.size
    sent = {
        **dict.fromkeys(IDENTITY_FIELDS, "asst_1"),
        **content,
        "name": None,
        "description": None,
    }
    for how in WRITTEN:
        assert text_problems(json.dumps(sent, **how).encode()) == []
    everything = "".join(f"\\u{ord(character):04x}" for character in content["instructions"])
    assert text_problems(f'{{"model": "m", "instructions": "{everything}"}}'.encode()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instructions", ',[{"' * 64_000),
        ("instructions", "\r\n" * 256_000),
        ("instructions", "\\" * 256_000),
        ("instructions", '"' * 256_000),
        ("x", [[]] * 20_000),
    ],
    ids=["punctuation", "line ends", "backslashes", "quotes", "empty"],
)
def test_what_only_looks_like_much_is_within(field: str, value: Any) -> None:
    for how in WRITTEN:
        assert text_problems(json.dumps({"model": "m", field: value}, **how).encode()) == []


BEYOND = [
    (b'{"a": 1, "x": [%s1]}' % (b"1," * 60_000), "assistant_above_max_values", "x"),
    (b'{"x": [%s{}]}' % (b"{}," * 60_000), "assistant_above_max_values", "x"),
    (b'{"id": [%s{}]}' % (b"{}," * 60_000), "assistant_above_max_values", "id"),
    (b'{"x": %s' % (b'"a":,' * 60_000), "assistant_above_max_values", "a"),
    (b'{"x": %s' % (b"[" * 102), "nesting_above_max_depth", "x"),
    (b'{"y": "%s", "x": "%s"}' % (b"a" * 9, b"a" * 2_000_001), "assistant_above_max_size", "x"),
    (b'{"x": "%s", "y": "%s"}' % (b"\\n" * 1_000_001, b"a" * 9), "assistant_above_max_size", "x"),
    (b'{"\xc3\xa4\\"": "%s"}' % ("😀" * 2_000_001).encode(), "assistant_above_max_size", 'ä\\"'),
    (b"[%s1]" % (b"1," * 60_000), "assistant_above_max_values", ""),
]


@pytest.mark.parametrize(("text", "code", "field"), BEYOND, ids=range(len(BEYOND)))
def test_what_is_beyond_is_named(text: bytes, code: str, field: str) -> None:
    (problem,) = text_problems(text)
    assert (problem.code, problem.path) == (code, field)
    assert "{" not in problem.message


def cut(text: bytes, **limits: Any) -> tuple[str, str] | None:
    found = passed(text, **{"values": 99, **limits})
    return found and (found.limit, found.member)


@pytest.mark.parametrize(
    ("text", "limit", "most", "member"),
    [
        (b"[1,1]", "values", 3, ""),
        (b'{"a":,"b":,"c":,', "values", 3, "c"),
        (b'{"a":[1,1],"b":[1,1]}', "values", 7, "b"),
        (b"[[1],[1]]", "levels", 2, ""),
        (b'{"a":[1],"b":{"c":[[1],[2]]}}', "levels", 4, "b"),
        (b'{"ab":"cde"}', "characters", 5, "ab"),
        (b'{"a":"xxxxxxxx","b":"y"}', "characters", 11, "a"),
        (b'{"aaaaaaaaaaaa":"y","b":"zzzz"}', "characters", 18, "a" * 12),
        (b'{"b":"zzzz","aaaaaaaaaaaa":"y"}', "characters", 18, "a" * 12),
        (b'{"%s":"y"}' % (b"n" * 500), "characters", 501, "n" * 400),
        (b'{"\xff":"y"}', "characters", 2, "\ufffd"),
        (b'{"a":"\\u00e9"}', "characters", 1, "a"),
        (b'{"a":"\\u00e9\\u00e9\\u00e9"}', "characters", 2, "a"),
        ('{"a":"é"}'.encode(), "characters", 2, "a"),
        (b'{"a":"\\/"}', "characters", 2, "a"),
        (b'{"a":"\\r\\n"}', "characters", 3, "a"),
        (b'{"a":"\\ud83d\\ude00"}', "characters", 2, "a"),
    ],
)
def test_each_limit_to_the_last(text: bytes, limit: str, most: int, member: str) -> None:
    assert cut(text, **{limit: most}) is None
    assert cut(text, **{limit: most - 1}) == (limit, member)


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_text_may_hold_little_more_than_a_definition(beyond: int) -> None:
    """A hundred values that need not be kept, and the level around the fields."""
    held = b",".join([b"1"] * (LIMITS.values + 100 - 2 + beyond))
    found = [(entry.code, entry.params) for entry in text_problems(b'{"x": [%s]}' % held)]
    numbers = {"limit": 50_000, "actual": "more"}
    assert found == [("assistant_above_max_values", numbers)] * beyond
    levels = LIMITS.nesting + beyond
    text = b'{"x": %s%s}' % (b"[" * levels, b"]" * levels)
    found = [(entry.code, entry.params) for entry in text_problems(text)]
    assert found == [("nesting_above_max_depth", {"limit": 100})] * beyond


WORST = {
    "objects": (b'{"x":[', b"{},"),
    "strings": (b'{"x":[', b'"",'),
    "names": (b"{", b'"a":'),
    "quotes": (b"", b'"'),
    "quotes that never end": (b'{"x":"', b'\\"'),
    "backslashes": (b'{"x":"', b"\\"),
    "escapes": (b'{"x":"', b"\\u00e9"),
    "spaces": (b'{"x":""', b" "),
    "digits": (b'{"x":', b"9"),
    "closing brackets": (b'{"x":', b"]"),
    "opening brackets": (b'{"x":', b"["),
    "commas": (b'{"x":[', b","),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORST)
def test_looking_takes_no_more_than_a_copy(name: str) -> None:
    head, unit = WORST[name]
    text = head + unit * (4_000_000 // len(unit))
    tracemalloc.start()
    text_problems(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * len(text)
