"""Who a SAML provider signs in, and what they get."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.audit.models import AuditEvent, EventKind
from tests.conftest import Cast
from tests.identity.saml import SamlProcess, sign_in_by
from tests.identity.test_people import is_in

pytestmark = pytest.mark.django_db


def test_a_new_person_gets_the_workspace_of_the_mapping(cast: Cast, saml: SamlProcess) -> None:
    client = Client()
    answer = sign_in_by(client, saml, claims={"groups": ["staff", "other"]})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    user = User.objects.get(email="zoe@example.org")
    assert (user.name, user.has_usable_password(), has_proven_address(user)) == ("Zoë", False, True)
    assert user.memberships.get().role == Role.EDITOR
    known = SocialAccount.objects.get()
    assert (known.provider, known.uid, known.extra_data) == ("okta", "person-1", {})
    event = AuditEvent.objects.get(kind=EventKind.SIGN_IN)
    assert event.details == {"by": "socialaccount", "provider": "okta"}
