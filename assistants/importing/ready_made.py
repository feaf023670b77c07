"""Functions of our own to begin with: one JSON file each, in `templates/`."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from assistants.definition.translation import gettext_noop
from assistants.importing.found import FoundFunctions
from assistants.importing.recognise import functions_in

_FOLDER = Path(__file__).with_name("templates")


class ReadyMade(NamedTuple):
    """A template: its key, and in English what it is called and what it is for."""

    key: str
    title: str
    text: str


READY_MADE = (
    ReadyMade(
        "look_up_order",
        gettext_noop("Look up an order"),
        gettext_noop("By its number, or by the customer’s e-mail address."),
    ),
    ReadyMade(
        "check_stock",
        gettext_noop("Check stock"),
        gettext_noop("How many of a product there are, and where."),
    ),
    ReadyMade(
        "book_appointment",
        gettext_noop("Book an appointment"),
        gettext_noop("On a day, at a time, with contact details."),
    ),
    ReadyMade(
        "create_ticket",
        gettext_noop("Create a ticket"),
        gettext_noop("With a summary, a priority and a category."),
    ),
    ReadyMade(
        "hand_over_to_person",
        gettext_noop("Hand over to a person"),
        gettext_noop("With the reason and what was said so far."),
    ),
    ReadyMade(
        "send_summary",
        gettext_noop("Send a summary by e-mail"),
        gettext_noop("Of the conversation, to an address that the person gave."),
    ),
    ReadyMade(
        "search_articles",
        gettext_noop("Search help articles"),
        gettext_noop("In your own help centre, by words and language."),
    ),
    ReadyMade(
        "request_refund",
        gettext_noop("Request a refund"),
        gettext_noop("For items of an order, with the reason."),
    ),
)


@cache
def _tool(key: str) -> Any:
    return json.loads((_FOLDER / f"{key}.json").read_text(encoding="utf-8"))


def ready_made(key: str) -> FoundFunctions | None:
    """Return the function of a template; None if there is no such template."""
    if not any(entry.key == key for entry in READY_MADE):
        return None
    return functions_in([_tool(key)])
