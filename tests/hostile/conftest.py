"""Short ways to a published assistant, for the tests with a hostile party."""

from tests.services.conftest import published

__all__ = ["published"]
