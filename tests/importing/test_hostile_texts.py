"""What is meant to exhaust a reader is refused, in words and quickly."""

import json
import string
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistants.importing import MOST_PASTED, NotRead, functions_of
from assistants.importing.found import MOST_REMARKS

M = MOST_PASTED
SECONDS = 5
"""Far more than any of them takes, on a busy machine too."""

LAUGHS = {
    f"A{n}": {
        "type": "object",
        "properties": {key: {"$ref": f"#/components/schemas/A{n + 1}"} for key in "abcd"},
    }
    for n in range(30)
}
HOSTILE = {
    "nothing": "  \n",
    "too long": "a" * (M + 1),
    "brackets": "[" * M,
    "braces": "{" * M,
    "closed brackets": "[" * (M // 2) + "]" * (M // 2),
    "objects": '{"a":' * (M // 5),
    "digits": "1" * M,
    "long number": '{"a":' + "1" * (M - 6) + "}",
    "infinite": '{"a": 1e999}',
    "no number": '{"a": NaN}',
    "twice": '{"a": 1, "a": 2}',
    "unclosed": '{"a": 1',
    "NUL": '{"a": "\0"}',
    "surrogate": '{"a": "\ud800"}',
    "html": "<html><body>" * 1000,
    "prose": "Please make a function that looks up an order. " * 1000,
    "prose with a colon": "Note: this is text.\nMore: of it.\n" * 2,
    "markdown": "# Title\n\n* a\n* b\n",
    "yaml brackets": "a: " + "[" * (M - 3),
    "yaml maps": "{a: " * (M // 4),
    "yaml blocks": "\n".join(" " * n + "a:" for n in range(1400)),
    "yaml dashes": "a:\n" + "- " * (M // 2 - 2),
    "yaml values": "a: [" + "b," * (M // 2 - 4) + "]",
    "yaml keys": "\n".join(f"k{n}: v" for n in range(75_000)),
    "billion laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "yaml objects": "openapi: !!python/object/apply:os.system [id]",
    "python brackets": "def f(a=" + "(" * 50_000,
    "python minus": "def f(a=" + "-" * 50_000 + "1): ...",
    "python sum": "def f(a=" + "1+" * 40_000 + "1): ...",
    "python union": "def f(a: " + "int|" * 20_000 + "int): ...",
    "python import": "import " + "a." * 45_000 + "a",
    "python import in lines": "import " + "a.\\\n" * 22_000 + "a",
    "python lambdas": "def f(a=" + "lambda:" * 14_000 + "1): ...",
    "python elifs": "if x: pass\n" + "elif x: pass\n" * 5_000,
    "python digits": "def f(a=" + "1" * 50_000 + "): ...",
    "python too long": "def f():\n" + "    pass\n" * 20_000,
    "typescript brackets": "function f(a: " + "(" * 20_000,
    "typescript unions": "type A = " + "|a" * 90_000,
    "typescript new": "type A = " + "new " * 15_000,
    "typescript keyof": "type A = " + "keyof " * 15_000,
    "typescript angles": "type A = " + "a<" * 15_000,
    "typescript quotes": "type A = " + '\\"' * 90_000,
    "typescript comments": "/*" * 90_000,
    "typescript too long": "type A = {" + "a: string;" * 30_000,
}
HEAVY = {
    "example": json.dumps({"a": [{f"k{n}": [n] for n in range(300)}] * 150}),
    "flat example": "{" + ",".join(f'"k{n}": 1' for n in range(60_000)) + "}",
    "tools": json.dumps([{"name": "f", "parameters": {}}] * 20_000),
    "openapi laughs": json.dumps(
        {
            "openapi": "3.1.0",
            "paths": {
                f"/{n}": {
                    "post": {
                        "requestBody": {
                            "content": {
                                "application/json": {"schema": {"$ref": "#/components/schemas/A0"}}
                            }
                        }
                    }
                }
                for n in range(2000)
            },
            "components": {"schemas": LAUGHS},
        }
    ),
    "python laughs": "\n".join(
        f"class A{n}:\n  a: 'A{n + 1}'\n  b: 'A{n + 1}'\n  c: 'A{n + 1}'\n" for n in range(30)
    )
    + "\n".join(f"def f{n}(a: A0): ..." for n in range(500)),
    "typescript laughs": "\n".join(
        f"type A{n} = {{a: A{n + 1}, b: A{n + 1}, c: A{n + 1}}};" for n in range(30)
    )
    + "\n".join(f"function f{n}(a: A0) {{}}" for n in range(500)),
    "typescript functions": "function f(){}" * 3000,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_refused_in_time(kind: str) -> None:
    start = process_time()
    with pytest.raises(NotRead) as refused:
        functions_of(HOSTILE[kind])
    assert process_time() - start < SECONDS
    assert len(str(refused.value)) < 400


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEAVY)
def test_a_heavy_text_is_read_within_limits(kind: str) -> None:
    start = process_time()
    found = functions_of(HEAVY[kind])
    sizes = [len(json.dumps(function.tool())) for function in found.functions]
    assert process_time() - start < SECONDS
    assert len(found.functions) <= 500
    assert len(found.remarks) <= MOST_REMARKS
    assert sum(sizes) < 10 * M


WORDS = st.sampled_from(
    ["def f(", "a: int", "list[", "]", ")", ":", ",", "'x'", "=", "|", "{", "}", "type A =", "=>",
     "function f(", "interface A {", "?", "<", ">", "a", "1", "\n", "  ", "-", "openapi:", '"',
     "/*", "*/", "//", "...", "class A:", "import ", "@", "&", "`", "enum A {", ";", "."]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=30).map("".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = functions_of(text)
    except NotRead:
        return
    for function in found.functions:
        json.dumps(function.tool())
        assert len(function.name) <= 64


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(string.printable),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@given(
    name=st.from_regex(r"[a-zA-Z0-9_-]{1,64}", fullmatch=True),
    description=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1
    ),
    properties=st.dictionaries(st.text(string.ascii_letters, min_size=1), JSON, max_size=4),
    strict=st.booleans(),
    more=st.dictionaries(st.sampled_from(["x", "cache_control"]), JSON),
)
@settings(max_examples=150, deadline=None)
def test_any_tool_arrives_equal(name, description, properties, strict, more) -> None:  # type: ignore[no-untyped-def]
    parameters = {"type": "object", "properties": properties, **more}
    function = {"name": name, "description": description, "parameters": parameters}
    tool = {"type": "function", **more, "function": {**function, "strict": strict, **more}}
    (found,) = functions_of(json.dumps(tool, indent=2)).functions
    assert found.tool() == tool
