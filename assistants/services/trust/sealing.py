"""Signing the history of a workspace: one statement about how far each of its histories goes.

The tree of a root has a leaf for each history that had grown since the root before, so that a root
costs what is new. Only finding out which have grown looks at every assistant, along indexes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import utc
from assistants.models import Assistant, Outcome, Revision
from assistants.models.trust.roots import SealedChain, SignedRoot
from assistants.services.approving.clearances import clearances_in_order
from assistants.services.trust.merkle import MerkleTree, leaf_hash
from assistants.services.trust.signing import newest_key, sign

ROOT_FORMAT = "assistants-admin history root 2"
"""Which kind of statement this is; another number means other leaves or another tree."""
FIRST_ROOT_FORMAT = "assistants-admin history root 1"
"""Its leaves do not cover clearances. Such roots stay, and servers of earlier code add them."""
ASSISTANTS_AT_ONCE = 500

Head = tuple[int, int, str]
"""Primary key of an assistant, the number of its newest revision, and the digest of that."""


@dataclass
class Growth:
    """The leaves that a new root adds, and how many rows of the history are new in them."""

    leaves: list[SealedChain] = field(default_factory=list)
    revisions: int = 0
    outcomes: int = 0


def sign_history(workspace: Workspace) -> SignedRoot | None:
    """Add a signed root over the history of `workspace`; None if nothing is new since the last.

    Reads outside a transaction, then inserts in a short one. If another process was quicker, its
    root counts. The memory it takes grows with the histories that have grown, 1 KB for each.
    """
    at = timezone.now()
    last = newest_root(workspace)
    growth = _growth_since_roots(workspace)
    if not growth.leaves:
        return None
    root = _signed(workspace, last, growth, at)
    try:
        with transaction.atomic():
            root.save(force_insert=True)
            SealedChain.objects.bulk_create(growth.leaves, batch_size=ASSISTANTS_AT_ONCE)
    except IntegrityError:
        return newest_root(workspace)
    return root


def newest_root(workspace: Workspace) -> SignedRoot | None:
    return SignedRoot.objects.filter(workspace=workspace).order_by("-number").first()


def leaf_of(seal: SealedChain) -> bytes:
    """Return the hash of a leaf."""
    return leaf_hash(seal.leaf)


def digest_after(digest: str, row_digest: str) -> str:
    """Return the digest over rows of an assistant with one more, in their order."""
    return sha256(f"{digest}{row_digest}".encode()).hexdigest()


def statement_digest(root: SignedRoot | None) -> str:
    """Return what the next statement says about the one before it."""
    return sha256(root.statement.encode()).hexdigest() if root else ""


def _signed(
    workspace: Workspace, last: SignedRoot | None, growth: Growth, at: datetime
) -> SignedRoot:
    tree = MerkleTree(last.leaves, last.peaks) if last else MerkleTree()
    root = SignedRoot(workspace=workspace, number=last.number + 1 if last else 1, at=at)
    for seal in growth.leaves:
        seal.root, seal.position = root, tree.count
        tree.add(leaf_of(seal))
    root.leaves, root.peaks = tree.count, tree.peaks
    root.statement = json.dumps(
        {
            "format": ROOT_FORMAT,
            "workspace": workspace.slug,
            "number": root.number,
            "at": utc(at, "microseconds"),
            "revisions": growth.revisions + (last.said["revisions"] if last else 0),
            "outcomes": growth.outcomes + (last.said["outcomes"] if last else 0),
            "leaves": root.leaves,
            "root": tree.root(),
            "previous": statement_digest(last),
            "key": newest_key(),
        }
    )
    root.signature = sign(root.statement.encode())
    return root


def _growth_since_roots(workspace: Workspace) -> Growth:
    growth = Growth()
    rows = Assistant.objects.filter(workspace=workspace, last_number__gt=0).order_by("pk")
    heads = rows.values_list("pk", "last_number", "last_digest")
    for some in _parts(heads.iterator(chunk_size=ASSISTANTS_AT_ONCE)):
        _add_growth(growth, some)
    return growth


def _parts(heads: Iterable[Head]) -> Iterator[list[Head]]:
    part: list[Head] = []
    for head in heads:
        part.append(head)
        if len(part) == ASSISTANTS_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _add_growth(growth: Growth, heads: Sequence[Head]) -> None:
    """Add the leaves of those assistants that have grown."""
    pks = [pk for pk, _number, _digest in heads]
    sealed = newest_seals(pks)
    last_outcomes = dict(
        Outcome.objects.filter(assistant__in=pks)
        .values_list("assistant")
        .annotate(Max("pk"))
        .order_by()
    )
    grown = [
        (head, seal)
        for head in heads
        if (seal := sealed.get(head[0], SealedChain(revisions=0, outcomes=0))).revisions < head[1]
        or seal.last_outcome < last_outcomes.get(head[0], 0)
        or seal.clearances is None  # sealed by a root of the first format
    ]
    new = [head[0] for head, seal in grown if not seal.chain]
    firsts = dict(
        Revision.objects.filter(assistant__in=new, number=1).values_list("assistant", "digest")
    )
    for (pk, number, digest), seal in grown:
        leaf = SealedChain(
            assistant_id=pk,
            chain=seal.chain or firsts.get(pk, ""),
            revisions=number,
            newest=digest,
            outcomes=seal.outcomes,
            outcomes_digest=seal.outcomes_digest,
            last_outcome=seal.last_outcome,
            clearances=seal.clearances or 0,
            clearances_digest=seal.clearances_digest or "",
            last_clearance=seal.last_clearance or 0,
        )
        _add_outcomes(leaf)
        _add_clearances(leaf)
        growth.leaves.append(leaf)
        growth.revisions += leaf.revisions - seal.revisions
        growth.outcomes += leaf.outcomes - seal.outcomes


def newest_seals(pks: Iterable[int]) -> dict[int, SealedChain]:
    """Return the newest seal of each of these assistants that has one. One query."""
    newest = (
        SealedChain.objects.filter(assistant__in=list(pks))
        .values("assistant")
        .annotate(newest=Max("pk"))
        .order_by()
        .values("newest")
    )
    return {seal.assistant_id: seal for seal in SealedChain.objects.filter(pk__in=newest)}


def _add_outcomes(leaf: SealedChain) -> None:
    """Let a leaf cover the outcomes that its assistant has got since.

    They are inserted with the assistant's row locked, so that their IDs are in their order.
    """
    rows = Outcome.objects.filter(assistant=leaf.assistant_id, pk__gt=leaf.last_outcome)
    for pk, digest in rows.order_by("pk").values_list("pk", "digest").iterator():
        leaf.outcomes += 1
        leaf.outcomes_digest = digest_after(leaf.outcomes_digest, digest)
        leaf.last_outcome = pk


def _add_clearances(leaf: SealedChain) -> None:
    """Let a leaf cover the clearances that its assistant has got since.

    Each is inserted with a revision or an outcome. So who has got one has grown.
    """
    rows = clearances_in_order(leaf.assistant_id).filter(pk__gt=leaf.last_clearance)
    count, digest = leaf.clearances or 0, leaf.clearances_digest or ""
    for pk, added in rows.values_list("pk", "digest").iterator():
        count, digest, leaf.last_clearance = count + 1, digest_after(digest, added), pk
    leaf.clearances, leaf.clearances_digest = count, digest
