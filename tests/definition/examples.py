"""Definitions and hypothesis strategies that the tests of this folder share."""

from typing import Any

from hypothesis import strategies as st

from assistants.definition import FIELD_NAMES

FULL: dict[str, Any] = {
    "name": "Travel desk",
    "description": "Answers questions about bookings.",
    "model": "gpt-5.2",
    "instructions": "Greet by name.\nAnswer briefly.",
    "tools": [
        {"type": "code_interpreter"},
        {
            "type": "file_search",
            "file_search": {
                "max_num_results": 12,
                "ranking_options": {"ranker": "auto", "score_threshold": 0.5},
            },
        },
        {
            "type": "function",
            "function": {
                "name": "get_booking",
                "description": "Find a booking.",
                "parameters": {
                    "type": "object",
                    "properties": {"number": {"type": "string", "description": "Six letters"}},
                    "required": ["number"],
                },
                "strict": True,
            },
        },
    ],
    "tool_resources": {
        "code_interpreter": {"file_ids": ["file-1", "file-2"]},
        "file_search": {"vector_store_ids": ["vs_1"]},
    },
    "metadata": {"team": "travel", "cost_centre": "4711"},
    "temperature": 0.7,
    "top_p": 1,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": False},
    },
    "reasoning_effort": "low",
    "x_vendor": {"keep": [1, None, {"deep": "yes"}]},
}


def function(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **more}}


texts = st.text() | st.sampled_from(["", "a\r\nb\rc\n", "nul \0", "\ud800", "tail \udfff", " "])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
tools = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["function", "file_search", "code_interpreter", "browser"])},
        optional={
            "function": st.fixed_dictionaries(
                {},
                optional={
                    "name": st.sampled_from(["a", "b", "c"]) | json_values,
                    "description": texts | st.none(),
                    "parameters": json_values,
                    "vendor": json_values,
                },
            ),
            "file_search": json_values,
        },
    ),
    max_size=5,
)
resources = st.dictionaries(
    st.sampled_from(["code_interpreter", "file_search", "other"]),
    st.dictionaries(
        st.sampled_from(["file_ids", "vector_store_ids", "x"]), st.lists(texts) | json_values
    )
    | json_values,
)
# Anything a gateway might send: sound values, odd ones, unknown fields.
assistants = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(FIELD_NAMES, json_values)
    | {
        "instructions": texts,
        "tools": tools | json_values,
        "tool_resources": resources | json_values,
        "metadata": st.dictionaries(texts, texts) | json_values,
        "x_vendor": json_values,
        "another": json_values,
    },
)
