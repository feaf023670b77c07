"""A form that nobody touched builds an equal definition, whatever the definition held."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistants.definition import LIMITS, Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.shown import ShownDefinition

EXAMPLES = settings.default.max_examples
"""Those of the profile: `make quick` has fewer."""

characters = st.one_of(
    st.sampled_from(
        ["\n", "\r", "\r\n", "\0", "\ud800", " ", "é", "😀", '"', "<", "a", "b", "\u2028"]
    ),
    st.characters(exclude_categories=[]),
)
texts = st.lists(characters, max_size=8).map("".join)
numbers = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1.0, 1e-7, 1e300]),
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def objects(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the known keys, right or wrong, and some unknown ones."""
    optional = {key: strategy | values for key, strategy in known.items()}
    return st.builds(
        lambda extra, found: {**extra, **found},
        st.dictionaries(texts, values, max_size=2),
        st.fixed_dictionaries({}, optional=optional),
    )


tools = st.lists(
    st.one_of(
        st.just({"type": "code_interpreter"}),
        objects({"type": st.sampled_from(["code_interpreter", "file_search", "web_search"])}),
        st.builds(
            lambda options: {"type": "file_search", "file_search": options},
            objects(
                {
                    "max_num_results": st.integers(1, 50),
                    "ranking_options": objects(
                        {"ranker": st.just("auto"), "score_threshold": st.floats(0, 1)}
                    ),
                }
            ),
        ),
        st.builds(
            lambda function, extra: {**extra, "type": "function", "function": function},
            objects(
                {
                    "name": st.sampled_from(["a", "b", "get_weather"]),
                    "description": texts,
                    "strict": st.booleans(),
                    "parameters": st.dictionaries(texts, values, max_size=3),
                }
            ),
            st.dictionaries(texts, values, max_size=1),
        ),
        values,
    ),
    max_size=6,
)
formats = st.one_of(
    st.sampled_from(["auto", "none", "text", "strange"]),
    objects({"type": st.sampled_from(["text", "json_object", "json_schema", "strange"])}),
    st.builds(
        lambda schema, extra: {**extra, "type": "json_schema", "json_schema": schema},
        objects(
            {
                "name": texts,
                "description": texts,
                "schema": st.dictionaries(texts, values, max_size=3),
                "strict": st.booleans(),
            }
        ),
        st.dictionaries(texts, values, max_size=1),
    ),
)
definitions = objects(
    {
        "name": texts,
        "description": texts,
        "model": texts,
        "instructions": texts,
        "tools": tools,
        "tool_resources": objects(
            {
                "code_interpreter": objects({"file_ids": st.lists(texts, max_size=3)}),
                "file_search": objects({"vector_store_ids": st.lists(texts, max_size=2)}),
            }
        ),
        "metadata": st.dictionaries(texts, texts | values, max_size=4),
        "temperature": st.floats(0, 2),
        "top_p": st.floats(0, 1),
        "response_format": formats,
        "reasoning_effort": st.sampled_from(["low", "high", "enormous"]),
    }
).map(Definition.parse)


def as_browser_sends(values: dict[str, str]) -> dict[str, str]:
    """What a browser posts of a page that nobody touched: unticked boxes are missing."""
    boxes = ("enabled", "strict")
    sent = {}
    for name, value in values.items():
        if name.endswith(boxes) and not value:
            continue
        sent[name] = value.replace("\n", "\r\n")
    return sent


def submit(definition: Definition, data: dict[str, str]) -> DefinitionForm:
    """The form of a live definition, as somebody posts it; only changed fields are judged."""
    return DefinitionForm(definition, data, base=definition)


@settings(max_examples=4 * EXAMPLES)
@given(definitions)
def test_an_untouched_form_keeps_the_definition(definition: Definition) -> None:
    shown = ShownDefinition.of(definition)

    form = submit(definition, as_browser_sends(shown.values))

    assert form.is_valid(), form.errors
    assert form.definition == definition


@settings(max_examples=2 * EXAMPLES)
@given(definitions)
def test_a_script_that_posts_what_it_read_keeps_the_definition(definition: Definition) -> None:
    shown = ShownDefinition.of(definition)

    form = submit(definition, shown.values)

    assert form.is_valid(), form.errors
    assert form.definition == definition


@settings(max_examples=2 * EXAMPLES)
@given(definitions)
def test_a_form_that_leaves_everything_out_keeps_the_definition(definition: Definition) -> None:
    form = submit(definition, {})

    assert form.is_valid(), form.errors
    assert form.definition == definition


@settings(max_examples=2 * EXAMPLES)
@given(definitions)
def test_what_a_form_shows_can_stand_in_a_page(definition: Definition) -> None:
    for text in ShownDefinition.of(definition).values.values():
        text.encode()
        assert "\0" not in text
        assert "\r" not in text


@settings(max_examples=2 * EXAMPLES)
@given(
    definitions, st.dictionaries(st.sampled_from(["name", "temperature", "metadata-0-key"]), texts)
)
def test_changing_one_field_keeps_the_others(definition: Definition, typed: dict[str, str]) -> None:
    shown = ShownDefinition.of(definition)

    form = submit(definition, {**as_browser_sends(shown.values), **typed})
    form.is_valid()

    for field in set(definition.fields()) - {"name", "temperature", "metadata"}:
        assert form.definition.value(field) == definition.value(field)


def test_limits_of_the_form_do_not_cut_long_values() -> None:
    definition = Definition.parse(
        {
            "model": "m",
            "name": "n" * (LIMITS.name + 50),
            "instructions": "😀\n" * 150_000,
            "metadata": {f"key {number:02}": "v" * 600 for number in range(20)},
            "tools": [{"type": "function", "function": {"name": f"f{n}"}} for n in range(140)],
        }
    )
    shown = ShownDefinition.of(definition)

    form = submit(definition, as_browser_sends(shown.values))

    assert form.is_valid(), form.errors
    assert form.definition == definition


@pytest.mark.parametrize(
    "odd",
    ["half \ud83d", "\udc00", "\0", "\r", "\r\n", "\u2028", "\ufeff", "\uffff", "é😀"],
)
def test_json_is_shown_so_that_it_reads_as_the_same(odd: str) -> None:
    """So an edit of one part of it changes no other."""
    schema = {"type": "object", odd: {"description": f"a{odd}b", "enum": [odd, 1e22, 2**70]}}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    definition = Definition.parse({"model": "m", "tools": [tool]})
    shown = ShownDefinition.of(definition).values["function-0-parameters"]

    typed = shown.replace('"object"', '"object", "title": "t"')
    form = submit(definition, {"function-TOTAL_FORMS": "1", "function-0-parameters": typed})

    form.read()
    parameters = form.definition.value("tools")[0]["function"]["parameters"]
    assert parameters == {**schema, "title": "t"}
    shown.encode()
