"""Somebody who leaves, for the pages and services that end what they had."""

import pytest

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def leaver(cast: Cast) -> Member:
    """A second admin, called Lea."""
    user = factories.make_user("lea@example.com", name="Lea", password="seven green bottles")
    return factories.make_member(cast.workspace, Role.ADMIN, user=user)
