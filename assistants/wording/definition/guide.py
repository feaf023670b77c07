"""Help about each field of a definition: what it is, what fits into it, and examples."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assistants.definition import (
    DEFINITION_FIELDS,
    FIELD_EXAMPLES,
    LIMITS,
    DefinitionField,
)

SECTIONS = {
    "basics": (
        gettext_noop("Basics"),
        gettext_noop("How people find the assistant, and which model answers."),
    ),
    "instructions": (
        gettext_noop("Instructions"),
        gettext_noop("The most important part. Write as you would brief a new colleague."),
    ),
    "tools": (
        gettext_noop("Tools"),
        gettext_noop("What the assistant can use apart from what the model knows."),
    ),
    "knowledge": (
        gettext_noop("Knowledge"),
        gettext_noop("Files and vector stores that the tools read, by their IDs."),
    ),
    "answers": (
        gettext_noop("Answers"),
        gettext_noop("How varied, how long considered and in which form. Most need no change."),
    ),
    "metadata": (
        gettext_noop("Metadata"),
        gettext_noop("Short notes for programs and for your own lists, such as a team."),
    ),
}
"""The title of each part of the editor, and what it is for."""


class FieldGuide(NamedTuple):
    name: str
    label: str
    help: str
    limit: str
    """What fits into it, as a sentence; "" where nothing limits it."""
    examples: list[str]


class SectionGuide(NamedTuple):
    name: str
    title: str
    lede: str
    fields: list[FieldGuide]


def guide() -> list[SectionGuide]:
    """Return the help of every section, in the order of the editor."""
    return [
        SectionGuide(name, _(title), _(lede), [_guide_of(field) for field in _fields_of(name)])
        for name, (title, lede) in SECTIONS.items()
    ]


def _fields_of(section: str) -> list[DefinitionField]:
    return [field for field in DEFINITION_FIELDS.values() if field.section == section]


def _guide_of(field: DefinitionField) -> FieldGuide:
    return FieldGuide(
        name=field.name,
        label=_(field.label),
        help=_(field.help).format(*field.range) if field.help else "",
        limit=_limit(field),
        examples=[_(example) for example in FIELD_EXAMPLES[field.name]],
    )


def _limit(field: DefinitionField) -> str:
    if field.limit:
        return _("At most %(count)s characters.") % {"count": f"{field.limit:,}"}
    if field.is_number:
        lowest, highest = field.range
        return _("A number from %(lowest)s to %(highest)s.") % {
            "lowest": lowest,
            "highest": highest,
        }
    if field.kind == "tools":
        return _("At most %(count)s tools.") % {"count": LIMITS.tools}
    if field.kind == "pairs":
        return _("At most %(count)s pairs.") % {"count": LIMITS.metadata_pairs}
    if field.options:
        labels = ", ".join(_(option.label) for option in field.options)
        return _("One of: %(labels)s.") % {"labels": labels}
    return ""
