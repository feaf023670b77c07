"""Changes of one assistant that passed the approval policy: approved by two, and overridden."""

from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from assistants.services.publishing.publish import publish
from tests.change_requests.conftest import submitted
from tests.conftest import Cast
from tests.services.conftest import fresh

REASON = "The shop is down, sk-leaked-7f3a9b2c41"
"""Why the last change was published without approvals."""


def publish_approved(cast: Cast, assistant: Assistant, number: float = 0.9) -> Assistant:
    """Publish a change that Ada and Pia have approved, under a policy that asks for two."""
    set_policy(actor=cast.admin, policy=Policy((Rule(2, role="publisher"),)))
    request = submitted(cast.editor, assistant, temperature=number)
    for member in (cast.admin, cast.publisher):
        request = decide(member=member, request=request, move=Move.APPROVE, seen=1)
    assert publish_request(member=cast.publisher, request=request, seen=1).status == "applied"
    return fresh(assistant)


def publish_overridden(cast: Cast, assistant: Assistant, number: float = 0.5) -> Assistant:
    """Publish a change of an admin for a reason, without the approvals."""
    live = fresh(assistant).live
    assert live
    wanted = live.definition.replace(temperature=number)
    publish(
        author=cast.admin, assistant=fresh(assistant), wanted=wanted, base=live, override=REASON
    )
    return fresh(assistant)
