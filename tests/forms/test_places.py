"""Which field of the form a place means, in every way that gateways write places."""

import pytest

from assistants.forms.places import input_for_param

TOOLS = ["code_interpreter-0", "function-0", "function-1", "file_search-0", "other-0"]
PAIRS = {"team": "metadata-0", "a.b": "metadata-1", "[x]": "metadata-2", "None": "metadata-3"}


@pytest.mark.parametrize(
    ("param", "name"),
    [
        ("", ""),
        ("None", ""),
        ("null", ""),
        ("17", ""),
        ("body", ""),
        ("$", ""),
        ("#/", ""),
        ("name", "name"),
        ("body.name", "name"),
        ("$.name", "name"),
        ("/name", "name"),
        ("#/name", "name"),
        ("tools", "tools"),
        ("tools[2]", "function-1"),
        ("tools.2", "function-1"),
        ("tools[2].function", "function-1"),
        ("tools.2.function", "function-1"),
        ("tools[2].function.name", "function-1-name"),
        ("tools.2.function.name", "function-1-name"),
        ("tools[2]['function']['name']", "function-1-name"),
        ('tools[2]["function"]["name"]', "function-1-name"),
        ("/tools/2/function/name", "function-1-name"),
        ("#/tools/1/function/parameters/properties/name", "function-0-parameters"),
        ("$.tools[1].function.strict", "function-0-strict"),
        ("body.tools.2.function.description", "function-1-description"),
        ("tools[2].FunctionTool.function.name", "function-1-name"),
        ("tools[0].type", "code_interpreter-0-enabled"),
        ("tools.3.file_search.ranking_options.score_threshold", "file_search-0-score_threshold"),
        ("tools[4].web", "other-0"),
        ("tools[5]", "tools"),
        ("tools[-1]", "tools"),
        ("metadata", "metadata"),
        ("metadata.team", "metadata-0-value"),
        ("metadata[team]", "metadata-0-value"),
        ("metadata['team']", "metadata-0-value"),
        ("/metadata/team", "metadata-0-value"),
        ("metadata.a.b", "metadata-1-value"),
        ("metadata['a.b']", "metadata-1-value"),
        ("metadata.[x]", "metadata-2-value"),
        ("metadata.None", "metadata-3-value"),
        ("metadata.nobody", "metadata"),
        ("tool_resources.code_interpreter.file_ids[3]", "code_interpreter_file_ids"),
        ("tool_resources['file_search']['vector_store_ids'][0]", "vector_store_ids"),
        ("response_format", "response_format"),
        ("response_format.type", "response_format"),
        ("response_format.json_schema.name", "response_schema_name"),
        ("response_format[json_schema][schema]", "response_schema_schema"),
        ("/response_format/json_schema/strict", "response_schema_strict"),
        ("x_vendor.mode", "x_vendor"),
        ("bodyguard", "bodyguard"),
    ],
)
def test_a_param_means_a_field(param: str, name: str) -> None:
    assert input_for_param(param, TOOLS, PAIRS) == name
