"""What an export of the history holds: the lines, the newest root, and how to check both."""

import base64
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from admin_ui.accounts.models import Member
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.models import SignedRoot
from assistants.services.trust import verifier
from assistants.services.trust.archive import ZipEntry, zipped
from assistants.services.trust.export import history_lines
from assistants.services.trust.sealing import newest_root, sign_history
from assistants.services.trust.signing import public_pem

READ_ME = """\
This is the whole history of a workspace of Assistants Admin.

history.jsonl  each change with its full content, who made it, when, how it passed the approval
               policy, and how it ended
verify.py      checks the history on any machine with Python 3.10 or newer: python3 -I verify.py
root.json      the newest signed statement about the history, exactly as it was signed
root.sig       its Ed25519 signature; verify.py prints the openssl command that checks it
key.pem        the public key. Compare its SHA-256 with what the dashboard shows.
"""


def export_history(*, author: Member) -> Iterator[bytes]:
    """Return the history of the author's workspace as a zip, in parts. Signs it before.

    Adds an event that says who exports it.
    """
    root = _signed_for_export(author, "whole history")
    readme = ("README.txt", READ_ME.encode())
    return zipped(f"history-{author.workspace.slug}", [readme, *_whole(author, root)])


def evidence_pack(
    *,
    author: Member,
    about: str,
    whole: bool,
    pages: Callable[[SignedRoot | None], Iterable[ZipEntry]],
) -> Iterator[bytes]:
    """Return what was recorded in a period as a zip, in parts. Signs the history before.

    `about` names the period, `pages` gives its files. With `whole`, the whole history comes along,
    in a folder of its own, so that the pack can be verified.
    """
    root = _signed_for_export(author, f"evidence {about}")
    history = _whole(author, root) if whole else ()
    proof = ((f"history/{name}", content) for name, content in history)
    return zipped(f"evidence-{author.workspace.slug}", chain(pages(root), proof))


def _signed_for_export(author: Member, about: str) -> SignedRoot | None:
    workspace = author.workspace
    root = sign_history(workspace) or newest_root(workspace)
    details = {"format": "zip", "root": root.number if root else None}
    record(EventKind.EXPORT, workspace=workspace, actor=author.user, about=about, details=details)
    return root


def _whole(author: Member, root: SignedRoot | None) -> list[ZipEntry]:
    """Return the history of the author's workspace, and what checks it."""
    lines = history_lines(author.workspace, by=str(author.user), root=root)
    return [*_proof_files(root), ("history.jsonl", lines)]


def _proof_files(root: SignedRoot | None) -> list[ZipEntry]:
    """Return the verifier, and a root with its signature and key."""
    source = Path(verifier.__file__).read_bytes()
    if root is None:
        return [("verify.py", source)]
    return [
        ("verify.py", source),
        ("root.json", root.statement.encode()),
        ("root.sig", base64.b64decode(root.signature)),
        ("key.pem", public_pem(root.said["key"]).encode()),
    ]
