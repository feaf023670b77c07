"""Counting what a process does on the way of a change, and breaking it off at one of these steps.

A step is the moment before or after a statement, a commit, or a call of the gateway. The one after
a call lies before its answer is read: the remote has carried it out, and nobody here knows yet.
"""

import os
import re
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import httpx
from django.db import connection

from assistants.gateway.transport import NetworkTransport

Act = Callable[[str], None]

DISTINCT = ("before", "after COMMIT", "after call")
"""Every state a process can leave behind: after any other step it is as before the next one."""


class Died(BaseException):
    """Stands for the end of a process where a real one would be too costly; nobody catches it."""


@dataclass
class Steps:
    """The steps so far. At step `at` (the first is 1) `act` is called with its name; with `on`,
    at the first step of that name; with `lasting`, at every later one too."""

    at: int = 0
    act: Act = lambda _: None
    on: str = ""
    lasting: bool = False
    only: Collection[str] = ()
    """Names of steps begin with one of these, or are not counted; none means that all are."""
    names: list[str] = field(default_factory=list)

    def reached(self, name: str) -> None:
        if self.only and not name.startswith(tuple(self.only)):
            return
        self.names.append(name)
        count = len(self.names)
        if self.on and self.on == name and not self.at:
            self.at = count
        if count == self.at or (self.lasting and self.at and count > self.at):
            self.act(name)


@contextmanager
def watched(steps: Steps) -> Iterator[Steps]:
    """Count the steps of this process (this thread, for statements) until the block ends."""

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        steps.reached(f"before {_brief(sql)}")
        result = execute(sql, params, many, context)
        if not sql.startswith("BEGIN"):  # no answer to it can be lost: SQLite runs in the process
            steps.reached(f"after {_brief(sql)}")
        return result

    commit = connection.commit

    def committing() -> None:
        steps.reached("before COMMIT")
        commit()
        steps.reached("after COMMIT")

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(statement))
        stack.enter_context(patch.object(connection, "commit", committing))
        for transport in (NetworkTransport, httpx.WSGITransport):
            stack.enter_context(
                patch.object(transport, "handle_request", _calling(transport, steps))
            )
        yield steps


def _calling(transport: type[httpx.BaseTransport], steps: Steps) -> Any:
    handle = transport.handle_request

    def handle_request(self: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
        steps.reached(f"before call {request.method}")
        response = handle(self, request)
        try:
            steps.reached(f"after call {request.method}")
        except BaseException:
            response.close()
            raise
        return response

    return handle_request


def _brief(sql: str) -> str:
    """The verb of a statement and its table, which is enough to find it."""
    found = re.search(r'(?:FROM|INTO|UPDATE) "?(\w+)', sql)
    return f"{sql.split(maxsplit=1)[0]} {found[1] if found else ''}".strip()


def kill(_: str = "") -> None:
    """End this process at once, as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def die(_: str = "") -> None:
    raise Died
