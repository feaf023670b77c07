"""Every fault, and what each way of writing must come to under it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.upstream import FaultSpec, clamped, completed, merged, refused, trimmed
from tests.upstream.faults import error_body

PATIENCE = 1.5  # seconds; the read timeout where the remote hangs
HANG = 20.0  # seconds; longer than that, and ended with the server
DELAY = 0.05  # seconds; shorter

NEIGHBOUR = {"id": f"asst_{1:024d}", "object": "assistant", "created_at": 1, "name": "Neighbour"}
"""An assistant that stands beside ours and is none of our business."""

NOTHING = ("not_delivered", "not_delivered", "not_delivered")
REFUSED = ("rejected", "rejected", "rejected")
APPLIED = ("applied", "applied", "applied")
READ = ("applied", "", "applied")
"""A create reads nothing before."""
DOUBT = ("unconfirmed > not_delivered",) * 3
"""A write in doubt that never takes effect: it may still arrive, until its time is over."""
LATE = ("unconfirmed > applied",) * 3


@dataclass(frozen=True)
class Fault:
    """A fault and what must come of it.

    `edit`, `create` and `delete` are what is said at once and, after ">", in the end: statuses, or
    in capitals the error with which nothing was sent. "" where the fault has no meaning.
    """

    name: str
    outcomes: tuple[str, str, str]
    write: FaultSpec | None = None
    reads: tuple[FaultSpec, ...] = ()
    """How the reads before the write fail, one after the other."""
    blind: bool = False
    """All reads fail, from the beginning."""
    kinds: tuple[str, ...] = ()
    """Revisions that must follow because the remote really did (or said) something else."""

    @property
    def hangs(self) -> bool:
        return any(spec.hang == HANG for spec in (self.write, *self.reads) if spec is not None)

    def expected(self, group: str) -> tuple[str, str]:
        """Return what is said at once and in the end."""
        said, _, later = self.outcomes[("edit", "create", "delete").index(group)].partition(" > ")
        return said, later or said


ANSWERS = {
    "hang": FaultSpec(hang=HANG),
    "reset": FaultSpec(reset=True),
    "truncated": FaultSpec(truncate=True),
    "HTML with 200": FaultSpec(
        status=200, body="<html><title>Welcome</title></html>", content_type="text/html"
    ),
    "empty with 200": FaultSpec(status=200),
    "cut JSON with 200": FaultSpec(status=200, body='{"id": "asst_1", "object": "assis'),
    "list with 200": FaultSpec(
        status=200, body='{"object": "list", "data": [], "has_more": false}'
    ),
    "another's object": FaultSpec(status=200, body=json.dumps(NEIGHBOUR)),
    "302": FaultSpec(status=302, location="/v1/assistants"),
    "408": FaultSpec(status=408, body='{"error": {"type": "timeout_error", "message": "Slow."}}'),
    "500": FaultSpec(status=500, body=error_body("The server had an error.")),
    "502": FaultSpec(status=502, body="<html>Bad gateway</html>", content_type="text/html"),
    "503": FaultSpec(status=503, body=error_body("Overloaded."), retry_after="1"),
    "504": FaultSpec(status=504, body="upstream timed out", content_type="text/plain"),
}
"""Answers after which nobody knows whether the write took effect."""


def doubts() -> Iterator[Fault]:
    for name, spec in ANSWERS.items():
        yield Fault(f"{name}, before applying", DOUBT, spec)
        yield Fault(f"{name}, after applying", APPLIED, replace(spec, applied=True))


def late() -> Iterator[Fault]:
    for name in ("hang", "reset", "504"):
        yield Fault(f"{name}, applied late", LATE, replace(ANSWERS[name], late=True))
    yield Fault(
        "504, applied late and stored otherwise",
        ("unconfirmed > applied", "unconfirmed", ""),
        replace(ANSWERS["504"], late=True, store=clamped),
    )
    yield Fault(
        "504, applied late, reads fail",
        ("unconfirmed > applied",) * 3,
        replace(ANSWERS["504"], late=True, blind=True),
    )


def stored_otherwise() -> Iterator[Fault]:
    kinds = {
        "number clamped": clamped,
        "metadata key kept": merged,
        "unknown field gone": trimmed,
        "defaults added": completed,
    }
    for name, store in kinds.items():
        yield Fault(name, ("applied", "applied", ""), FaultSpec(store=store))
    for name, store in kinds.items():
        found = "applied" if store in (merged, completed) else "unconfirmed"
        lost = FaultSpec(store=store, reset=True)
        yield Fault(f"{name}, answer lost", ("applied", found, ""), lost)
        yield Fault(
            f"{name}, answer lost, reads fail",
            ("unconfirmed > applied", f"unconfirmed > {found}", ""),
            replace(lost, blind=True),
        )


def reads() -> Iterator[Fault]:
    down = FaultSpec(status=503, body=error_body("Down."))
    yield Fault("read before fails", ("SERVER_TROUBLE", "", "SERVER_TROUBLE"), blind=True)
    yield Fault("read before fails once", READ, reads=(down,))
    yield Fault("read before resets once", READ, reads=(FaultSpec(reset=True),))
    yield Fault(
        "read before rate-limited once",
        READ,
        reads=(FaultSpec(status=429, body=error_body("Slow down."), retry_after="0.02"),),
    )
    yield Fault(
        "read before hangs",
        ("TIMED_OUT", "", "TIMED_OUT"),
        reads=(ANSWERS["hang"],) * 3,
    )
    yield Fault(
        "read before is junk",
        ("UNEXPECTED_ANSWER", "", "UNEXPECTED_ANSWER"),
        reads=(ANSWERS["HTML with 200"],),
    )
    yield Fault(
        "read before is unauthorized",
        ("UNAUTHORIZED", "", "UNAUTHORIZED"),
        reads=(FaultSpec(status=401, body=error_body("Wrong key.")),),
    )
    yield Fault(
        "read before says gone, wrongly",
        ("MISSING", "", "MISSING"),
        reads=(FaultSpec(status=404, body=error_body("No assistant found.")),),
        kinds=("missing", "outside"),
    )
    reset = FaultSpec(reset=True)
    yield Fault(
        "reset before applying, reads fail",
        DOUBT,
        replace(reset, blind=True),
    )
    yield Fault(
        "reset after applying, reads fail",
        ("unconfirmed > applied",) * 3,
        replace(reset, blind=True, applied=True),
    )
    yield Fault("reset before applying, read fails once", DOUBT, replace(reset, then=down))
    yield Fault(
        "reset after applying, read fails once", APPLIED, replace(reset, then=down, applied=True)
    )
    yield Fault(
        "reset after applying, read is junk",
        ("unconfirmed > applied",) * 3,
        replace(reset, then=ANSWERS["empty with 200"], applied=True),
    )


FAULTS: tuple[Fault, ...] = (
    Fault("none", APPLIED),
    Fault("slow", APPLIED, FaultSpec(hang=DELAY, applied=True)),
    Fault("400", REFUSED, refused("Unsupported value.", param="model", code="invalid_value")),
    Fault("401", REFUSED, FaultSpec(status=401, body=error_body("Wrong key."))),
    Fault("403", REFUSED, FaultSpec(status=403, body=error_body("Not allowed."))),
    Fault("404, wrongly", NOTHING, FaultSpec(status=404, body=error_body("No assistant found."))),
    Fault("endpoint gone", NOTHING, FaultSpec(gone=True)),
    Fault("429", NOTHING, FaultSpec(status=429, body=error_body("Slow down."))),
    Fault(
        "429, Retry-After",
        NOTHING,
        FaultSpec(status=429, body=error_body("Slow down."), retry_after="30"),
    ),
    Fault(
        "vanished",
        ("not_delivered", "applied", "applied"),
        FaultSpec(vanish=True),
        kinds=("missing",),
    ),
    Fault(
        "vanished, answer lost",
        ("unconfirmed > not_delivered", "unconfirmed > not_delivered", "applied"),
        FaultSpec(vanish=True, reset=True),
        kinds=("missing",),
    ),
    *doubts(),
    *stored_otherwise(),
    *late(),
    *reads(),
)  # fmt: skip
