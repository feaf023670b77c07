"""Help in the app: every field with what fits into it and an example that can be typed."""

import pytest

from assistants.definition import DEFINITION_FIELDS, FIELD_EXAMPLES, Definition, problems
from assistants.definition.fields import EditorSection
from assistants.wording.definition.guide import SECTIONS
from tests.conftest import Cast
from tests.pages.past import make_assistant

HELP = "/w/main/help/"


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_every_field_is_explained(cast: Cast, who: str) -> None:
    text = cast.client(who).get(HELP).content.decode()
    for field in DEFINITION_FIELDS.values():
        assert f'id="field-{field.name}"' in text
        assert field.label in text
    assert "At most 256,000 characters." in text
    assert "A number from 0 to 2." in text
    assert "0 repeats itself, 2 is wild" in text


def test_each_field_and_section_has_its_help() -> None:
    assert FIELD_EXAMPLES.keys() == DEFINITION_FIELDS.keys()
    assert all(FIELD_EXAMPLES.values())
    assert set(SECTIONS) == set(EditorSection.__args__)


@pytest.mark.parametrize(
    "name", [name for name, field in DEFINITION_FIELDS.items() if field.is_simple]
)
def test_an_example_of_a_simple_field_is_allowed(name: str) -> None:
    for example in FIELD_EXAMPLES[name]:
        value = float(example) if DEFINITION_FIELDS[name].is_number else example
        found = problems(Definition.parse({"model": "gpt-4o", name: value}))
        assert not list(found)


def test_each_part_of_the_editor_links_to_its_help(cast: Cast) -> None:
    row = make_assistant(cast.workspace)
    text = cast.client("editor").get(f"/w/main/assistants/{row.pk}/edit/").content.decode()
    page = cast.client("editor").get(HELP).content.decode()
    for section in SECTIONS:
        assert text.count(f'href="{HELP}#{section}"') == 1
        assert f'id="{section}"' in page
