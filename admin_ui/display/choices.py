"""The options of an input, made in Python: a loop of a template takes many times as long."""

from collections.abc import Iterable

from django.template import Library
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = Library()


@register.filter
def as_options(choices: Iterable[tuple[object, object]], chosen: str) -> SafeString:
    """Return an `<option>` for each value and its label; the one that is `chosen` is selected."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if chosen and value == chosen else ""), label)
            for value, label in choices
        ),
    )


@register.filter
def suggestions(texts: Iterable[str]) -> SafeString:
    """Return the `<option>`s of a `<datalist>`."""
    return format_html_join("", '<option value="{}"></option>', ((text,) for text in texts))
