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


def content_type_of(name: str) -> str | None:
    """Return the type of a file by the end of its name; None for one that no tool reads."""
    return {**SEARCHABLE, **CODE_ONLY}.get(extension_of(name))


def extension_of(name: str) -> str:
    return PurePath(name).suffix[1:].lower()
