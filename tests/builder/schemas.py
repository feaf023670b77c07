"""Schemas for tests of the builder: generated ones, and the shapes that providers publish."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from assistants.definition.parameters import SchemaRow

names = st.sampled_from(
    ["id", "room", "when", "größe", "", "a b", "$x", "type", "ل", "😀", "\ud800"]
)
texts = st.sampled_from(
    ["", " ", "Which room.", "Two\nlines", "1", "1.0", "true", "null", "[]", "é"]
)
numbers = st.one_of(
    st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False), st.just(1.0)
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
odd = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2),
    max_leaves=4,
)
KINDS = ("string", "number", "integer", "boolean", "array", "object")
kinds = st.one_of(
    st.sampled_from(KINDS),
    st.sampled_from(KINDS).map(lambda kind: [kind, "null"]),
    st.sampled_from(KINDS).map(lambda kind: ["null", kind]),
    st.sampled_from(["null", "strng", ["string", "number"], ["string"], [], None, 1]),
)
words = st.lists(st.sampled_from(["Blue", "Green", "1", "2.5"]), min_size=1, max_size=3)
PLAIN = {
    "description": texts,
    "enum": st.one_of(words, st.lists(numbers, max_size=3), st.lists(scalars, max_size=3)),
    "default": st.one_of(scalars, odd),
}
KEPT = {
    "$ref": st.just("#/$defs/a"),
    "oneOf": st.just([{"type": "string"}, {"type": "number"}]),
    "anyOf": odd,
    "pattern": st.just("^(a+)+$"),
    "format": st.just("date"),
    "$defs": st.just({"a": {"type": "string"}}),
    "additionalProperties": st.one_of(st.booleans(), odd),
    "x-order": odd,
    "minimum": numbers,
    "title": texts,
}


@st.composite
def schemas(draw: st.DrawFn) -> Any:
    """A schema without others inside it, its keywords in any order, some of them odd."""
    if draw(st.integers(0, 19)) == 19:
        return draw(st.one_of(st.booleans(), odd))
    return draw(shuffled({"type": draw(kinds)} if draw(st.integers(0, 9)) else {}))


@st.composite
def shuffled(draw: st.DrawFn, parts: dict[str, Any]) -> dict[str, Any]:
    """The parts of a schema and some others, in any order."""
    others = st.sampled_from([*PLAIN, *KEPT])
    for name in draw(st.lists(others, max_size=3, unique=True)):
        parts.setdefault(name, draw({**PLAIN, **KEPT}[name]))
    return {name: parts[name] for name in draw(st.permutations(list(parts)))}


@st.composite
def around(draw: st.DrawFn, inner: Any) -> dict[str, Any]:
    """An object with this schema among those of its fields."""
    found = draw(st.dictionaries(names, schemas(), max_size=2)) | {draw(names): inner}
    required: Any = draw(st.lists(st.sampled_from([*found, "missing"]), max_size=3))
    if draw(st.integers(0, 15)) == 15:
        required = draw(odd)
    kind = draw(st.sampled_from(["object", "object", ["object", "null"]]))
    return draw(shuffled({"type": kind, "properties": found, "required": required}))


@st.composite
def objects(draw: st.DrawFn, levels: int = 5) -> dict[str, Any]:
    """The schema of a function's parameters, up to so many levels deep."""
    inner = draw(schemas())
    for _level in range(draw(st.integers(0, levels - 1))):
        inner = draw(around(inner))
        if draw(st.integers(0, 3)) == 3:
            inner = draw(shuffled({"type": "array", "items": inner}))
    return {**draw(around(inner)), "type": "object"}


def rows_in(row: SchemaRow) -> Iterator[SchemaRow]:
    """Every row inside one, those of lists among them."""
    inner = [*row.children, *([] if row.items is None else [row.items])]
    for child in inner:
        yield child
        yield from rows_in(child)


BOOK_MEETING_ROOM = {
    "type": "object",
    "properties": {
        "room": {
            "type": "string",
            "description": "Which room.",
            "enum": ["Blue", "Green", "Attic"],
        },
        "start": {"type": "string", "description": "When it begins, as 2026-01-31T09:30."},
        "people": {"type": "integer", "description": "How many will come.", "default": 4},
        "contact": {
            "type": "object",
            "description": "Who asked for it.",
            "properties": {"name": {"type": "string"}, "email": {"type": "string"}},
            "required": ["name"],
        },
    },
    "required": ["room", "start"],
}

# The shapes of the schemas that the API's own description publishes, in our words.
FUNCTION_OBJECT = {
    "type": "object",
    "properties": {
        "description": {"type": "string", "description": "What it does."},
        "name": {"type": "string", "description": "What to call it."},
        "parameters": {"$ref": "#/components/schemas/FunctionParameters"},
        "strict": {
            "anyOf": [
                {"type": "boolean", "default": False, "description": "Follow."},
                {"type": "null"},
            ]
        },
    },
    "required": ["name"],
}
ASSISTANT_REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "model": {
            "description": "Which model.",
            "example": "gpt-4o",
            "anyOf": [{"type": "string"}, {"type": "string", "enum": ["gpt-4o", "o3-mini"]}],
            "x-oaiTypeLabel": "string",
        },
        "name": {"description": "Its name.", "type": "string", "nullable": True, "maxLength": 256},
        "tools": {
            "description": "What it can use.",
            "default": [],
            "type": "array",
            "maxItems": 128,
            "items": {"oneOf": [{"$ref": "#/components/schemas/AssistantToolsCode"}]},
        },
        "tool_resources": {
            "type": "object",
            "properties": {
                "code_interpreter": {
                    "type": "object",
                    "properties": {
                        "file_ids": {
                            "type": "array",
                            "default": [],
                            "maxItems": 20,
                            "items": {"type": "string"},
                        }
                    },
                },
                "file_search": {
                    "type": "object",
                    "properties": {
                        "vector_stores": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "file_ids": {"type": "array", "items": {"type": "string"}},
                                    "chunking_strategy": {
                                        "type": "object",
                                        "oneOf": [
                                            {
                                                "type": "object",
                                                "properties": {
                                                    "type": {"type": "string", "enum": ["auto"]}
                                                },
                                                "required": ["type"],
                                            }
                                        ],
                                    },
                                    "metadata": {
                                        "type": "object",
                                        "x-oaiTypeLabel": "map",
                                        "additionalProperties": {"type": "string"},
                                    },
                                },
                            },
                        }
                    },
                    "oneOf": [{"required": ["vector_store_ids"]}, {"required": ["vector_stores"]}],
                },
            },
            "nullable": True,
        },
        "temperature": {"type": "number", "minimum": 0, "maximum": 2, "default": 1, "example": 1},
    },
    "required": ["model"],
}
ANY_PARAMETERS = {"type": "object", "description": "A schema.", "additionalProperties": True}
PUBLISHED = [FUNCTION_OBJECT, ASSISTANT_REQUEST, ANY_PARAMETERS, BOOK_MEETING_ROOM]
