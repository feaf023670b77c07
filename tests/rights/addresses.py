"""Every address of the site, as the URL configuration has it, and paths that match one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Address(NamedTuple):
    """`name` is what `reverse` knows it by; the route, of an address without a name."""

    name: str
    route: str
    arguments: tuple[str, ...]

    def path(self, values: dict[str, Any]) -> str:
        """Return the path with `values` in the place of the arguments.

        An address without a name that ends in a slash takes what no other one does.
        """
        takes_rest = self.name == self.route and self.route.endswith("/")
        path = f"/{self.route}{'nothing-there' if takes_rest else ''}"
        for name in self.arguments:
            start, _bracket, rest = path.partition(_marked(path, name))
            path = f"{start}{values[name]}{rest}"
        return path


def _marked(path: str, name: str) -> str:
    """Return how a route writes the argument `name`: `<int:pk>`, or `(?P<key>.+)`."""
    end = path.index(f"{name}>") + len(name) + 1
    start = path.rindex("(" if path[:end].rpartition("<")[0].endswith("(?P") else "<", 0, end)
    if path[start] == "(":
        end = path.index(")", end) + 1
    return path[start:end]


def _walk(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Address]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from _walk(entry.url_patterns, route, space + inner)
        else:
            yield _address(entry, route.replace("^", "").replace("$", ""), space)


def _address(entry: URLPattern, route: str, space: str) -> Address:
    name = f"{space}{entry.name}" if entry.name else route
    regex = entry.pattern.regex.groupindex
    own = sorted(regex, key=regex.__getitem__)
    outer = ["ws"] if "<slug:ws>" in route and "ws" not in own else []
    return Address(name, route, (*outer, *own))


ADDRESSES = tuple(_walk(get_resolver().url_patterns))
