"""Running tests against one mutant, in a process forked from one that has read the rest."""

import gc
import importlib.util
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol

from bench.mutate.changes import Mutant

if TYPE_CHECKING:
    from django.db.utils import ConnectionHandler

LEAST_SECONDS, MOST_MEMORY = 4, 4 << 30
SURVIVED, KILLED, OVERTIME, ANEW = "survived", "killed", "timed out", "to be imported anew"
GREEN, RED, CANNOT_SWAP = 0, 1, 3
ENDS = {
    GREEN: SURVIVED,
    CANNOT_SWAP: ANEW,
    -signal.SIGXCPU: OVERTIME,
    -signal.SIGALRM: OVERTIME,
}
OPTIONS = ["-q", "--tb=native", "-p", "no:cacheprovider"]
OPTIONS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
Key = tuple[str, str, int]
Trace = tuple[float, set[tuple[str, int]]]


def forked(jobs: Iterable[Callable[[], int]], processes: int) -> Iterator[tuple[int, str]]:
    """Run each job in a process of its own; yield its place and how it ended."""
    running: dict[int, int] = {}

    def ended() -> tuple[int, str]:
        pid, status = os.wait()
        return running.pop(pid), ENDS.get(os.waitstatus_to_exitcode(status), KILLED)

    for number, job in enumerate(jobs):
        if len(running) == processes:
            yield ended()
        if pid := os.fork():
            running[pid] = number
            continue
        code = RED
        try:
            code = job()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    while running:
        yield ended()


def limit(seconds: float) -> None:
    """End this process when it works far longer than the tests do without a change."""
    most = int(LEAST_SECONDS + 4 * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.alarm(60 + 10 * most)


def quietly() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def afresh(mutant: Mutant, tests: Sequence[str], seconds: float) -> int:
    """Import everything with this change and run the tests."""
    quietly()
    limit(seconds + LEAST_SECONDS)
    file = str(mutant.file.resolve())
    name = mutant.module

    class Changed(SourceFileLoader):
        def get_code(self, _fullname: str) -> CodeType:
            return mutant.code()

    class Finder:
        @staticmethod
        def find_spec(wanted: str, *_: object) -> ModuleSpec | None:
            loader = Changed(name, file)
            return (
                importlib.util.spec_from_file_location(name, file, loader=loader)
                if wanted == name
                else None
            )

    sys.meta_path.insert(0, Finder)
    return pytest.main(["-x", *OPTIONS, *tests]) and RED


class Session:
    """A pytest plugin: reads all tests once, and runs those that a change concerns for each."""

    def __init__(self, work: Callable[["Session"], None], files: Iterable[Path]) -> None:
        self.work = work
        self.files = {str(file.resolve()): file for file in files}
        self.items: dict[str, pytest.Item] = {}
        self.functions: dict[Key, list[FunctionType]] = {}
        self.imported: set[tuple[str, int]] = set()
        sys.settrace(self._tracer(self.imported))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.settrace(None)
        self.items = {item.nodeid: item for item in session.items}
        if stored := [item for item in session.items if "db" in getattr(item, "fixturenames", ())]:
            session._setupstate.setup(stored[0])
            session._setupstate.teardown_exact(_elsewhere(session, stored[0]))
            stored[0]._request = None  # type: ignore[attr-defined]  # as if it had never run
            _connections().close_all()  # so that all that was written is in the one file
        for held in gc.get_objects():
            if type(held) is FunctionType and held.__code__.co_filename in self.files:
                self.functions.setdefault(_key(held.__code__), []).append(held)
        gc.freeze()
        self.work(self)
        return True

    def pytest_collection(self) -> None:
        """Let Hypothesis try less, since each change tries it again."""
        from hypothesis import HealthCheck, Phase, settings
        from hypothesis.internal.charmap import charmap

        settings.register_profile(
            "mutants",
            max_examples=20,
            phases=[Phase.explicit, Phase.generate],  # any example of a failure will do
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutants")
        charmap()  # takes long the first time

    def swap(self, mutant: Mutant) -> bool:
        """Put the changed function or value in place of the one imported, if that is possible."""
        if mutant.where != "function":
            return mutant.where == "value" and swap_values(mutant)
        codes = [mutant.code()]
        changed = False
        for code in codes:
            codes += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
            for function in self.functions.get(_key(code), ()):
                if function.__code__ != code:
                    if function.__code__.co_freevars != code.co_freevars:
                        return False
                    function.__code__ = code
                    changed = True
        return changed

    def first_red(self, tests: Sequence[str]) -> str | None:
        """Run tests on a database that only this process has, and return the first that fails."""
        quietly()
        _own_database()
        following = [*tests[1:], None]
        reports = (
            (test, report.failed)
            for test, after in zip(tests, following, strict=True)
            for report in self._run(test, after)
        )
        return next((test for test, failed in reports if failed), None)

    def traced(self, tests: Sequence[str]) -> dict[str, Trace]:
        """Run tests without a change; return the seconds and lines of those that pass."""
        quietly()
        _own_database()
        following = [*tests[1:], None]
        traces = (
            (test, self._trace(test, after)) for test, after in zip(tests, following, strict=True)
        )
        return {test: trace for test, trace in traces if trace}

    def _trace(self, test: str, after: str | None) -> Trace | None:
        lines: set[tuple[str, int]] = set()
        began = time.process_time()
        sys.settrace(self._tracer(lines))
        try:
            reports = self._run(test, after)
        finally:
            sys.settrace(None)
        failed = any(report.failed for report in reports)
        return None if failed else (time.process_time() - began, lines)

    def _tracer(self, lines: set[tuple[str, int]]) -> Callable[..., Any]:
        files = self.files

        def line(frame: FrameType, _event: str, _arg: Any) -> Any:
            lines.add((frame.f_code.co_filename, frame.f_lineno))
            return line

        def call(frame: FrameType, _event: str, _arg: Any) -> Any:
            return line if frame.f_code.co_filename in files else None

        return call

    def imported_by(self, mutant: Mutant) -> bool:
        """Tell whether importing runs what was changed: its result was there before the swap."""
        if mutant.where == "value":
            return True
        file = str(mutant.file.resolve())
        return any((file, line) in self.imported for line in mutant.lines)

    def _run(self, test: str, after: str | None) -> list[pytest.TestReport]:
        nextitem = self.items[after] if after else None
        return runtestprotocol(self.items[test], log=False, nextitem=nextitem)


def swap_values(mutant: Mutant) -> bool:
    """Run the file beside what was imported, and hand its values to all who imported them."""
    name = mutant.module
    if name not in sys.modules:
        return False  # the first test that needs it imports it
    old = vars(sys.modules[name])
    new = {key: old[key] for key in ("__name__", "__file__", "__package__")}
    exec(mutant.code(), new)
    changed = {
        key: (old[key], value)
        for key, value in new.items()
        if key in old and not key.startswith("__") and not isinstance(value, type | FunctionType)
    }
    for module in list(sys.modules.values()):
        for key, (was, value) in changed.items():
            if vars(module).get(key, changed) is was:
                setattr(module, key, value)
    return True


def _key(code: CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _elsewhere(session: pytest.Session, item: pytest.Item) -> pytest.Item:
    """Return a test of another file, so that only what the whole session shares stays set up."""
    return next(other for other in session.items if other.path != item.path)


def _connections() -> "ConnectionHandler":
    from django.db import connections

    return connections


def _own_database() -> None:
    for connection in _connections().all():
        name = Path(str(connection.settings_dict["NAME"]))
        if connection.vendor == "sqlite" and name.is_file():
            connection.close()
            own = name.with_name(f"{name.name}-{os.getpid()}")
            shutil.copyfile(name, own)
            connection.settings_dict["NAME"] = str(own)
