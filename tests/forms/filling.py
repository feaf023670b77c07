"""A live definition, and a form that is sent with changes to it."""

from typing import Any

from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.shown import ShownDefinition

WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object"}, "x-team": "support"},
}
STOCK = {"type": "function", "function": {"name": "get_stock", "strict": True}}
SEARCH = {
    "type": "file_search",
    "file_search": {
        "max_num_results": 5,
        "ranking_options": {"ranker": "auto", "score_threshold": 0.5, "x": 1},
    },
}
LIVE = Definition.parse(
    {
        "name": "Support",
        "model": "m",
        "instructions": "Be kind.",
        "tools": [{"type": "code_interpreter"}, WEATHER, {"type": "web"}, SEARCH, STOCK],
        "metadata": {"team": "support", "owner": "ann"},
        "temperature": 0.5,
        "x-unknown": {"kept": [1, 2]},
    }
)


def submit(
    changes: dict[str, str | None], definition: Definition = LIVE, **options: Any
) -> DefinitionForm:
    """Post the page of `definition` with these fields typed; None leaves a field out."""
    data = {**ShownDefinition.of(definition).values, **changes}
    sent = {name: value for name, value in data.items() if value is not None}
    form = DefinitionForm(definition, sent, base=options.get("base", definition))
    form.is_valid()
    return form


def tools_of(form: DefinitionForm) -> list[str]:
    return [
        tool["function"]["name"] if tool["type"] == "function" else tool["type"]
        for tool in form.definition.value("tools")
    ]


def page_of(form: DefinitionForm) -> Any:
    return form.page(lambda _path: True)
