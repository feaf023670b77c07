"""A signed root as a file, to be kept elsewhere and compared with the history later."""

import json
from dataclasses import dataclass
from typing import Any

from assistants.models.trust.roots import SignedRoot
from assistants.services.trust.sealing import FIRST_ROOT_FORMAT, ROOT_FORMAT
from assistants.services.trust.signing import public_pem


class NoRootFile(Exception):
    """A file is no signed root: a sentence for the person who gave it."""


@dataclass(frozen=True)
class RootFile:
    """What a file says. `statement` is the text that was signed."""

    statement: str
    signature: str

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.statement)
        return said


def write_root(root: SignedRoot) -> str:
    """Return the content of a root's file."""
    return json.dumps(root_values(root), indent=2) + "\n"


def root_values(root: SignedRoot) -> dict[str, str]:
    """Return what a file says of a root: what was signed, the signature, and its key."""
    return {
        "statement": root.statement,
        "signature": root.signature,
        "public_key": public_pem(root.said["key"]),
    }


def read_root(content: str) -> RootFile:
    """Read what `write_root` wrote. Raises `NoRootFile`."""
    try:
        values = json.loads(content)
        found = RootFile(values["statement"], values["signature"])
        if found.said["format"] in (ROOT_FORMAT, FIRST_ROOT_FORMAT):
            int(found.said["number"])
            return found
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoRootFile("The file is not a signed root.") from error
    raise NoRootFile("The file is a signed root of another release.")
