"""What a template shows on every page is rendered once per language, and nothing else is."""

import pytest
from django.template import Context, Engine, Template, engines
from django.template.base import NodeList
from django.utils.translation import override

from admin_ui.display.fixed import FixedNode

OURS: Engine = engines["django"].engine  # type: ignore[attr-defined]


def loaded(**texts: str) -> Template:
    """The template `page` of these texts, from the loader that the product uses."""
    engine = Engine(
        loaders=[
            ("admin_ui.display.fixed.Loader", [("django.template.loaders.locmem.Loader", texts)])
        ],
        builtins=OURS.builtins,
        libraries=OURS.libraries,
    )
    engine.get_template("page")
    return engine.get_template("page")


def kinds(nodes: NodeList) -> list[str]:
    return [type(node).__name__ for node in nodes]


def test_neighbours_without_variables_become_one_node() -> None:
    template = loaded(
        page='{% load i18n static %}[{% translate "Monday" %}{% icon "x" %}]{{ name }}'
    )
    assert kinds(template.nodelist) == ["FixedNode", "VariableNode"]
    assert template.render(Context({"name": "Ada"})).endswith("</svg>]Ada")


def test_fixed_parts_follow_the_language() -> None:
    template = loaded(page='{% load i18n %}{% translate "Monday" %} and {% translate "May" %}')
    assert template.render(Context()) == "Monday and May"
    with override("de"):
        assert template.render(Context()) == "Montag and Mai"
    assert template.render(Context()) == "Monday and May"


@pytest.mark.parametrize(
    "text",
    [
        "{% translate name %}",
        '{% translate "Monday" as day %}{{ day }}{{ name }}',
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
        "{% blocktranslate with n=name %}Hello {{ n }}{% endblocktranslate %}",
        "{% icon name %}",
        "{% static name %}",
        "{% url 'account_login' as there %}{{ there }}{{ name }}",
        "{% if name == 'x' %}{% translate 'Monday' %}{% else %}{% icon 'plus' %}{% endif %}",
        "{% for letter in name %}{{ letter }}{% translate 'Monday' %}{% endfor %}",
    ],
)
def test_what_depends_on_a_variable_follows_it(text: str) -> None:
    template = loaded(page="{% load i18n static %}" + text)
    plain = Template("{% load i18n static %}" + text)
    contexts = [{"name": name} for name in ("x", "menu", "plus")]
    here = [template.render(Context(values)) for values in contexts]
    assert here == [plain.render(Context(values)) for values in contexts]
    assert len(set(here)) > 1


def test_blocks_loops_and_conditions_are_merged_inside() -> None:
    fixed = '{% translate "Monday" %}'
    template = loaded(
        base="{% load i18n %}{% block part %}{% endblock %}",
        page='{% extends "base" %}{% load i18n %}{% block part %}'
        + "{% if a %}" + fixed + "{% endif %}{% for b in c %}" + fixed + "{% endfor %}"
        + "{% with d=a %}" + fixed + "{% endwith %}{% endblock %}",
    )  # fmt: skip
    assert len(template.nodelist.get_nodes_by_type(FixedNode)) == 4, "and the load tag"
    assert template.render(Context({"a": 1, "c": "xy"})) == "Monday" * 4


def test_the_pages_use_it() -> None:
    assert len(OURS.get_template("base.html").nodelist.get_nodes_by_type(FixedNode)) > 10
