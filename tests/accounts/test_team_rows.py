"""The rows of the team list: filled into one rendering, and like the template's own."""

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from admin_ui.display.row_template import filled_row

NAME = "accounts/team/_member.html"
TEXTS = {
    "key": "7",
    "who": "Ada <b>&amp;</b>",
    "email": "ada@example.com",
    "unproven": "",
    "since": SafeString("<time>today</time>"),
    "last_active": "",
    "label": "Role of \u2068עדה\u2069",
    "token": "a" * 64,
}
FIXED = {
    "manages": True,
    "chips": (("chip", "You"),),
    "role": "Editor",
    "options": SafeString("<option>Editor</option>"),
    "change_role": ("/before/", "/after/"),
    "links": (("Remove", "/before/", "/remove/"),),
    "has_focus": False,
}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"who": "\ue000key\ue000", "email": ""},
        {"unproven": "Address not confirmed", "last_active": SafeString("<time>now</time>")},
        {"change_role": None, "links": ()},
        {"has_focus": True, "chips": ()},
        {"manages": False, "change_role": None, "options": ""},
    ],
)
def test_a_filled_row_is_what_the_template_renders(other: dict[str, object]) -> None:
    values = {**TEXTS, **FIXED, **other}
    texts = {name: values[name] for name in TEXTS}
    fixed = {name: values[name] for name in FIXED}
    for language in ("en", "ar"):
        with override(language):
            assert filled_row(NAME, texts, **fixed) == render_to_string(NAME, values)
