"""The fields of a definition, each declared once.

The checks, the editor, the pages, the comparison, the gateway and the registry read what they need
here. A new field needs an entry here and a line in `schema.Content`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from assistants.definition.translation import gettext_noop as _

FieldKind = Literal[
    "text",  # prose: line ends count as one, compared word by word
    "word",  # one name: like a text, without space around it, compared as a whole
    "choice",  # one of its options
    "number",
    "integer",
    "format",  # the response format: a word or an object
    "tools",  # a list of objects
    "resources",  # an object of objects with lists of IDs
    "pairs",  # an object of texts
]
EditorSection = Literal["basics", "instructions", "tools", "knowledge", "answers", "metadata"]

_COMPOSED = frozenset({"tools", "resources", "pairs"})


class Option(NamedTuple):
    """A value that a field can have, and its label in English."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionField:
    """One top-level field. Labels and help are in English, marked for translation."""

    name: str
    kind: FieldKind
    section: EditorSection
    """The part of the editor that shows it."""
    label: str
    help: str = ""
    """The text beside its input; each `{}` becomes a bound of `range`."""
    limit: int = 0
    """Greatest number of characters; 0 where something else limits it."""
    range: tuple[int, int] = (0, 0)
    """Lowest and highest number."""
    options: tuple[Option, ...] = ()
    lines: int = 1
    """Lines of its input."""
    suggestions: str = ""
    """ID of the list on the page that suggests values."""
    defaults: tuple[Any, ...] = ()
    """Documented values that a remote may fill in where the field is unset."""
    undocumented_by: frozenset[str] = frozenset()
    """Vendors of gateways that do not document it."""
    answered_unset: bool = True
    """Whether the registry answers with this field where it is unset."""

    @property
    def is_simple(self) -> bool:
        """Whether it is one value with one input under its own name."""
        return not self.is_composed and self.kind != "format"

    @property
    def is_setting(self) -> bool:
        """Whether pages list it with the other short values, set or not."""
        return not self.is_composed and self.kind != "text"

    @property
    def is_long_text(self) -> bool:
        """Whether it is a text of several lines, too long to tell before and after in a summary."""
        return self.kind == "text" and self.lines > 1

    @property
    def is_composed(self) -> bool:
        """Whether it consists of parts with names: tools, lists of IDs, pairs."""
        return self.kind in _COMPOSED

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "integer")

    @property
    def values(self) -> tuple[str, ...]:
        """The values of its options."""
        return tuple(option.value for option in self.options)

    @property
    def type(self) -> type | None:
        """The type of a composed value; None for other kinds."""
        if self.kind == "tools":
            return list
        return dict if self.is_composed else None

    @property
    def unset(self) -> Any:
        """What the API answers for an unset field."""
        empty: dict[str, Any] = {"tools": [], "pairs": {}}
        return empty.get(self.kind)


FORMAT_WORDS = (Option("auto", _("The gateway decides")), Option("none", _("None")))
FORMAT_TYPES = (
    Option("text", _("Text")),
    Option("json_object", _("JSON of any shape")),
    Option("json_schema", _("JSON that follows a schema")),
)

_DECLARED = (
    DefinitionField(
        name="name",
        kind="text",
        section="basics",
        label=_("Name"),
        help=_("What people call it, here and in the history."),
        limit=256,
    ),
    DefinitionField(
        name="description",
        kind="text",
        section="basics",
        label=_("Description"),
        help=_("What it is for, in a sentence or two. For people; it does not steer answers."),
        limit=512,
        lines=2,
    ),
    DefinitionField(
        name="model",
        kind="word",
        section="basics",
        label=_("Model"),
        help=_("Which model answers, by the name your provider gives it. Required."),
        limit=256,
        suggestions="models",
    ),
    DefinitionField(
        name="instructions",
        kind="text",
        section="instructions",
        label=_("Instructions"),
        help=_("Its role, rules and tone. The model reads this before every conversation."),
        limit=256_000,
        lines=14,
    ),
    DefinitionField(name="tools", kind="tools", section="tools", label=_("Tools")),
    DefinitionField(
        name="tool_resources", kind="resources", section="knowledge", label=_("Knowledge")
    ),
    DefinitionField(name="metadata", kind="pairs", section="metadata", label=_("Metadata")),
    DefinitionField(
        name="temperature",
        kind="number",
        section="answers",
        label=_("Temperature"),
        help=_("How varied the answers are. {} repeats itself, {} is wild. Not set: usually 1."),
        range=(0, 2),
        defaults=(1,),
    ),
    DefinitionField(
        name="top_p",
        kind="number",
        section="answers",
        label=_("Top-p"),
        help=_(
            "How many likely words it uses: 0.1 is the top tenth, 1 is all. Not set: usually 1."
        ),
        range=(0, 1),
        defaults=(1,),
    ),
    DefinitionField(
        name="response_format",
        kind="format",
        section="answers",
        label=_("Response format"),
        help=_("Plain text, or JSON for a program to read. Not set: usually text."),
        options=(*FORMAT_WORDS, *FORMAT_TYPES),
        defaults=("auto", {"type": "text"}),
    ),
    DefinitionField(
        name="reasoning_effort",
        kind="choice",
        section="answers",
        label=_("Reasoning effort"),
        help=_("How long it thinks before it answers; reasoning models only. Not set: medium."),
        options=(
            Option("none", _("None")),
            Option("minimal", _("Minimal")),
            Option("low", _("Low")),
            Option("medium", _("Medium")),
            Option("high", _("High")),
            Option("xhigh", _("Extra high")),
            Option("max", _("Highest")),
        ),
        defaults=("medium",),
        undocumented_by=frozenset({"portkey"}),
        answered_unset=False,
    ),
)

DEFINITION_FIELDS: Mapping[str, DefinitionField] = MappingProxyType(
    {field.name: field for field in _DECLARED}
)
"""Every field that the API defines, by name and in display order."""
FIELD_NAMES = tuple(DEFINITION_FIELDS)


def names_of_kind(*kinds: FieldKind) -> tuple[str, ...]:
    """Return the names of the fields of these kinds, in display order."""
    return tuple(field.name for field in _DECLARED if field.kind in kinds)


PROSE = names_of_kind("text")
"""Names of the fields that hold people's text."""
LONG_TEXTS = tuple(field.name for field in _DECLARED if field.is_long_text)
"""Names of those whose text has several lines, which merge line by line."""


def display_order(name: str) -> int:
    """Return the position of a field on every page; unknown fields come last."""
    return FIELD_NAMES.index(name) if name in DEFINITION_FIELDS else len(FIELD_NAMES)


def undocumented_by(vendor: str) -> frozenset[str]:
    """Return the names of the fields that this vendor of a gateway does not document."""
    return frozenset(field.name for field in _DECLARED if vendor in field.undocumented_by)
