"""Changes one expression at a time and runs the tests that come by it: one must fail.

Prints every change that none of them notices, and exits with 1 if there is one.
"""

import argparse
import importlib
import os
import pickle
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

import pytest

from bench.mutate import running
from bench.mutate.changes import Mutant, mutants
from bench.mutate.running import ANEW, KILLED, OVERTIME, Session, Trace, afresh, forked, limit

PEOPLE = ["tests/accounts", "tests/audit", "tests/architecture"]
PAGES = ["tests/pages", "tests/forms"]
ACCESS = ["tests/accounts/test_access.py", "tests/accounts/test_lowered_roles.py"]
ACCESS += ["tests/architecture"]
TESTS = {  # the first that fits a file
    "admin_ui/accounts/guard/access.py": ACCESS,
    "admin_ui/accounts/permissions.py": ACCESS,
    "assistants/definition": ["tests/definition"],
    "assistants/diff": ["tests/definition"],
    "assistants/search": ["tests/search"],
    "assistants/gateway": ["tests/gateway", "tests/services"],
    "assistants/registry": ["tests/registry"],
    "assistants/forms": PAGES,
    "assistants/services": ["tests/services", "tests/pages"],
    "assistants/views": [*PAGES, "tests/services"],
    "assistants": [*PAGES, "tests/services", "tests/commands"],
    "admin_ui/accounts": PEOPLE,
    "admin_ui": [*PEOPLE, "tests/pages", "tests/registry", "tests/services"],
}
LARGE = ["django.db.models", "django.forms", "django.test", "httpx", "hypothesis", "pydantic"]
ALWAYS = [
    "assistants/definition",
    "assistants/diff",
    "admin_ui/accounts/permissions.py",
    "admin_ui/accounts/guard/access.py",
]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.mutate", description=__doc__)
    parser.add_argument("paths", nargs="*", default=ALWAYS, help=f"default: {' '.join(ALWAYS)}")
    parser.add_argument("--sample", type=int, metavar="N", help="try N changes, not all")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which sample")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="instead of the usual ones")
    parser.add_argument(
        "--seconds", type=float, default=3, metavar="N", help="of tests for each change"
    )
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    began = time.perf_counter()
    files = sorted({file for path in options.paths for file in _files(Path(path))})
    changes = [mutant for file in files for mutant in mutants(file)]
    if options.sample is not None:
        random.seed(options.seed)
        changes = sorted(random.sample(changes, options.sample), key=changes.index)
    tests = options.tests or sorted({test for change in changes for test in _tests(change.file)})
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        os.environ["DATA_DIR"] = folder
        ended = Trial(changes, tests, options).run()
    counts = ", ".join(f"{count} {how}" for how, count in Counter(ended).most_common())
    print(f"\n{len(changes)} changes: {counts}; {time.perf_counter() - began:.0f} s.")
    return 0 if set(ended) <= {KILLED, OVERTIME} else 1


def _files(path: Path) -> list[Path]:
    found = path.rglob("*.py") if path.is_dir() else [path]
    return [file for file in found if "migrations" not in file.parts]


def _tests(file: Path) -> list[str]:
    return next(tests for start, tests in TESTS.items() if str(file).startswith(start))


class Trial:
    """Tries each change: in a function that is swapped, else in files that are imported anew."""

    def __init__(
        self, changes: Sequence[Mutant], tests: Sequence[str], options: argparse.Namespace
    ) -> None:
        self.changes, self.tests = changes, tests
        self.processes, self.most = options.processes, options.seconds
        self.kept = Path(os.environ["DATA_DIR"]) / "kept.pickle"
        self.chosen: list[list[str]] = []
        self.traces: dict[str, Trace] = {}
        self.ended = [ANEW] * len(changes)
        self.killers: dict[Path, deque[str]] = defaultdict(partial(deque, maxlen=8))

    def run(self) -> list[str]:
        for library in LARGE:  # once, for all processes to come
            importlib.import_module(library)
        deque(forked([self._swapping], 1))
        self.chosen, self.traces, self.ended = pickle.loads(self.kept.read_bytes())
        anew = [number for number, how in enumerate(self.ended) if how == ANEW]
        _say(f"{len(anew)} to be imported anew")
        jobs = [
            partial(afresh, self.changes[number], self.chosen[number], self._seconds(number))
            for number in anew
        ]
        for at, how in forked(jobs, self.processes):
            self._note(anew[at], how)
        return self.ended

    def _swapping(self) -> int:
        """Read all tests, try what can be swapped, keep what came of it for the first process."""
        session = Session(self._with_tests, {change.file for change in self.changes})
        out = ["--ignore=tests/gateway/portkey", "-m", "not e2e and not chain"]
        pytest.main(["-s", *running.OPTIONS, *out, *self.tests], plugins=[session])
        return 0

    def _with_tests(self, session: Session) -> None:
        names = list(session.items)
        size = -(-len(names) // 8)
        parts = [names[at : at + size] for at in range(0, len(names), size)]
        kept = [self.kept.with_name(f"part{number}") for number in range(len(parts))]

        def trace(part: Sequence[str], file: Path) -> int:
            file.write_bytes(pickle.dumps(session.traced(part)))
            return 0

        jobs = [partial(trace, *job) for job in zip(parts, kept, strict=True)]
        deque(forked(jobs, self.processes), maxlen=0)
        for file in kept:
            self.traces |= pickle.loads(file.read_bytes())
        seconds = sum(spent for spent, _ in self.traces.values())
        red = [name for name in names if name not in self.traces]
        _say(
            f"{len(self.traces)} tests, {seconds:.0f} s; {len(red)} red without a change: {red[:3]}"
        )
        self.chosen = [self._choose(change) for change in self.changes]

        def swapped(number: int) -> int:
            change = self.changes[number]
            if not session.swap(change):
                return running.CANNOT_SWAP
            limit(self._seconds(number))
            tests = self.chosen[number]
            first = [name for name in self.killers[change.file] if name in tests]
            if red := session.first_red(list(dict.fromkeys([*first, *tests]))):
                self._killer(number).write_text(red)
                return running.RED
            return running.CANNOT_SWAP if session.imported_by(change) else 0

        jobs = [partial(swapped, number) for number in range(len(self.changes))]
        for number, how in forked(jobs, self.processes):
            self._note(number, how)
            if (killer := self._killer(number)).exists():
                self.killers[self.changes[number].file].appendleft(killer.read_text())
        self.kept.write_bytes(pickle.dumps((self.chosen, self.traces, self.ended)))

    def _killer(self, number: int) -> Path:
        return self.kept.with_name(f"killer{number}")

    def _note(self, number: int, how: str) -> None:
        self.ended[number] = how
        if how not in {KILLED, ANEW}:
            told = f"{len(self.chosen[number])} tests" if self.chosen[number] else "no test"
            print(f"{self.changes[number]}  ({how}, {told})", flush=True)

    def _choose(self, change: Mutant) -> list[str]:
        """The tests that come by a change, the quickest first; for a table, by its file."""
        file = str(change.file.resolve())
        places = {(file, line) for line in change.lines}
        in_function = change.where == "function"
        found = [
            name
            for name, (_, lines) in self.traces.items()
            if (places & lines if in_function else any(path == file for path, _ in lines))
        ]
        if not found and not in_function:
            found = list(self.traces)
        found.sort(key=lambda name: self.traces[name][0])
        before = accumulate((self.traces[name][0] for name in found), initial=0.0)
        return [name for name, spent in zip(found, before, strict=False) if spent < self.most]

    def _seconds(self, number: int) -> float:
        return sum(self.traces[name][0] for name in self.chosen[number])


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
