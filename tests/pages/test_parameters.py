"""The parameters of a function as a table: what is nested is in its place, and nothing left out."""

import json
from collections.abc import Iterable, Iterator
from time import thread_time
from typing import Any

import pytest

from assistants.definition import LIMITS, PAGE_LIMITS, Definition
from assistants.diff import compare_definitions
from assistants.models import Draft
from assistants.wording import ShownChange, show_changes, show_contents
from assistants.wording.definition.parameters import DEEPEST, Parameter, show_parameters
from assistants.wording.definition.room import Room
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

MORE = "Only a part is shown. The JSON shows all of it."
Row = tuple[str, ...]


def told(rows: Iterable[Parameter], level: int = 0) -> Iterator[Row]:
    """Each row as it is read: its name set in, then all that it says."""
    for row in rows:
        said = [row.kind, "required" if row.required else "", row.description, row.rules]
        yield ("  " * level + row.name, *filter(None, said))
        yield from told(row.inner, level + 1)


def rows_of(schema: Any) -> list[Row]:
    return list(told(show_parameters(schema, Room())))


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


TEXT, NUMBER = {"type": "string"}, {"type": "number"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, []),
        ({"type": "object", "properties": {}}, []),
        (None, []),
        ("no schema", []),
        ([TEXT], []),
        (of(a={**TEXT, "description": "Which."}), [("a", "string", "Which.")]),
        ({**of(a=TEXT, b=TEXT), "required": ["b"]}, [("a", "string"), ("b", "string", "required")]),
        (
            of(at={**of(street=TEXT, geo={**of(lat=NUMBER), "required": ["lat"]})}),
            [
                ("at", "object"),
                ("  street", "string"),
                ("  geo", "object"),
                ("    lat", "number", "required"),
            ],
        ),
        ({"properties": {"a": {"properties": {"b": TEXT}}}}, [("a", "object"), ("  b", "string")]),
        (of(a={"type": "array", "items": TEXT}), [("a", "list of string")]),
        (
            of(a={"type": "array", "items": {"type": "array", "items": of(x=NUMBER)}}),
            [("a", "list of list of object"), ("  x", "number")],
        ),
        (
            of(a={"type": "array", "items": {**of(x=NUMBER), "description": "A place."}}),
            [("a", "list of object"), ("  each entry", "object", "A place."), ("    x", "number")],
        ),
        (
            of(a={"type": "array", "items": {**TEXT, "pattern": "^a"}, "maxItems": 1000}),
            [
                ("a", "list of string", "at most 1,000 entries"),
                ("  each entry", "string", "pattern: ^a"),
            ],
        ),
        (
            {**of(a={"$ref": "#/$defs/A"}), "$defs": {"A": of(b={"$ref": "#/$defs/A"})}},
            [("a", "#/$defs/A"), ("#/$defs/A", "object"), ("  b", "#/$defs/A")],
        ),
        (of(a={"$ref": "#"}), [("a", "#")]),
        (of(a={"enum": ["x", 1, None, True]}), [("a", "one of: x, 1, null, true")]),
        (of(a={"const": {"b": 1}}), [("a", 'always {"b": 1}')]),
        (of(a={"type": ["string", "null"]}), [("a", "string or null")]),
        (of(a={"anyOf": [TEXT, {"$ref": "#/$defs/A"}]}), [("a", "string or #/$defs/A")]),
        (of(a={"allOf": [{"$ref": "#/a"}, {"$ref": "#/b"}]}), [("a", "#/a and #/b")]),
        (
            of(a={"oneOf": [of(b=TEXT), {"type": "null"}, {**TEXT, "format": "date"}]}),
            [
                ("a", "object or null or string"),
                ("  choice 1", "object"),
                ("    b", "string"),
                ("  choice 3", "string", "format: date"),
            ],
        ),
        (
            {**of(a=TEXT, b=TEXT), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
            [
                ("a", "string"),
                ("b", "string"),
                ("choice 1", "required: a"),
                ("choice 2", "required: b"),
            ],
        ),
        (
            of(a={"type": "object", "additionalProperties": NUMBER}),
            [("a", "object"), ("  any other name", "number")],
        ),
        (
            {**of(a=TEXT), "additionalProperties": False, "description": "All of it."},
            [("a", "string"), ("All parameters", "All of it.", "no other names")],
        ),
        (
            of(a={"type": "integer", "minimum": 0, "exclusiveMaximum": 0.5, "default": "7"}),
            [("a", "integer", 'at least 0 · less than 0.5 · default: "7"')],
        ),
        (of(a={**TEXT, "minLength": 1, "maxLength": 2000, "x": {"y": 1}}), [
            ("a", "string", 'at least 1 character · at most 2,000 characters · x: {"y": 1}'),
        ]),
        # What is wrong is shown as it is.
        (of(a="string", b=["x"], c=None), [("a", "string"), ("b", '["x"]'), ("c", "null")]),
        (of(a=True, b=False), [("a", "anything"), ("b", "nothing")]),
        ({"type": "object", "properties": []}, [("All parameters", "properties: []")]),
        ({**of(a=TEXT), "required": "a"}, [("a", "string"), ("All parameters", "required: a")]),
        (
            {**of(a=TEXT), "required": ["b", 1]},
            [("a", "string"), ("All parameters", "required: b, 1")],
        ),
        (of(a={"type": "array", "items": [TEXT]}), [
            ("a", "array", 'items: [{"type": "string"}]'),
        ]),
        (of(a={"type": 5, "description": {"x": 1}, "minimum": "low"}), [
            ("a", "5", '{"x": 1}', "minimum: low"),
        ]),
        (of(a={"enum": "x", "anyOf": [1], "$ref": 2}), [
            ("a", "enum: x · anyOf: [1] · $ref: 2"),
        ]),
        ({"type": "array", "items": of(a=TEXT)}, [
            ("a", "string"), ("All parameters", "list of object"),
        ]),
    ],
)  # fmt: skip
def test_a_schema_is_told_in_rows(schema: Any, expected: list[Row]) -> None:
    assert rows_of(schema) == expected


def test_levels_are_bounded() -> None:
    schema: dict[str, Any] = of(end=TEXT)
    for _ in range(90):
        schema = of(deeper=schema)

    rows = rows_of(schema)

    assert rows == [
        *(("  " * level + "deeper", "object") for level in range(DEEPEST)),
        ("  " * DEEPEST + "…", MORE),
    ]


def test_as_many_rows_as_fit_are_shown_and_then_that_there_are_more() -> None:
    names = [f"p{number}" for number in range(PAGE_LIMITS.entries + 50)]
    all_fit = rows_of(of(**dict.fromkeys(names[: PAGE_LIMITS.entries], TEXT)))
    assert all_fit == [(name, "string") for name in names[: PAGE_LIMITS.entries]]
    assert rows_of(of(**dict.fromkeys(names, TEXT))) == [*all_fit, ("…", MORE)]

    inside = rows_of(of(a=of(**dict.fromkeys(names, TEXT)), b=TEXT))
    assert inside[-2:] == [("  …", MORE), ("…", MORE)]


def test_a_page_has_room_for_so_many_rows_in_all() -> None:
    room, schema = Room(), of(**{f"p{number}": TEXT for number in range(150)})
    shown = [len(show_parameters(schema, room)) for _ in range(40)]
    whole, left = divmod(PAGE_LIMITS.rows, 150)
    assert shown == [150] * whole + [left + 1] + [1] * (39 - whole)


def alternatives(depth: int, ends: int) -> dict[str, Any]:
    """Choices between choices that end in nothing to tell."""
    if not depth:
        return {"anyOf": [TEXT] * ends}
    return {"anyOf": [alternatives(depth - 1, ends)] * 2}


def chain(key: str, depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {key: dict.fromkeys(map(str, range(7_000)), TEXT)}
    for _ in range(depth):
        schema = {key: schema if key == "items" else {"a": schema}}
    return schema


@pytest.mark.parametrize(
    "worst",
    [
        {"anyOf": [TEXT] * 12_000},
        alternatives(10, 7),
        alternatives(4, 700),
        chain("items", 90),
        chain("properties", 45),
        chain("$defs", 45),
        {"required": [str(number) for number in range(20_000)]},
        {"enum": list(range(37_000))},
    ],
    ids=["wide", "branching", "both", "items", "properties", "definitions", "required", "enum"],
)
def test_the_worst_schema_takes_little_time(worst: dict[str, Any]) -> None:
    assert len(json.dumps(worst)) <= LIMITS.part_size
    schema = of(a=worst, **dict.fromkeys(map(str, range(300)), TEXT))
    start = thread_time()
    show_parameters(schema, Room())
    assert thread_time() - start < 2


def function(name: str, **content: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **content}}


ADDRESS = {**of(city={**TEXT, "description": "Where?"}), "required": ["city"]}
ORDER = function("order", description="Order it.", strict=True, parameters=of(to=ADDRESS))


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[ShownChange]:
    return show_changes(compare_definitions(Definition.parse(old), Definition.parse(new)))


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_a_tool_that_came_or_went_is_told_as_a_table(kind: str) -> None:
    sides = [{"model": "m", "tools": [ORDER]}, {"model": "m"}]
    old, new = sides if kind == "removed" else sides[::-1]

    (item,) = changes(old, new)[0].items

    assert (item.title, item.kind, item.content) == ("order", kind, "")
    assert item.tool is not None
    assert item.tool.description == "Order it."
    assert item.tool.options == (("Strict", "yes"),)
    assert list(told(item.tool.parameters)) == [
        ("to", "object"),
        ("  city", "string", "required", "Where?"),
    ]
    assert json.loads(item.tool.json.replace("&quot;", '"')) == ORDER


def test_what_came_is_marked_in_a_table_what_is_there_only_where_it_is_unusual() -> None:
    tool = function("a", parameters=of(b={**TEXT, "description": "30\u00a0days\u202e"}))
    (item,) = changes({"model": "m"}, {"model": "m", "tools": [tool]})[0].items
    assert item.tool is not None
    (row,) = item.tool.parameters
    assert "U+00A0" in row.description
    assert "U+202E" in row.description
    (shown,) = show_contents(Definition.parse({"tools": [tool]})).tools
    assert shown.parameters[0].description == "30\u00a0days\u202e", "the template marks it"


@pytest.mark.parametrize(
    ("tool", "options", "has_json"),
    [
        ({"type": "code_interpreter"}, (), False),
        ({"type": "code_interpreter", "extra": 1}, (), True),
        ({"type": "file_search"}, (), False),
        (
            {"type": "file_search", "file_search": {"max_num_results": 7}},
            (("Maximum results", "7"),),
            True,
        ),
        ({"type": "mystery", "mystery": {"deep": 1}}, (), True),
        ({"type": "function", "function": "wrong"}, (), True),
        (function("bare"), (), True),
    ],
)
def test_whatever_a_table_does_not_tell_is_in_the_json(
    tool: dict[str, Any], options: tuple[Any, ...], has_json: bool
) -> None:
    (item,) = changes({"model": "m"}, {"model": "m", "tools": [tool]})[0].items
    assert item.tool is not None
    assert (item.tool.options, item.tool.parameters) == (options, ())
    assert bool(item.tool.json) is has_json


def parts(old: Any, new: Any) -> list[tuple[str, str, list[Row]]]:
    sides = [{"model": "m", "tools": [function("f", **side)]} for side in (old, new)]
    (item,) = changes(*sides)[0].items
    return [(part.label, part.change, list(told(part.parameters))) for part in item.parts]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_parameter_that_came_or_went_is_told_as_a_table_too(turn: int) -> None:
    word = "Added" if turn == 1 else "Removed"
    whole = [{}, {"parameters": ADDRESS}][::turn]
    assert parts(*whole) == [("Parameters", word, [("city", "string", "required", "Where?")])]

    one = [{"parameters": of(a=TEXT)}, {"parameters": of(a=TEXT, to=ADDRESS)}][::turn]
    rows = [("to", "object"), ("  city", "string", "required", "Where?")]
    assert parts(*one) == [("Parameters › to", word, rows)]


def test_values_inside_a_schema_stay_values() -> None:
    old = {"parameters": of(a=of())}
    new = {"parameters": of(a={**of(), "default": {"type": "x"}, "minProperties": 1})}
    assert parts(old, new) == [
        ("Parameters › a › default", "", []),
        ("Parameters › a › minProperties", "", []),
    ]


@pytest.mark.parametrize("before", [None, "auto"])
def test_the_schema_of_answers_that_came_or_went_is_told_as_a_table(before: Any) -> None:
    schema = {"name": "answer", "description": "Short.", "schema": ADDRESS}
    after = {"type": "json_schema", "json_schema": schema}
    sides = [{"model": "m", "response_format": before}, {"model": "m", "response_format": after}]
    for (old, new), word in ((sides, "Added"), (sides[::-1], "Removed")):
        (item,) = changes(old, new)[0].items
        assert item.tool is not None
        assert (item.title, item.label, item.tool.description) == ("Schema", word, "Short.")
        assert "JSON that follows a schema: answer" in (item.old, item.new)
        assert list(told(item.tool.parameters)) == [("city", "string", "required", "Where?")]
        assert json.loads(item.tool.json.replace("&quot;", '"')) == schema


def test_a_schema_of_answers_in_place_of_another_format_is_told_as_a_table() -> None:
    schema = {"name": "answer", "schema": ADDRESS}
    sides = [{"type": "text"}, {"type": "json_schema", "json_schema": schema}]
    (item,) = changes(*({"model": "m", "response_format": side} for side in sides))[0].items
    shown = [(part.label, part.change, list(told(part.parameters))) for part in item.parts]
    assert shown == [
        ("type", "", []),
        ("Name", "", []),
        ("Schema", "Added", [("city", "string", "required", "Where?")]),
    ]


def test_pages_show_the_rows_inside_each_other(cast: Cast) -> None:
    """The review of a draft that adds a tool, the version, and the definition that is live."""
    assistant = make_assistant(cast.workspace)
    wanted = {"name": "Support", "model": "gpt-4o", "tools": [ORDER]}
    Draft.objects.create(
        assistant=assistant, user=cast.publisher.user, base=assistant.live, content=wanted
    )
    root = f"/w/main/assistants/{assistant.pk}/"
    pages = [cast.client("publisher").get(f"{root}review/").content.decode()]
    client = cast.client("viewer")
    change(assistant, tools=[ORDER])
    pages += [client.get(f"{root}{page}").content.decode() for page in ("", "history/2/")]

    for text in pages:
        table = "".join(text.split('<dl class="parameters">', 1)[1].split("</section>")[0].split())
        assert table.startswith(
            "<dt><code><bdi>to</bdi></code></dt>"
            '<dd><spanclass="smallquiet-text"dir="auto">object</span></dd>'
            '<ddclass="inner"><dlclass="parameters"><dt><code><bdi>city</bdi></code>'
            '<spanclass="smallquiet-text">required</span></dt>'
            '<dd><spanclass="smallquiet-text"dir="auto">string</span><bdi>Where?</bdi></dd>'
            "</dl></dd></dl>"
        )
