"""JSON that a person typed: what is wrong with it is said alike on every version of Python."""

import json
from typing import Any

import pytest

from assistants.forms.posted import json_text
from assistants.forms.posted.json_text import JsonError, parse_object

TOO_MANY = "there is one comma too many"
EARLY = "the JSON ends too early; a bracket or quote is not closed"
NAME = "a name in double quotes is expected here"
VALUE = "a value is missing here, or is not in double quotes"
ESCAPE = "a backslash that JSON does not allow here"
HEX = "\\u needs four hexadecimal digits after it"

WRONG = [
    ('{"a": 1,}', 1, 8, TOO_MANY),
    ('{"a": 1 , }', 1, 9, TOO_MANY),
    ('{"a":\n 1,}', 2, 3, TOO_MANY),
    ('{"a": 1,\r\n\r\n}', 1, 8, TOO_MANY),
    ('{"a": [1,]}', 1, 9, TOO_MANY),
    ('{"a": [1,2,\n],\n}', 1, 11, TOO_MANY),
    ('{"a": {"b": 1,},}', 1, 14, TOO_MANY),
    ('{"客": 1,}', 1, 8, TOO_MANY),
    ('{"a": 1,}}', 1, 8, TOO_MANY),
    ("{,}", 1, 2, NAME),
    ('{"a": 1,,}', 1, 9, NAME),
    ('{"a": 1,]', 1, 9, NAME),
    ("{'a': 1}", 1, 2, NAME),
    ('{"a": 1, // one\n}', 1, 10, NAME),
    ('{"a": }', 1, 7, VALUE),
    ('{"a": ,}', 1, 7, VALUE),
    ('{"a": [,]}', 1, 8, VALUE),
    ('{"a": [1,,]}', 1, 10, VALUE),
    ('{"a": [1,}', 1, 10, VALUE),
    ('{"a": tru}', 1, 7, VALUE),
    ('{"a": 1,', 1, 9, EARLY),
    ('{"a": [1,\n', 2, 1, EARLY),
    ('{"a" 1}', 1, 6, "a colon is missing between a name and its value"),
    ('{"a": 1 "b": 2}', 1, 9, "a comma, or a closing bracket, is missing before this"),
    ('{"a": "b}', 1, 7, "the quotes that open here are never closed"),
    ('{"a": "\\x"}', 1, 8, ESCAPE),
    ('{"a": "\\u12"}', 1, 9, HEX),
    ('{"a": "\t"}', 1, 8, "a line break or tab inside quotes; write it as \\n or \\t"),
    ("{} {}", 1, 4, "the JSON is already complete here; remove the rest"),
]


@pytest.mark.parametrize(("text", "line", "column", "reason"), WRONG)
def test_what_is_wrong_and_where(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(JsonError) as error:
        parse_object(text, levels=5)

    assert str(error.value) == f"Line {line}, column {column}: {reason}."


BEFORE = "Expecting property name enclosed in double quotes", "Expecting value"
SINCE = "Illegal trailing comma before end of object", "Illegal trailing comma before end of array"


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ('{"a": 1,\n}', BEFORE[0], 9),
        ('{"a": 1,\n}', SINCE[0], 7),
        ('{"a": 1 ,  }', BEFORE[0], 11),
        ('{"a": 1 ,  }', SINCE[0], 8),
        ('{"a": [1,\n]}', BEFORE[1], 10),
        ('{"a": [1,\n]}', SINCE[1], 8),
    ],
)
def test_a_comma_too_many_is_named_alike_by_old_and_new_parsers(
    text: str, said: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.13 points at the comma, earlier versions at the bracket behind it."""

    def loads(doc: str, **hooks: Any) -> Any:
        raise json.JSONDecodeError(said, doc, at)

    monkeypatch.setattr(json_text.json, "loads", loads)
    with pytest.raises(JsonError) as error:
        parse_object(text, levels=5)

    column = text.index(",") + 1
    assert str(error.value) == f"Line 1, column {column}: there is one comma too many."
