"""A loopback server that speaks the Assistants API and misbehaves on command."""

from tests.upstream.faults import FaultSpec, Rewrite, clamped, completed, merged, refused, trimmed
from tests.upstream.server import start
from tests.upstream.state import Upstream

__all__ = [
    "FaultSpec",
    "Rewrite",
    "Upstream",
    "clamped",
    "completed",
    "merged",
    "refused",
    "start",
    "trimmed",
]
