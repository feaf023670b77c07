"""A file as the body of a request: `multipart/form-data` of a known length, read piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from uuid import uuid4

PIECE = 64 * 1024
"""Bytes of the file that are in memory at once."""
_ESCAPED = {ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"}


@dataclass(frozen=True)
class Upload:
    """A file for the tools of assistants. `size` is its length in bytes, from its start."""

    file: IO[bytes]
    name: str
    size: int
    content_type: str = "application/octet-stream"

    def encode(self) -> tuple[dict[str, str], Iterator[bytes]]:
        """Return the headers of the body and its pieces. The length is sent, since some gateways
        refuse a body without one."""
        boundary = uuid4().hex
        name = self.name.translate(_ESCAPED)
        head = (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {self.content_type}\r\n\r\n"
        ).encode("utf-8", "replace")
        tail = f"\r\n--{boundary}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + self.size + len(tail)),
        }
        return headers, self._pieces(head, tail)

    def _pieces(self, head: bytes, tail: bytes) -> Iterator[bytes]:
        yield head
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece
        yield tail
