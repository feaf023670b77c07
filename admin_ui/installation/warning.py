"""What `/healthz` shows an operator while people can work."""

from collections.abc import Callable

WARNINGS: list[Callable[[], list[str]]] = []
"""Functions that return what an operator should look at while pages work, as sentences."""


def warns(function: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Let `/healthz` show the warnings that `function` returns.

    It is called every few seconds at most, and may query the database. Anybody can read what
    it returns: no names, addresses or texts.
    """
    if function not in WARNINGS:
        WARNINGS.append(function)
    return function
