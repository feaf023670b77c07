"""The kinds of files that the tools of assistants read."""

from pathlib import PurePath

_OFFICE = "application/vnd.openxmlformats-officedocument"
SEARCHABLE = {
    "c": "text/x-c",
    "cpp": "text/x-c++",
    "cs": "text/x-csharp",
    "css": "text/css",
    "doc": "application/msword",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "go": "text/x-golang",
    "html": "text/html",
    "java": "text/x-java",
    "js": "text/javascript",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "php": "text/x-php",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "py": "text/x-python",
    "rb": "text/x-ruby",
    "sh": "application/x-sh",
    "tex": "text/x-tex",
    "ts": "application/typescript",
    "txt": "text/plain",
}
"""What file search reads, by the end of the name."""
CODE_ONLY = {
    "csv": "text/csv",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tar": "application/x-tar",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "xml": "text/xml",
    "zip": "application/zip",
}
"""What only the code interpreter reads."""

_ARCHIVE = (0, b"PK\x03\x04")
SIGNATURES: dict[str, tuple[tuple[int, bytes], ...]] = {
    "doc": ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),),
    "docx": (_ARCHIVE,),
    "gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    "jpeg": ((0, b"\xff\xd8\xff"),),
    "jpg": ((0, b"\xff\xd8\xff"),),
    "pdf": ((0, b"%PDF-"),),  # or a little later, below
    "png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "pptx": (_ARCHIVE,),
    "tar": ((257, b"ustar"),),
    "xlsx": (_ARCHIVE,),
    "zip": (_ARCHIVE, (0, b"PK\x05\x06")),
}
"""Where a file of each kind has which bytes. The other kinds are text."""
BEGINNING = 4096
"""Bytes of a file that show its kind."""
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")
"""How text in UTF-16 begins, which is full of zeros."""


def content_type_of(name: str) -> str | None:
    """Return the type of a file by the end of its name; None for one that no tool reads."""
    return {**SEARCHABLE, **CODE_ONLY}.get(extension_of(name))


def extension_of(name: str) -> str:
    return PurePath(name).suffix[1:].lower()


def is_what_it_says(name: str, beginning: bytes) -> bool:
    """Return whether the first `BEGINNING` bytes of a file fit the end of its name."""
    kind = extension_of(name)
    expected = SIGNATURES.get(kind)
    if kind == "pdf":  # readers allow something before it
        return b"%PDF-" in beginning[:1024]
    if expected:
        return any(beginning[at:].startswith(mark) for at, mark in expected)
    if beginning.startswith(_WIDE_TEXT):
        return True
    marks = (found for marked in SIGNATURES.values() for found in marked)
    return b"\0" not in beginning and not any(beginning[at:].startswith(m) for at, m in marks)
