"""Checking the history of a workspace against its signed roots, in the order of both.

Three questions: are the roots those that were signed, does each history hold what they sealed, and
is nothing dated before a root that does not have it? What a row says is checked by `ledger.verify`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import utc
from assistants.models import Assistant, Outcome, Revision
from assistants.models.trust.roots import SealedChain, SignedRoot
from assistants.services.approving.clearances import clearances_by_assistant
from assistants.services.ledger.verify import label_in_sentences, missing_rows, verify_each
from assistants.services.trust.histories import ByAssistant, parts_to_verify
from assistants.services.trust.merkle import MerkleTree
from assistants.services.trust.root_files import RootFile
from assistants.services.trust.sealing import (
    FIRST_ROOT_FORMAT,
    digest_after,
    leaf_of,
    statement_digest,
)
from assistants.services.trust.signing import is_signed, public_key

CHECKED_AT_ONCE = 2000
DATED_EARLIER = timedelta(minutes=10)
"""How long a transaction may last, and how much the clocks of servers may differ."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RowInOrder:
    """What is compared of a row: its place among those of its assistant, its digest, its time."""

    place: int
    digest: str
    at: datetime


@dataclass(frozen=True)
class SealOfRows:
    """How many rows of an assistant a root sealed, and the digest at the last of them."""

    root: int
    count: int
    digest: str


@dataclass
class RootTimes:
    """When each root was signed, in their order."""

    all: list[datetime] = field(default_factory=list)
    of_clearances: list[datetime] = field(default_factory=list)
    """The same, but long ago where a root does not cover clearances."""


def check_workspace(workspace: Workspace, against: RootFile | None = None) -> Iterator[str]:
    """Yield a sentence for each difference between the history and what was signed.

    `against` is a root that was kept elsewhere. Memory stays bounded, whatever the number of rows;
    it grows by one time for each root.
    """
    times = RootTimes()
    yield from _check_roots(workspace, times)
    if against:
        yield from _check_against(workspace, against)
    assistants = Assistant.objects.filter(workspace=workspace).order_by("pk")
    for part in parts_to_verify(assistants.iterator()):
        sealed = SealedHistories(part)
        for assistant, faults in verify_each(part):
            yield from faults
            yield from _check_seals(assistant, sealed, times)
    yield from _lost_histories(workspace)


def _check_roots(workspace: Workspace, times: RootTimes) -> Iterator[str]:
    """Check each root; fills `times`."""
    tree, previous, has_differed = MerkleTree(), None, False
    rows = SignedRoot.objects.filter(workspace=workspace).order_by("number")
    for root in rows.iterator(chunk_size=100):
        expected = previous.number + 1 if previous else 1
        if root.number != expected:
            yield f"root {expected}: it is missing"
        elif root.said["previous"] != statement_digest(previous):
            yield f"root {root.number}: it does not follow the one before"
        if problem := _problem_of_root(root):
            yield f"root {root.number}: {problem}"
        seals = SealedChain.objects.filter(root=root).order_by("position")
        for seal in seals.iterator(chunk_size=CHECKED_AT_ONCE):
            tree.add(leaf_of(seal))
        is_same = (tree.count, tree.root()) == (root.said["leaves"], root.said["root"])
        if not is_same and not has_differed:
            yield f"root {root.number}: what it sealed is not what was signed"
            has_differed = True
        times.all.append(root.at)
        has_clearances = root.said["format"] != FIRST_ROOT_FORMAT
        times.of_clearances.append(root.at if has_clearances else LONG_AGO)
        previous = root


def _problem_of_root(root: SignedRoot) -> str:
    said = root.said
    columns = (root.number, utc(root.at, "microseconds"), root.leaves)
    if columns != (said["number"], said["at"], said["leaves"]):
        return "it is not what its statement says"
    key = public_key(said["key"])
    if key is None:
        return f"HISTORY_KEYS does not have the key {said['key'][:16]}, which signed it"
    if not is_signed(root.statement.encode(), root.signature, key):
        return "its signature is wrong"
    return ""


def _check_against(workspace: Workspace, against: RootFile) -> Iterator[str]:
    said = against.said
    number = said["number"]
    key = public_key(said["key"])
    if key is None:
        yield f"the file: HISTORY_KEYS does not have the key {said['key'][:16]}, which signed it"
    elif not is_signed(against.statement.encode(), against.signature, key):
        yield "the file: its signature is wrong"
    roots = SignedRoot.objects.filter(workspace=workspace)
    root = roots.filter(number=number).first()
    if root is None:
        newest = roots.order_by("-number").first()
        ends = f"the newest is root {newest.number}" if newest else "there is none"
        yield f"root {number} of the file: it is missing, and {ends}"
    elif root.statement != against.statement:
        yield f"root {number}: it is not the one in the file, which was signed at {said['at']}"


class SealedHistories:
    """The seals of several assistants, and the digests of their rows, as `Histories` has them."""

    def __init__(self, assistants: Iterable[Assistant]) -> None:
        self._pks = [assistant.pk for assistant in assistants]

    @cached_property
    def seals(self) -> ByAssistant[SealedChain]:
        rows = SealedChain.objects.filter(assistant__in=self._pks).select_related("root")
        found = rows.order_by("assistant_id", "root__number").iterator(chunk_size=CHECKED_AT_ONCE)
        return ByAssistant((seal.assistant_id, seal) for seal in found)

    @cached_property
    def revisions(self) -> ByAssistant[tuple[str, datetime]]:
        rows = Revision.objects.filter(assistant__in=self._pks).order_by("assistant_id", "number")
        return _digests_and_times(rows, "assistant_id")

    @cached_property
    def outcomes(self) -> ByAssistant[tuple[str, datetime]]:
        rows = Outcome.objects.filter(assistant__in=self._pks).order_by("assistant_id", "pk")
        return _digests_and_times(rows, "assistant_id")

    @cached_property
    def clearances(self) -> ByAssistant[tuple[str, datetime]]:
        return _digests_and_times(clearances_by_assistant(self._pks), "revision__assistant_id")


def _digests_and_times(rows: QuerySet[Any], key: str) -> ByAssistant[tuple[str, datetime]]:
    values = rows.values_list(key, "digest", "created_at").iterator(chunk_size=CHECKED_AT_ONCE)
    return ByAssistant((assistant, (digest, at)) for assistant, digest, at in values)


def _check_seals(assistant: Assistant, sealed: SealedHistories, times: RootTimes) -> Iterator[str]:
    """Compare the history of an assistant with its seals, at the place of each."""
    seals = list(sealed.seals.of(assistant))
    label = label_in_sentences(assistant)
    yield from _compare(
        f"{label} revision",
        _rows(sealed.revisions.of(assistant)),
        [SealOfRows(seal.root.number, seal.revisions, seal.newest) for seal in seals],
        times.all,
    )
    yield from _compare(
        f"{label} outcome",
        _in_one(_rows(sealed.outcomes.of(assistant))),
        [SealOfRows(seal.root.number, seal.outcomes, seal.outcomes_digest) for seal in seals],
        times.all,
    )
    yield from _compare(
        f"{label} clearance",
        _in_one(_rows(sealed.clearances.of(assistant))),
        [
            SealOfRows(seal.root.number, seal.clearances, seal.clearances_digest or "")
            for seal in seals
            if seal.clearances is not None
        ],
        times.of_clearances,
    )


def _rows(values: Iterable[tuple[str, datetime]]) -> Iterator[RowInOrder]:
    return (RowInOrder(place, digest, at) for place, (digest, at) in enumerate(values, 1))


def _in_one(rows: Iterable[RowInOrder]) -> Iterator[RowInOrder]:
    """Let each row have the digest over all rows so far."""
    digest = ""
    for row in rows:
        digest = digest_after(digest, row.digest)
        yield RowInOrder(row.place, digest, row.at)


def _compare(
    label: str, rows: Iterable[RowInOrder], seals: list[SealOfRows], times: list[datetime]
) -> Iterator[str]:
    """Compare rows with seals.

    After the first seal that differs, the later ones differ too and are not named.
    """
    left = iter(seals)
    start, sealed, count, has_differed = 1, next(left, None), 0, False
    for row in rows:
        count = row.place
        while sealed and sealed.count < row.place:
            start, sealed = sealed.count + 1, next(left, None)
        earlier = (sealed.root if sealed else len(times) + 1) - 1
        if 0 < earlier <= len(times) and row.at < times[earlier - 1] - DATED_EARLIER:
            yield f"{label} {row.place}: it is dated before root {earlier}, which does not have it"
        if sealed and sealed.count == row.place and sealed.digest != row.digest:
            which = f"{label} {row.place}" if start == row.place else f"{label}s {start} to {count}"
            if not has_differed:
                yield f"{which}: not what root {sealed.root} sealed"
            has_differed = True
    most = max((seal.count for seal in seals), default=0)
    if count < most:
        number = next(seal.root for seal in seals if seal.count == most)
        yield f"{missing_rows(label, count + 1, most)}; root {number} sealed {most}"


def _lost_histories(workspace: Workspace) -> Iterator[str]:
    """Yield histories that were sealed and whose assistant is gone or is elsewhere."""
    rows = SealedChain.objects.filter(root__workspace=workspace).exclude(
        assistant__in=Assistant.objects.filter(workspace=workspace)
    )
    for chain in rows.order_by("chain").values_list("chain", flat=True).distinct():
        yield f"the history that begins with {chain[:16]}: it is missing"
