"""One document of a vector store, and one page of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreDocument:
    """A file in a vector store. What the endpoint does not say is empty or None."""

    id: str
    """The ID of the file."""
    status: str = ""
    """In the endpoint's own word, such as "completed"."""
    size: int | None = None
    """In bytes, as the store uses them."""
    created_at: float | None = None
    """When it was added, in seconds since 1970."""
    error: str = ""
    """Why the store could not read it: one line."""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents, and the cursor of the next page (None at the end)."""

    items: list[StoreDocument]
    next_after: str | None = None
