"""Members with narrowed rights, and the assistants that they may or may not change."""

from tests.documents.conftest import library
from tests.pages.conftest import live
from tests.services.conftest import published

__all__ = ["library", "live", "published"]
