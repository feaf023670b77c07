"""The reader's time zone, which their browser sends in a cookie and pages use for times."""

import re
from collections import defaultdict
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from admin_ui.request.http import GetResponse

ZONE_COOKIES = ("__Host-zone", "zone")
"""With and without `https`. Set by `static/js/zone.js`; only names of time zones are accepted."""

RENAMED_ZONES = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}
"""Old names that browsers still send and an operating system may no longer have."""


class ReaderZoneMiddleware:
    """Use the zone from the reader's cookie, else `TIME_ZONE`.

    What `use_zone` and Django's `translation.activate` set meanwhile ends with the request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = next(filter(None, map(request.COOKIES.get, ZONE_COOKIES)), "")
        zone = zone_named(named)
        with timezone.override(zone), translation.override(translation.get_language()):
            return self.get_response(request)


def use_zone(name: str) -> None:
    """Use the zone called `name` for the rest of this request; "" keeps the browser's."""
    zone = zone_named(name) if name else None
    if zone is not None:
        timezone.activate(zone)


def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone called `name`, or None for anything else that a cookie may hold."""
    name = RENAMED_ZONES.get(name, name)
    return ZoneInfo(name) if name in _known_names() else None


def zones_by_region(chosen: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the names of places for an input, grouped by what comes before the first slash.

    Old names are left out, but for the one that is `chosen` already.
    """
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(_current_names() | {chosen} & _known_names()):
        region, _slash, place = name.partition("/")
        regions[region].append((name, (place or name).replace("_", " ")))
    return sorted(regions.items())


@cache
def _current_names() -> frozenset[str]:
    """Those of the known names that the table of countries has, and UTC; all without a table."""
    lines = _table_of_countries().splitlines()
    listed = {line.split("\t")[2] for line in lines if line.count("\t") > 1 and line[0] != "#"}
    return _known_names() & (listed | {"UTC"}) if listed else _known_names()


def _table_of_countries() -> str:
    """Return `zone.tab` from where Python finds the zones themselves."""
    for folder in TZPATH:
        if (table := Path(folder, "zone.tab")).is_file():
            return table.read_text()
    try:
        return resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    except (ModuleNotFoundError, FileNotFoundError):
        return ""


@cache
def _known_names() -> frozenset[str]:
    """Names of places, and UTC: not those of the server's own clock, nor of no place."""
    return frozenset(
        name for name in available_timezones() if re.match(r"UTC$|[A-Z]\w+/[A-Z]", name)
    )
