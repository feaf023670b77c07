"""One input of the editor with its text and its errors, and a row of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from assistants.forms.advising.hints import Hints
from assistants.forms.inputs import InputOption, InputSpec


@cache
def changed_mark(language: str) -> SafeString:
    """Return the HTML that marks what differs from what is live."""
    with override(language):
        text = _("changed")
    return format_html(
        '<span class="changed-mark"> <span class="visually-hidden">{}</span></span>', text
    )


@cache
def closed_mark(language: str) -> SafeString:
    """Return the HTML that marks what the person may not change."""
    with override(language):
        text = _("Read-only")
    return format_html(' <span class="closed-mark">{}</span>', text)


@dataclass(slots=True)
class ShownInput:
    """One input, with everything that its template shows."""

    name: str
    value: str
    spec: InputSpec
    errors: list[str]
    choices: list[InputOption]
    checked: bool
    documented: bool
    """Whether the vendor of the connection documents it."""
    notices: list[str]
    """The invisible characters in the text."""
    hints: Hints | None
    """The hints about the schema in it."""
    focused: bool = False
    """Whether it gets the focus."""
    changed: bool = False
    """Whether it differs from what is live."""
    closed: bool = False
    """Whether the person may not change it: it is shown, and never posted."""

    # HTML that every input has is put together here, because a template takes many times as long.
    # A name holds letters, digits, _ and - only.

    @property
    def label(self) -> SafeString:
        language = get_language() or ""
        mark = changed_mark(language) if self.changed else ""
        closed = closed_mark(language) if self.closed else ""
        label = escape(str(self.spec.label))
        return SafeString(f'<label for="id_{self.name}">{label}{mark}{closed}</label>')

    @property
    def label_row(self) -> SafeString:
        """Its label, with a counter of its characters where they are limited."""
        if not self.spec.limit or self.closed:
            return self.label
        counts = f'for="id_{self.name}" data-counts="id_{self.name}" data-max="{self.spec.limit}"'
        return SafeString(f'{self.label} <output class="counter needs-js" {counts}></output>')

    @property
    def labelled_control(self) -> SafeString:
        """The input with its label; a box has it behind itself."""
        if self.is_box:
            return self.control() + self.label
        return SafeString(f'<div class="label-row">{self.label_row}</div>{self.control()}')

    def control(self, more: str = "") -> SafeString:
        """Return the input alone; `more` is HTML of attributes that only this place has."""
        attributes = self.attributes + more
        if self.is_box:
            checked = " checked" if self.checked else ""
            return SafeString(f'<input {attributes} type="checkbox" value="on"{checked}>')
        if self.is_area:
            return SafeString(f"<textarea {attributes}>\n{escape(self.value)}</textarea>")
        if self.choices:
            return SafeString(f"<select {attributes}>{self.options}</select>")
        value = escape(self.value)
        empty = format_html(' placeholder="{}"', _("not set")) if self.closed else ""
        return SafeString(
            f'<input {attributes} type="text" value="{value}" autocomplete="off"{empty}>'
        )

    @property
    def help(self) -> SafeString:
        help = escape(str(self.spec.help))
        return SafeString(f'<p class="help" id="help_{self.name}">{help}</p>')

    @property
    def options(self) -> SafeString:
        """The choices of a `<select>`."""
        return format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (choice.value, SafeString(" selected" if choice.selected else ""), choice.label)
                for choice in self.choices
            ),
        )

    @property
    def attributes(self) -> SafeString:
        """All of its HTML attributes but type and value."""
        described = f"help_{self.name}" if self.spec.help else ""
        flags = ""
        if self.errors:
            described = f"{described} error_{self.name}".strip()
            flags = ' aria-invalid="true"'
        if self.is_text:
            described = f"{described} notice_{self.name}".strip()
            flags += self.spec.direction
        if self.focused:
            flags += " autofocus"
        about = f' aria-describedby="{described}"' if described else ""
        name = f'name="{self.name}"'
        if self.closed:
            name = "disabled" if self.is_box or self.choices else "readonly"
        return SafeString(f'id="id_{self.name}" {name}{about} {self.spec.attributes}{flags}')

    @property
    def list(self) -> str:
        """The ID of the list of its suggestions, for a value of metadata."""
        return f"list_{self.name}"

    @property
    def is_text(self) -> bool:
        return self.spec.kind in ("line", "area")

    @property
    def is_box(self) -> bool:
        return self.spec.kind == "box"

    @property
    def is_area(self) -> bool:
        return self.spec.kind == "area"

    @property
    def is_slider(self) -> bool:
        return self.spec.kind == "slider"

    @property
    def has_remarks(self) -> bool:
        return bool(self.errors) or not self.documented


@dataclass(slots=True)
class InputRow:
    """A tool or a pair of metadata: its inputs by short name, or its JSON where it has none."""

    prefix: str
    title: str
    errors: list[str]
    inputs: dict[str, ShownInput] = field(default_factory=dict)
    json: str = ""
    deleted: bool = False
    is_open: bool = False
    rest: str = ""
    """JSON of the parts without an input of their own, after it was taken apart."""
    said: Sequence[str] = ()
    """What taking it apart did."""
    about: str = ""
    """What a closed function says about itself."""
    is_lean: bool = False
    """Whether its inputs are loaded when it is opened."""
    has_hints: bool = False
    builder: "ShownBuilder | None" = None
    help: str = ""
    """What the workspace says about the key of a pair."""
    allowed: Sequence[str] = ()
    """The values that it names for the key."""
    is_unusual: bool = False
    """Whether the value is none of these."""


@dataclass(slots=True)
class ShownBuilder:
    """The schema of a function or of answers: as rows, or as JSON."""

    name: str
    text: str = ""
    rows: str = ""
    is_form: bool = False
    unshown: str = ""
    """Why there are no rows, where the JSON does not say so."""
    errors: Sequence[str] = ()
    hints: Hints | None = None
    target: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the inputs with errors are called, by name."""
    is_lean: bool = False
    """Whether it is loaded when it is asked for."""
    example: str = ""

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """The two ways to edit it: value of `action`, label, whether it is shown."""
        return [
            (f"schema:form:{self.name}:", _("Form"), self.is_form),
            (f"schema:json:{self.name}:", _("JSON"), not self.is_form),
        ]
