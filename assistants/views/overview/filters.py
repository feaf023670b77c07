"""The filters that a list has on: shown above it, each with a link that takes it off."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from admin_ui.paging import PLACE_PARAMETERS

Offered = Mapping[str, tuple[str, Mapping[str, Any] | None]]
"""The label and the choices of each filter, by its parameter."""


class ActiveFilter(NamedTuple):
    label: str
    """What it filters by."""
    chosen: str
    """What was chosen, in words."""
    without: str
    """The query string of the list without this filter."""


def active_filters(params: Mapping[str, str], offered: Offered) -> list[ActiveFilter]:
    """Return the filters among `params`, of those `offered`.

    A filter without named choices takes any value. One that is not among its choices does nothing,
    so it is left out.
    """
    kept = {key: value for key, value in params.items() if value and key not in PLACE_PARAMETERS}
    found = []
    for name, (label, choices) in offered.items():
        value = kept.get(name, "")
        chosen = value if choices is None else choices.get(value, "")
        if value and chosen:
            rest = {key: other for key, other in kept.items() if key != name}
            found.append(ActiveFilter(label, str(chosen), f"?{urlencode(rest)}"))
    return found
