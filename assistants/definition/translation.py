"""Marks English text for translation where Django cannot be imported."""


def gettext_noop(text: str) -> str:
    """Return `text` as it is. `makemessages` finds it by this name; `assistants.wording` and
    `assistants.forms` translate it when they show it."""
    return text
