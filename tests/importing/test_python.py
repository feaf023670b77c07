"""Python signatures and classes become functions."""

from typing import Any

import pytest

from assistants.importing import NotRead, functions_of
from tests.importing.test_kinds import found, said, tool


def parameters(text: str) -> dict[str, Any]:
    (function,) = found(text)
    return function["function"]["parameters"]


TYPES = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "dict": {"type": "object"},
    "Any": {},
    "'int'": {"type": "integer"},
    "list[str]": {"type": "array", "items": {"type": "string"}},
    "List['int']": {"type": "array", "items": {"type": "integer"}},
    "typing.Sequence[float]": {"type": "array", "items": {"type": "number"}},
    "set[int]": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
    "tuple[int, ...]": {"type": "array", "items": {"type": "integer"}},
    "tuple[int, str]": {
        "type": "array",
        "items": {"type": ["integer", "string"]},
        "minItems": 2,
        "maxItems": 2,
    },
    "dict[str, int]": {"type": "object", "additionalProperties": {"type": "integer"}},
    "dict[str, Any]": {"type": "object"},
    "str | None": {"type": ["string", "null"]},
    "Optional[int]": {"type": ["integer", "null"]},
    "Union[int, str]": {"type": ["integer", "string"]},
    "int | str | None": {"type": ["integer", "string", "null"]},
    "list[str] | None": {"type": ["array", "null"], "items": {"type": "string"}},
    "Literal['a', 'b']": {"type": "string", "enum": ["a", "b"]},
    "Literal[1, 2]": {"type": "integer", "enum": [1, 2]},
    "Literal['a', None]": {"type": ["string", "null"], "enum": ["a", None]},
    "Annotated[int, 'How many']": {"type": "integer", "description": "How many"},
    "Annotated[int, Field(ge=1, le=9, description='How many')]": {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "description": "How many",
    },
    "datetime": {"type": "string", "format": "date-time"},
    "datetime.date": {"type": "string", "format": "date"},
    "UUID": {"type": "string", "format": "uuid"},
}


@pytest.mark.parametrize("annotation", TYPES)
def test_an_annotation_gives_a_type(annotation: str) -> None:
    assert parameters(f"def f(a: {annotation}): ...") == {
        "type": "object",
        "properties": {"a": TYPES[annotation]},
        "required": ["a"],
    }


DEFAULTS = {
    "a: int = 3": {"type": "integer", "default": 3},
    "a: int = -3": {"type": "integer", "default": -3},
    "a: str = 'x'": {"type": "string", "default": "x"},
    "a: list[int] = [1, 2]": {"type": "array", "items": {"type": "integer"}, "default": [1, 2]},
    "a: str | None = None": {"type": "string"},
    "a: Optional[list[int]] = None": {"type": "array", "items": {"type": "integer"}},
    "a: int = compute()": {"type": "integer"},
    "a=True": {"default": True},
    "*, a: int = 3": {"type": "integer", "default": 3},
    "a: int = Query(3, ge=1)": {"type": "integer", "minimum": 1, "default": 3},
}


@pytest.mark.parametrize("argument", DEFAULTS)
def test_a_default_means_that_it_may_be_left_out(argument: str) -> None:
    assert parameters(f"async def f({argument}) -> str: return 'x'") == {
        "type": "object",
        "properties": {"a": DEFAULTS[argument]},
    }


DOCSTRINGS = {
    "google": """
        Finds it.

        In the catalogue.

        Args:
            city (str): Where it is,
                in words: a city.
            count: How many.

        Returns:
            str: All of it.
        """,
    "numpy": """Finds it.

        In the catalogue.

        Parameters
        ----------
        city : str
            Where it is,
            in words: a city.
        count : int, optional
            How many.

        Returns
        -------
        str
        """,
    "rest": """Finds it.

        In the catalogue.

        :param str city: Where it is,
            in words: a city.
        :param count: How many.
        :type count: int
        :returns: All of it.
        """,
}


@pytest.mark.parametrize("style", DOCSTRINGS)
def test_a_docstring_describes_the_function_and_its_parameters(style: str) -> None:
    text = f'def find(city: str, count: int = 1):\n    """{DOCSTRINGS[style]}"""\n    return city'
    assert found(text) == [
        tool(
            "find",
            {
                "type": "object",
                "properties": {
                    "city": {
                        "type": "string",
                        "description": "Where it is, in words: a city.",
                    },
                    "count": {"type": "integer", "description": "How many.", "default": 1},
                },
                "required": ["city"],
            },
            "Finds it.\n\nIn the catalogue.",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def find(city: str)",
        "def find(city: str) -> str:",
        "find(city: str) -> dict[str, int]",
        "find(city: str)",
        "# Finds.\nimport os\n\n@tool\nasync def find(self, city: str):\n    os.remove(city)",
    ],
)
def test_a_signature_needs_no_body(text: str) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    assert found(text) == [tool("find", schema)]


CITY = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "Its name."},
        "size": {"type": "integer", "minimum": 1},
        "kind": {"type": "string", "enum": ["big", "small"]},
        "note": {"type": "string", "default": "none"},
    },
    "required": ["name", "size"],
}
CLASSES = {
    "model": '''
class City(BaseModel):
    """A city."""
    name: str = Field(..., description="Its name.")
    size: int = Field(ge=1)
    kind: Optional[Literal["big", "small"]] = None
    note: str = "none"
    model_config = {}
''',
    "dataclass": '''
class Kind(StrEnum):
    BIG = "big"
    SMALL = auto()

@dataclass
class City:
    """A city.

    Attributes:
        name: Its name.
    """
    name: str
    size: Annotated[int, Field(ge=1)]
    kind: Kind | None = field(default=None)
    note: str = "none"
    _hidden: int = 1
    count: ClassVar[int] = 3
''',
}


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_of_fields_becomes_a_function(kind: str) -> None:
    assert found(CLASSES[kind]) == [tool("city", CITY, "A city.")]


def test_a_typed_dictionary_says_what_is_required() -> None:
    schema = parameters("class A(TypedDict, total=False):\n  a: int\n  b: Required[str]\n")
    assert schema["required"] == ["b"]
    schema = parameters("class A(TypedDict):\n  a: NotRequired[int]\n  b: str\n")
    assert schema["required"] == ["b"]


def test_classes_are_written_out_where_functions_use_them() -> None:
    text = CLASSES["model"] + "\ndef add(city: City, others: list[City] = []): ..."
    city = {**CITY, "description": "A city."}
    assert found(text) == [
        tool(
            "add",
            {
                "type": "object",
                "properties": {
                    "city": city,
                    "others": {"type": "array", "items": city, "default": []},
                },
                "required": ["city"],
            },
        )
    ]


def test_a_class_that_contains_itself_is_cut_and_named() -> None:
    text = "class Node(BaseModel):\n  next: 'Node | None'\n\ndef f(node: Node): ..."
    assert parameters(text)["properties"]["node"] == {
        "type": "object",
        "properties": {"next": {"type": ["object", "null"]}},
        "required": ["next"],
    }
    assert said(text) == ["“Node” contains itself. It is written out once."]


def test_what_cannot_be_said_is_left_out_and_named() -> None:
    assert said("def f(a: Foo, *args, **more): ...") == [
        "The type “Foo” is not in the text, so it takes any value.",
        "“*args” takes any number of values and was left out.",
        "“**more” takes any number of values and was left out.",
    ]


def test_nothing_is_run(tmp_path: Any) -> None:
    place = tmp_path / "made"
    text = f"import pathlib\npathlib.Path({str(place)!r}).touch()\ndef f(a: int = exit()): ..."
    assert len(functions_of(text).functions) == 1
    assert not place.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def f(a: int", "This looks like Python, and is not valid: line 1, column 6."),
        ("import os\nprint(1)", "This Python defines no function and no class with fields."),
        ("x = 1 if f() else 2", "No function was found in this text."),
    ],
)
def test_what_is_no_function_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotRead) as refused:
        functions_of(text)
    assert str(refused.value).startswith(reason)
