"""Examples of each field, for the page of help: written as people type them."""

from collections.abc import Mapping
from types import MappingProxyType

from assistants.definition.translation import gettext_noop as _

FIELD_EXAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": (_("Refunds, online shop"), _("IT help desk")),
        "description": (_("Answers questions about refunds. Escalates complaints to a person."),),
        "model": ("mistral-small-latest", "gpt-5.2"),
        "instructions": (
            _(
                "You help customers of an online shop with refunds.\n"
                "\n"
                "- Ask for the order number first.\n"
                "- Refunds are possible within 30 days.\n"
                "- If you are not sure, say so and offer to hand over to a person."
            ),
        ),
        "tools": (
            _("Code interpreter: adds up a table that a customer sends."),
            _("File search: finds the answer in your handbook."),
            _("Function get_order_status: your application looks up the order."),
        ),
        "tool_resources": (
            _("File search: the vector store vs_abc123 with your handbook."),
            _("Code interpreter: the file file-abc123 with this year's prices."),
        ),
        "metadata": (_("team = support"), _("reviewed = 2026-11")),
        "temperature": ("0.2", "1"),
        "top_p": ("0.1", "1"),
        "response_format": (
            _("Text: for people who read the answer."),
            _("JSON that follows a schema: for a program that reads it."),
        ),
        "reasoning_effort": ("low", "high"),
    }
)
"""At least one example of each field of `DEFINITION_FIELDS`, in English, marked for translation."""
