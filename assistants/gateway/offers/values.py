"""One entry of such a list, and one page of entries."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

OfferKind = Literal["models", "files", "vector_stores"]
"""Each is also the address of its list."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model, a file or a vector store. What the endpoint does not say is empty or None."""

    id: str
    name: str = ""
    size: int | None = None
    """In bytes."""
    count: int | None = None
    """How many files a vector store has."""
    created_at: float | None = None
    """In seconds since 1970."""
    status: str = ""
    """In the endpoint's own word, such as "processed"."""
    ends_on: date | None = None
    """When a model retires, or when a file or store expires."""
    successor: str = ""
    """The model to use instead."""
    refuses: tuple[str, ...] = ()
    """Names of fields of a definition that a model does not take, as far as its entry says."""


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Some entries, and the cursor of the next page (None at the end)."""

    items: list[Offer]
    next_after: str | None = None
    is_cut: bool = False
    """More follows, but it cannot be read, or is too much."""
