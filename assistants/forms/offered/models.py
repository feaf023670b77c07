"""What the list of a connection says about the model that somebody typed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from assistants.definition import Definition
from assistants.forms.advising.hints import Hints
from assistants.selectors.offers import KnownOffers
from assistants.wording.offers import refused_settings, retiring_model, unlisted_model

NEAR = timedelta(days=90)
"""How long before a model retires people are warned."""


def model_of(definition: Definition) -> str:
    """Return the name of the model; "" if it has none that is a text."""
    model = definition.value("model")
    return model if isinstance(model, str) else ""


def advise_on_model(
    definition: Definition, offers: KnownOffers, today: date | None = None
) -> list[str]:
    """Return advice about the model: not listed, near its end, or refusing what is set."""
    model, today = model_of(definition), today or timezone.localdate()
    if not model:
        return []
    entry = offers.find("models", model)
    if entry is None:
        read_at = offers.lists["models"].read_at if offers.lacks("models", model) else None
        return [unlisted_model(model, read_at)] if read_at else []
    texts = []
    if entry.ends_on is not None and entry.ends_on <= today + NEAR:
        texts.append(retiring_model(model, entry.ends_on, entry.successor, today))
    refused = [name for name in entry.refuses.split() if _is_set(definition.value(name))]
    if refused:
        texts.append(refused_settings(model, refused))
    return texts


def _is_set(value: Any) -> bool:
    return value not in (None, [], "none")


def model_hints(definition: Definition, offers: KnownOffers) -> dict[str, Hints]:
    """Return the advice as hints for the input of the model, if there is any."""
    texts = advise_on_model(definition, offers)
    return {"model": Hints(texts)} if texts else {}


def options_html(names: Iterable[str]) -> SafeString:
    """Return names as the options of a `<datalist>`."""
    return format_html_join("", '<option value="{}"></option>', ((name,) for name in names))
