"""`{% field %}`, `{% notices_of %}` and `{% pair_input %}`: the editor's inputs in its templates.

The inputs are put together in `shown_input`; a template renders only what few of them have.
"""

from django.template import Context, Library, Template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assistants.forms.shown_input import ShownInput

register = Library()
NOTICES = "assistants/fields/_notices.html"
REMARKS = "assistants/fields/_remarks.html"


@register.simple_tag(takes_context=True)
def field(context: Context, i: ShownInput) -> SafeString:
    """One input with its label, help, notices, hints and errors."""
    said = notices_of(context, i) if i.is_text or i.hints else ""
    remarks = _rendered(context, REMARKS, i=i) if i.has_remarks else ""
    kind = "field check" if i.is_box else "field"
    return SafeString(f'<div class="{kind}">{i.labelled_control}{i.help}{said}{remarks}</div>')


@register.simple_tag(takes_context=True)
def notices_of(context: Context, i: ShownInput) -> SafeString:
    """What is worth knowing about the text of an input, or an empty place for it."""
    if i.notices or i.hints:
        return _rendered(context, NOTICES, name=i.name, notices=i.notices, hints=i.hints)
    return SafeString(f'<div class="notices" id="notice_{i.name}"></div>')


@register.simple_tag
def pair_input(i: ShownInput, label: str, list: str) -> SafeString:
    """The key or the value of a pair of metadata, without a label that takes room."""
    more = format_html(' aria-label="{}"', label)
    return i.control(more if i.is_area else more + SafeString(f' list="{list}"'))


def _rendered(context: Context, template_name: str, /, **values: object) -> SafeString:
    template: Template = get_template(template_name).template  # type: ignore[attr-defined]
    with context.push(**values):
        return template.render(context)
