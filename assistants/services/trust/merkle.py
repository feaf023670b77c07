"""A Merkle tree that only grows, hashed as in RFC 6962. It keeps one hash for each full subtree."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any


def leaf_hash(values: Mapping[str, Any]) -> bytes:
    """Return the hash of a leaf: of its values as JSON with sorted keys."""
    encoded = json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
    return sha256(b"\x00" + encoded).digest()


class MerkleTree:
    """The tree after `count` leaves; `peaks` are the roots of its full subtrees, largest first."""

    def __init__(self, count: int = 0, peaks: Iterable[str] = ()) -> None:
        self.count = count
        self._peaks = [bytes.fromhex(peak) for peak in peaks]

    @property
    def peaks(self) -> list[str]:
        return [peak.hex() for peak in self._peaks]

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf; joins each two subtrees that are equally large."""
        self._peaks.append(leaf)
        self.count += 1
        size = self.count
        while size % 2 == 0:
            right, left = self._peaks.pop(), self._peaks.pop()
            self._peaks.append(_joined_hash(left, right))
            size //= 2

    def root(self) -> str:
        """Return the root; that of an empty tree is the hash of nothing."""
        if not self._peaks:
            return sha256().hexdigest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = _joined_hash(peak, root)
        return root.hex()


def _joined_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
