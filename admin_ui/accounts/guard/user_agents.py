"""The names of a browser and its system in a `User-Agent`, as far as people know them."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks and names. Browsers also claim to be those that come later in this list."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LONGEST_AGENT = 1000
"""Characters that are looked at; the header comes from anybody."""


def browser_and_system(agent: str) -> tuple[str, str]:
    """Return the two names, each "" if unknown."""
    return _first(BROWSERS, agent[:LONGEST_AGENT]), _first(SYSTEMS, agent[:LONGEST_AGENT])


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")
