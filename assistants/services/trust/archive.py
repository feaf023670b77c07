"""A zip that is sent while it is written: only what is under way is in memory."""

from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

SENT_ON_AT = 64 * 1024
"""Bytes that are gathered before they are sent on."""
ZipEntry = tuple[str, Iterable[str] | bytes]
"""A file in a zip: its name, and its content or the parts of its text."""


class _Gathered(RawIOBase):
    """What a zip is written into. It cannot seek, so the zip writes sizes behind each file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        taken, self._parts, self.size = b"".join(self._parts), [], 0
        return taken


def zipped(folder: str, members: Iterable[ZipEntry]) -> Iterator[bytes]:
    """Yield the bytes of a zip of these files, in a folder of this name."""
    out = _Gathered()
    now = timezone.now().timetuple()[:6]
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = ZipInfo(f"{folder}/{name}", now)
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                for part in [content] if isinstance(content, bytes) else content:
                    file.write(part if isinstance(part, bytes) else part.encode())
                    if out.size >= SENT_ON_AT:
                        yield out.take()
            yield out.take()
    yield out.take()
