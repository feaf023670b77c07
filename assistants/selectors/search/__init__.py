"""The search index, read: which assistants hold all the words, and the lines where they do."""

from assistants.selectors.search.excerpts import excerpts
from assistants.selectors.search.spelling import nearest
from assistants.selectors.search.stretches import matching, searching

__all__ = ["excerpts", "matching", "nearest", "searching"]
