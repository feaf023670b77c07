"""What is wrong with typed rows, as sentences for the person who typed them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition.parameters import MOST_SCHEMA_ROWS, Slip
from assistants.wording import quoted

_NO_VALUE: Mapping[str, Promise] = {
    "integer": gettext_lazy("“%(text)s” is no whole number, such as 12."),
    "number": gettext_lazy("“%(text)s” is no number, such as 12 or 0.5."),
    "boolean": gettext_lazy("“%(text)s” is neither true nor false."),
    "array": gettext_lazy("“%(text)s” is no list. Write it as JSON, such as [1, 2]."),
    "object": gettext_lazy("“%(text)s” is no object. Write it as JSON, such as {}."),
}


def slip_sentence(slip: Slip) -> str:
    """Return what no schema can hold, and what to do."""
    text = quoted(slip.text if len(slip.text) <= 40 else f"{slip.text[:39]}…")
    match slip.code:
        case "no_name":
            return _("Enter a name.")
        case "same_name":
            return _("Another row here has the name “%(text)s”. Choose another name.") % {
                "text": text
            }
    return str(_NO_VALUE.get(slip.kind, _("“%(text)s” does not fit the type."))) % {"text": text}


def too_many(count: int) -> str:
    """Return why a schema is not shown as rows."""
    told = _(
        "This schema has %(count)s parameters. The form shows at most %(most)s, so edit the JSON."
    )
    return told % {"count": f"{count:,}", "most": MOST_SCHEMA_ROWS}
